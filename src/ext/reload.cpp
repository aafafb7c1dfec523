/// Reading the configuration again, as an ad-hoc command for admins.

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "ext/rooms.hpp"
#include "pubsub/command_form.hpp"

#include <string>
#include <vector>

namespace crier {

namespace {

constexpr std::string_view command_node = "urn:crier:command:reload";

std::string result_form(const Reload& reload) {
  return written([&](XmlWriter& out) {
    auto x = out.open("x", ns::data_forms);
    x.attr("type", "result");
    out.leaf("title", "Reload the configuration");
    write_form_type(out, command_node);
    write_field(out, "applied", "text-multi", "Options that have changed", reload.applied);
    write_field(out, "restart", "text-multi", "Options that have changed and need a restart",
                reload.need_restart);
  });
}

/// A configuration that is wrong is no fault of the request: the command is completed, and its note
/// says what to mend.
Result<CommandStage> execute(const Request& request, const DataForm*, Turn& turn) {
  const auto reload = turn.reload();
  CommandStage stage;
  turn.orders().apply_configuration = bool(reload);
  if (reload && !reload.value().empty())
    turn.audit(
        {.by = request.from.text(), .action = "reload", .new_value = to_text(reload.value())});
  if (reload)
    stage.content = command_note(to_text(reload.value())) + result_form(reload.value());
  else if (reload.error().kind == &errors::bad_request)
    stage.content = command_note(reload.error().text, "error");
  else
    return reload.error();
  return stage;
}

}  // namespace

void install_reload(Service& service) {
  service.add_command({command_node, "Reload the configuration", execute, CommandLevel::admins});
}

}  // namespace crier
