/// An entity's own subscriptions, for clients that know ad-hoc commands but no XEP-0060: a command
/// for everybody. XEP-0050, XEP-0004 §3.4.

#include <algorithm>
#include <array>

#include "base/result_set.hpp"
#include "ext/rooms.hpp"
#include "pubsub/command_form.hpp"
#include "pubsub/names.hpp"

namespace crier {

namespace {

/// A SubID; nothing: from the beginning of the list.
struct After {
  std::optional<SubscriptionId> id;
};

/// Which part of the list is asked for, as XEP-0059 would say it.
struct PageForm {
  Bounded<1, 500> max{500};
  After after;
};

constexpr FormHead head{"urn:crier:command:my-subscriptions", "My subscriptions",
                        "There are more than one answer holds: which of them?"};

constexpr std::array<Column, 4> columns{{{"node", "Node"},
                                         {"subscription", "State"},
                                         {"jid", "Subscriber", "jid-single"},
                                         {"subid", "SubID"}}};

}  // namespace

template <>
struct FieldValue<After> : PlainValue {
  static Values write(const After& after) {
    return after.id ? Values{subid_of(*after.id)} : Values{};
  }
  static bool read(const Values& values, After& after) {
    if (values.size() > 1) return false;
    if (values.empty() || values.front().empty()) return true;
    after.id = subscription_of(values.front());
    return after.id.has_value();
  }
};

namespace {

constexpr std::array fields{
    Field<PageForm>::of<&PageForm::max>("max", "How many to list"),
    Field<PageForm>::of<&PageForm::after>("after", "Those behind the one of this SubID"),
};

CommandStage list(const std::vector<SubscriptionSummary>& own, const PageForm& page,
                  const Policy& policy) {
  const auto most = std::min(static_cast<std::size_t>(page.max.value), policy.page_items);
  const Range<SubscriptionId> range{page.after.id, false, most};
  const auto part = part_of(own, range, &SubscriptionSummary::id);
  Report report;
  for (const auto& each : part)
    if (!report.add({each.node, std::string(name_of(each.state)), each.jid, subid_of(each.id)},
                    policy))
      break;
  report.more.push_back({"count", "Of all", std::to_string(own.size())});
  if (!report.rows.empty() && report.rows.back().back() != subid_of(own.back().id))
    report.more.push_back({"last", "More are behind the SubID", report.rows.back().back()});
  return done(head, columns, report, "You have no subscriptions.");
}

Result<CommandStage> execute(const Request& request, const DataForm* form, Turn& turn) {
  const std::span<const Field<PageForm>> table(fields);
  const Policy& policy = turn.policy();
  PageForm page;
  if (form) page = TRY(read_form(head, table, *form));
  const auto own = turn.store().subscriptions_of(policy.domain, request.from.bare());
  if (!form && own.size() > policy.page_items) return ask_for(head, table, page);
  return list(own, page, policy);
}

}  // namespace

void install_my_subscriptions(Service& service) {
  service.add_command({head.form_type, head.title, execute});
}

}  // namespace crier
