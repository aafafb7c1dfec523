/// Ad-hoc commands: the protocol around what other rooms register. XEP-0050.
///
/// A stage needs nothing but the form that it is given, so there is no session to keep: the session
/// id is made up once and reflected, and whoever comes back after a restart goes on. What earlier
/// stages were told stands in hidden fields of the form.

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "ext/rooms.hpp"
#include "pubsub/permission.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace crier {

namespace {

/// Where the asker can go from a stage. §3.4: `execute` is the same as the action named there.
void write_actions(XmlWriter& out, const CommandStage& stage) {
  auto actions = out.open("actions");
  actions.attr("execute", stage.has_next ? "next" : "complete");
  if (stage.has_previous) out.open("prev");
  out.open(stage.has_next ? "next" : "complete");
}

std::string command_reply(const Request& request, std::string_view session, std::string_view status,
                          const CommandStage& stage) {
  return written([&](XmlWriter& out) {
    auto command = out.open("command", ns::commands);
    command.attr("node", request.node).attr("sessionid", session).attr("status", status);
    if (status == "executing") write_actions(out, stage);
    if (!stage.content.empty()) out.raw(stage.content);
  });
}

/// The form that the request submits or withdraws; nothing when it has none.
/// Refuses with bad-payload any other form.
Result<std::optional<DataForm>> submitted(const Element& command) {
  const Element* x = command.child("x", ns::data_forms);
  if (!x) return std::optional<DataForm>();
  auto form = DataForm::parse(*x);
  if (!form) return errors::bad_payload.because(form.error().text);
  if (form.value().type() != "submit" && form.value().type() != "cancel")
    return errors::bad_payload.because("The form is not of the type submit.");
  return std::optional(form.take());
}

/// What can be done at any stage. With one stage there is one form at most, and it completes the
/// command. §3.4
Result<void> check_action(const Command& command, std::string_view action) {
  constexpr auto possible = std::to_array<std::string_view>({"execute", "complete", "cancel"});
  constexpr auto others = std::to_array<std::string_view>({"next", "prev"});
  if (std::ranges::find(possible, action) != possible.end()) return {};
  if (std::ranges::find(others, action) != others.end()) {
    if (command.has_stages) return {};
    return errors::bad_action.because("The command has no other stage.");
  }
  return errors::malformed_action.because("There is no such action.");
}

/// Whether the command is listed for the asker, as its level says.
bool is_for(const Command& command, const Jid& who, bool is_owner, const Policy& policy) {
  if (command.level != CommandLevel::owners || policy.is_admin(who.bare()))
    return bool(may_execute(command, who, policy));
  return is_owner;
}

/// §2.4, §3.2, §3.3.
Result<Reply> execute(const Request& request, Turn& turn) {
  const Command* command = turn.service().command(request.node);
  if (!command) return errors::item_not_found.because("There is no such command.");
  const auto action = request.action.attribute_or("action", "execute");
  TRY(may_execute(*command, request.from, turn.policy()));
  TRY(check_action(*command, action));
  const auto form = TRY(submitted(request.action));
  std::string session(request.action.attribute_or("sessionid", ""));
  if (session.empty()) session = turn.fresh_id();
  if (action == "cancel" || (form && form->type() == "cancel"))
    return Reply{command_reply(request, session, "canceled", CommandStage())};
  if (action == "complete" && !form)
    return errors::bad_payload.because("There is no form to complete the command with.");
  const auto stage = TRY(command->handler(request, form ? &*form : nullptr, turn));
  const bool executing = stage.status == CommandStage::Status::executing;
  return Reply{command_reply(request, session, executing ? "executing" : "completed", stage)};
}

/// What the asker can execute. §2.2.
Result<std::string> list(const Request& request, Turn& turn) {
  const Policy& policy = turn.policy();
  const bool is_owner = turn.store().owns_any(policy.domain, request.from.bare());
  return written([&](XmlWriter& out) {
    for (const auto& command : turn.service().commands()) {
      if (!is_for(command, request.from, is_owner, policy)) continue;
      auto item = out.open("item");
      item.attr("jid", policy.domain);
      item.attr("node", command.node).attr("name", command.name);
    }
  });
}

/// §2.1, §2.2.
Result<std::string> list_info(const Request&, Turn&) {
  return written([](XmlWriter& out) {
    auto identity = out.open("identity");
    identity.attr("category", "automation").attr("type", "command-list").attr("name", "Commands");
  });
}

/// §2.3.
Result<std::string> command_info(const Request& request, Turn& turn) {
  TRY(may_execute(*turn.service().command(request.node), request.from, turn.policy()));
  return written([&](XmlWriter& out) {
    {
      auto identity = out.open("identity");
      identity.attr("category", "automation").attr("type", "command-node");
      identity.attr("name", turn.service().command(request.node)->name);
    }
    out.open("feature").attr("var", ns::commands);
    out.open("feature").attr("var", ns::data_forms);
  });
}

}  // namespace

void install_commands(Service& service) {
  service.add_route({Request::Type::set, ns::commands, "command", execute});
  service.add_feature(ns::commands);
  service.add_disco_node({std::string(ns::commands), list_info, list});
  for (const auto& command : service.commands())
    service.add_disco_node({std::string(command.node), command_info});
}

}  // namespace crier
