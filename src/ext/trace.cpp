/// An ad-hoc command for admins: for a while the stanzas of one JID, or about one node, are shown
/// to the asker, each forwarded (XEP-0297) in a message with its time (XEP-0203). docs/insight.md.

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "ext/rooms.hpp"

#include <fmt/format.h>

#include <charconv>

namespace crier {

namespace {

constexpr std::string_view command_node = "urn:crier:command:trace";
constexpr int longest_seconds = 3600;

void write_choice(XmlWriter& out, std::string_view label, std::string_view value) {
  auto option = out.open("option");
  option.attr("label", label);
  out.leaf("value", value);
}

/// XEP-0004 §3, XEP-0122 §3.
std::string question() {
  return written([](XmlWriter& out) {
    auto x = out.open("x", ns::data_forms);
    x.attr("type", "form");
    out.leaf("title", "Trace stanzas");
    out.leaf("instructions",
             "Shows to you, as messages, every stanza of a JID or about a node. They may be "
             "private: trace no more than you need.");
    {
      auto field = out.open("field");
      field.attr("var", "kind").attr("type", "list-single").attr("label", "What to trace");
      out.leaf("value", "jid");
      write_choice(out, "A JID, bare for all its resources", "jid");
      write_choice(out, "A node", "node");
    }
    {
      auto field = out.open("field");
      field.attr("var", "address").attr("type", "text-single").attr("label", "Its address or name");
      out.open("required");
    }
    auto field = out.open("field");
    field.attr("var", "seconds").attr("type", "text-single");
    field.attr("label", "For so many seconds; 0 ends what you trace");
    {
      auto validate = out.open("validate", ns::data_forms_validation);
      validate.attr("datatype", "xs:integer");
      out.open("range").attr("min", "0").attr("max", std::to_string(longest_seconds));
    }
    out.leaf("value", "60");
  });
}

std::string note(std::string_view text) {
  return written([&](XmlWriter& out) { out.open("note").attr("type", "info").text(text); });
}

std::string_view value_of(const DataForm& form, std::string_view var, std::string_view fallback) {
  const auto* field = form.field(var);
  return field && field->values.size() == 1 ? std::string_view(field->values.front()) : fallback;
}

/// Refuses with bad-payload what is no number of seconds.
Result<int> seconds_of(const DataForm& form) {
  const auto text = value_of(form, "seconds", "60");
  int seconds = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size() || seconds < 0 ||
      seconds > longest_seconds)
    return errors::bad_payload.because(
        fmt::format("seconds is a number from 0 to {}.", longest_seconds));
  return seconds;
}

/// Refuses with bad-payload what is no JID, or no name of a node.
Result<Tap> tap_of(const DataForm& form, const Jid& asker) {
  const auto kind = value_of(form, "kind", "jid");
  if (kind != "jid" && kind != "node") return errors::bad_payload.because("kind is jid or node.");
  const auto address = value_of(form, "address", "");
  Tap tap{.asker = asker.text(), .address = {}, .is_node = kind == "node"};
  if (tap.is_node) {
    auto name = prepare_resource(address);
    if (!name) return errors::bad_payload.because("The address is not the name of a node.");
    tap.address = std::move(*name);
  } else {
    const auto jid = Jid::parse(address);
    if (!jid) return errors::bad_payload.because("The address is not a JID.");
    tap.address = jid->text();
  }
  return tap;
}

/// Refuses with bad-payload, and with resource-constraint when too many trace.
Result<CommandStage> trace(const Request& request, const DataForm* form, Turn& turn) {
  if (!form) return CommandStage{CommandStage::Status::executing, question()};
  const auto seconds = TRY(seconds_of(*form));
  if (seconds == 0) {
    turn.orders().untapped.push_back(request.from.text());
    return CommandStage{CommandStage::Status::completed, note("Nothing is traced for you now.")};
  }
  auto tap = TRY(tap_of(*form, request.from));
  tap.until = turn.now() + std::chrono::seconds(seconds);
  const auto told =
      fmt::format("The stanzas of {} are shown to you for {} s.", tap.address, seconds);
  AuditEntry entry{.by = tap.asker, .action = "trace", .new_value = fmt::format("{} s", seconds)};
  (tap.is_node ? entry.node : entry.subject) = tap.address;
  if (!turn.taps().has_room(tap))
    return errors::resource_constraint.because("Too many traces are under way.");
  turn.audit(std::move(entry));
  // Once it is in the audit log, and on disk.
  turn.orders().taps.push_back(std::move(tap));
  return CommandStage{CommandStage::Status::completed, note(told)};
}

}  // namespace

void install_trace(Service& service) {
  service.add_command({command_node, "Trace stanzas", trace, CommandLevel::admins});
}

}  // namespace crier
