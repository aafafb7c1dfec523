#include "model/copies.hpp"

#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

namespace crier::copies {

namespace {

constexpr std::string_view name = "copies";

/// The message for whom `line` names.
std::string message_of(const Element& original, std::string_view line, std::string_view content) {
  const auto end = line.find(separator);
  const std::string id(original.attribute_or("id", ""));
  return written([&](XmlWriter& out) {
    auto message = out.open("message");
    message.attr("to", line.substr(end + 1));
    if (const auto type = original.attribute("type")) message.attr("type", *type);
    message.attr("from", original.attribute_or("from", ""));
    message.attr("id", id + std::string(line.substr(0, end)));
    out.raw(content);
  });
}

}  // namespace

void begin_list(std::string& out) {
  out.append("<").append(name).append(" xmlns='").append(ns::copies).append("'>");
}

void end_list(std::string& out) {
  out.append("</").append(name).append(">");
}

std::vector<std::string> made_of(const Element& message) {
  const auto* list = message.child(name, ns::copies);
  if (!list) return {};
  std::string content;
  for (const auto& child : message.children())
    if (&child != list) append_xml(content, child);
  std::vector<std::string> messages;
  const auto text = list->text();
  for (std::string_view rest = text; !rest.empty();) {
    const auto end = rest.find(line_end);
    const auto line = rest.substr(0, end);
    const auto jid = line.find(separator);
    if (jid != line.npos && jid + 1 < line.size())
      messages.push_back(message_of(message, line, content));
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  }
  return messages;
}

}  // namespace crier::copies
