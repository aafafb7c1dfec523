/// An ad-hoc command for admins: for a while the stanzas of one JID, or about one node, are shown
/// to the asker, each forwarded (XEP-0297) in a message with its time (XEP-0203). docs/insight.md.

#include <crier/errors.hpp>

#include "ext/rooms.hpp"
#include "pubsub/command_form.hpp"

#include <fmt/format.h>

#include <array>

namespace crier {

namespace {

enum class Traced { jid, node };

}  // namespace

template <>
struct Choices<Traced> {
  static constexpr std::array<Choice, 2> list{
      {{"jid", "A JID, bare for all its resources"}, {"node", "A node"}}};
};

namespace {

constexpr std::string_view command_node = "urn:crier:command:trace";

struct TraceForm {
  Traced kind = Traced::jid;
  std::string address;
  Bounded<0, 3600> seconds{60};
};

constexpr FormHead head{command_node, "Trace stanzas",
                        "Shows to you, as messages, every stanza of a JID or about a node. They "
                        "may be private: trace no more than you need."};
constexpr std::array fields{
    Field<TraceForm>::of<&TraceForm::kind>("kind", "What to trace"),
    Field<TraceForm>::of<&TraceForm::address>("address", "Its address or name"),
    Field<TraceForm>::of<&TraceForm::seconds>("seconds",
                                              "For so many seconds; 0 ends what you trace"),
};

/// Refuses with bad-payload what is no JID, or no name of a node.
Result<Tap> tap_of(const TraceForm& wanted, const Jid& asker) {
  Tap tap{.asker = asker.text(), .address = {}, .is_node = wanted.kind == Traced::node};
  if (tap.is_node) {
    auto name = prepare_resource(wanted.address);
    if (!name) return errors::bad_payload.because("The address is not the name of a node.");
    tap.address = std::move(*name);
  } else {
    const auto jid = Jid::parse(wanted.address);
    if (!jid) return errors::bad_payload.because("The address is not a JID.");
    tap.address = jid->text();
  }
  return tap;
}

/// Refuses with bad-payload, and with resource-constraint when too many trace.
Result<CommandStage> trace(const Request& request, const DataForm* form, Turn& turn) {
  const std::span<const Field<TraceForm>> table(fields);
  if (!form) return ask_for(head, table, TraceForm());
  const auto wanted = TRY(read_form(head, table, *form));
  if (wanted.seconds.value == 0) {
    turn.orders().untapped.push_back(request.from.text());
    return done("Nothing is traced for you now.");
  }
  auto tap = TRY(tap_of(wanted, request.from));
  tap.until = turn.now() + std::chrono::seconds(wanted.seconds.value);
  auto told = fmt::format("The stanzas of {} are shown to you for {} s.", tap.address,
                          wanted.seconds.value);
  AuditEntry entry{
      .by = tap.asker, .action = "trace", .new_value = fmt::format("{} s", wanted.seconds.value)};
  (tap.is_node ? entry.node : entry.subject) = tap.address;
  if (!turn.taps().has_room(tap))
    return errors::resource_constraint.because("Too many traces are under way.");
  turn.audit(std::move(entry));
  // Once it is in the audit log, and on disk.
  turn.orders().taps.push_back(std::move(tap));
  return done(told);
}

}  // namespace

void install_trace(Service& service) {
  service.add_command({command_node, head.title, trace, CommandLevel::admins});
}

}  // namespace crier
