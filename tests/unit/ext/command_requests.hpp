#pragma once
/// Ad-hoc commands as a client executes them. XEP-0050.

#include <crier/xml_writer.hpp>

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "pubsub/scene.hpp"

namespace crier::test {

/// `<command/>` for that node; `fields` are "var=value", a form of them is submitted when there are
/// some.
inline std::string command_xml(std::string_view node, const Strings& fields = {},
                               std::string_view action = "execute") {
  std::string form;
  if (!fields.empty()) form = "<x xmlns='jabber:x:data' type='submit'>";
  for (const auto& field : fields) {
    const auto equals = field.find('=');
    form += fmt::format("<field var='{}'><value>", field.substr(0, equals));
    append_text(form, field.substr(equals + 1));
    form += "</value></field>";
  }
  if (!fields.empty()) form += "</x>";
  return fmt::format(
      "<command xmlns='http://jabber.org/protocol/commands' node='{}' action='{}'>{}</command>",
      node, action, form);
}

/// The cells of that column of a result, from top to bottom.
inline Strings column(const Answer& answer, std::string_view var) {
  Strings cells;
  const auto document = parsed(answer.xml);
  const auto* command = document.root().first_child();
  const auto* x = command ? command->child("x", "jabber:x:data") : nullptr;
  if (!x) return cells;
  for (const auto& item : x->children())
    if (item.name == "item")
      for (const auto& field : item.children())
        if (field.attribute_or("var", "") == var) cells.push_back(field.first_child()->text());
  return cells;
}

inline std::string status_of(const Answer& answer) {
  const auto status = attributes_of(answer.xml, "command", "status");
  return status.empty() ? answer.error : status.front();
}

}  // namespace crier::test
