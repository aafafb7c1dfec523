/// Reading the configuration again, as an ad-hoc command for admins.

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "ext/rooms.hpp"

#include <string>
#include <vector>

namespace crier {

namespace {

constexpr std::string_view command_node = "urn:crier:command:reload";

/// XEP-0050 §4.2.
std::string note(std::string_view type, std::string_view text) {
  return written([&](XmlWriter& out) {
    auto element = out.open("note");
    element.attr("type", type).text(text);
  });
}

void write_field(XmlWriter& out, std::string_view var, std::string_view type,
                 std::string_view label, const std::vector<std::string>& values) {
  auto field = out.open("field");
  field.attr("var", var).attr("type", type);
  if (!label.empty()) field.attr("label", label);
  for (const auto& value : values) out.leaf("value", value);
}

std::string result_form(const Reload& reload) {
  return written([&](XmlWriter& out) {
    auto x = out.open("x", ns::data_forms);
    x.attr("type", "result");
    out.leaf("title", "Reload the configuration");
    write_field(out, "FORM_TYPE", "hidden", {}, {std::string(command_node)});
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
  if (reload && !reload.value().empty())
    turn.audit(
        {.by = request.from.text(), .action = "reload", .new_value = to_text(reload.value())});
  if (reload)
    stage.content = note("info", to_text(reload.value())) + result_form(reload.value());
  else if (reload.error().kind == &errors::bad_request)
    stage.content = note("error", reload.error().text);
  else
    return reload.error();
  return stage;
}

}  // namespace

void install_reload(Service& service) {
  service.add_command({command_node, "Reload the configuration", execute, CommandLevel::admins});
}

}  // namespace crier
