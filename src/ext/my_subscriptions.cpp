/// An entity's own subscriptions, for clients that know ad-hoc commands but no XEP-0060: a command
/// for everybody. XEP-0050, XEP-0004 §3.4.

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include <algorithm>
#include <charconv>

#include "base/result_set.hpp"
#include "ext/rooms.hpp"
#include "pubsub/names.hpp"

namespace crier {

namespace {

constexpr std::string_view command_name = "urn:crier:command:my-subscriptions";
constexpr std::string_view title = "My subscriptions";

/// Which part of the list is asked for, as XEP-0059 would say it.
struct Page {
  std::size_t max;
  /// A SubID; nothing: from the beginning.
  std::optional<SubscriptionId> after = {};
};

constexpr struct {
  std::string_view var;
  std::string_view label;
  std::string_view type;
} columns[] = {{"node", "Node", "text-single"},
               {"subscription", "State", "text-single"},
               {"jid", "Subscriber", "jid-single"},
               {"subid", "SubID", "text-single"}};

void write_field(XmlWriter& out, std::string_view var, std::string_view type,
                 std::string_view label, std::string_view value) {
  auto field = out.open("field");
  field.attr("var", var).attr("type", type);
  if (!label.empty()) field.attr("label", label);
  if (!value.empty()) out.leaf("value", value);
}

void write_head(XmlWriter& out) {
  out.leaf("title", title);
  write_field(out, "FORM_TYPE", "hidden", "", command_name);
}

/// Asks for a page, when there is more than one.
std::string question(std::size_t count, std::size_t most) {
  return written([&](XmlWriter& out) {
    auto x = out.open("x", ns::data_forms);
    x.attr("type", "form");
    write_head(out);
    out.leaf("instructions", "You have " + std::to_string(count) + " subscriptions.");
    write_field(out, "max", "text-single", "How many to list", std::to_string(most));
    write_field(out, "after", "text-single", "Those behind the one of this SubID", "");
  });
}

void write_item(XmlWriter& out, const SubscriptionSummary& own) {
  auto item = out.open("item");
  const std::string values[] = {own.node, std::string(name_of(own.state)), own.jid,
                                subid_of(own.id)};
  for (std::size_t i = 0; i < std::size(columns); ++i) {
    auto field = out.open("field");
    field.attr("var", columns[i].var);
    out.leaf("value", values[i]);
  }
}

std::string answer(std::vector<SubscriptionSummary> own, const Page& page) {
  const Range<SubscriptionId> range{page.after, false, page.max};
  const auto part = part_of(own, range, &SubscriptionSummary::id);
  return written([&](XmlWriter& out) {
    auto x = out.open("x", ns::data_forms);
    x.attr("type", "result");
    write_head(out);
    write_field(out, "count", "text-single", "Of all", std::to_string(own.size()));
    if (!part.empty() && part.back().id != own.back().id)
      write_field(out, "last", "text-single", "More are behind the SubID",
                  subid_of(part.back().id));
    {
      auto reported = out.open("reported");
      for (const auto& column : columns)
        write_field(out, column.var, column.type, column.label, "");
    }
    for (const auto& each : part) write_item(out, each);
  });
}

/// Refuses with bad-payload what is no page.
Result<Page> read_page(const DataForm& form, std::size_t most) {
  if (!form.form_type().empty() && form.form_type() != command_name)
    return errors::bad_payload.because("The form has a FORM_TYPE that does not belong here.");
  Page page{most};
  if (const auto* max = form.field("max"); max && !max->values.empty()) {
    const auto& text = max->values.front();
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, page.max);
    if (parsed.ec != std::errc() || parsed.ptr != end || page.max == 0)
      return errors::bad_payload.because("The field max is a number above 0.");
    page.max = std::min(page.max, most);
  }
  const auto* after = form.field("after");
  if (!after || after->values.empty() || after->values.front().empty()) return page;
  page.after = subscription_of(after->values.front());
  if (!page.after) return errors::bad_payload.because("The field after holds no SubID.");
  return page;
}

Result<CommandStage> execute(const Request& request, const DataForm* form, Turn& turn) {
  const auto most = turn.policy().page_items;
  const auto page = form ? TRY(read_page(*form, most)) : Page{most};
  auto own = turn.store().subscriptions_of(turn.policy().domain, request.from.bare());
  if (!form && own.size() > most)
    return CommandStage{CommandStage::Status::executing, question(own.size(), most)};
  return CommandStage{CommandStage::Status::completed, answer(std::move(own), page)};
}

}  // namespace

void install_my_subscriptions(Service& service) {
  service.add_command({command_name, title, execute});
}

}  // namespace crier
