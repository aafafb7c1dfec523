#include "pubsub/options_requests.hpp"

#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace crier::test {

std::string options_form(const Strings& options) {
  std::string form = submit_form(ns::subscribe_options, options);
  for (std::size_t at; (at = form.find("pubsub#x-")) != std::string::npos;) form.erase(at, 7);
  return form;
}

std::string subscribe_request(std::string_view node, std::string_view jid, const Strings& options) {
  auto subscribe = fmt::format("<subscribe node='{}' jid='{}'/>", node, escape_attribute(jid));
  if (!options.empty()) subscribe += fmt::format("<options>{}</options>", options_form(options));
  return pubsub(subscribe);
}

std::string options_request(std::string_view node, std::string_view jid, std::string_view inside,
                            std::string_view subid) {
  const auto named = subid.empty() ? "" : fmt::format(" subid='{}'", subid);
  return pubsub(fmt::format("<options node='{}' jid='{}'{}>{}</options>", node,
                            escape_attribute(jid), named, inside));
}

std::string subscribe_with(Scene& scene, std::string_view jid, std::string_view node,
                           const Strings& options) {
  const auto answer = scene.set(jid, subscribe_request(node, jid, options));
  REQUIRE_MESSAGE(answer.type == "result", answer.xml);
  return attributes_of(answer.xml, "subscription", "subid").at(0);
}

void set_options(Scene& scene, std::string_view jid, std::string_view node, const Strings& options,
                 std::string_view subid) {
  const auto answer = scene.set(jid, options_request(node, jid, options_form(options), subid));
  REQUIRE_MESSAGE(answer.type == "result", answer.xml);
}

Strings option(Scene& scene, std::string_view jid, std::string_view node, std::string_view var,
               std::string_view subid) {
  const auto answer = scene.get(jid, options_request(node, jid, "", subid));
  REQUIRE_MESSAGE(answer.type == "result", answer.xml);
  return field_in(answer.xml,
                  var.starts_with("x-") ? std::string(var) : fmt::format("pubsub#{}", var));
}

Strings subids_in(const Heard& message) {
  return texts_of(message.xml, "header");
}

Strings heard_items(Scene& scene, std::string_view jid) {
  Strings ids;
  for (const auto& message : scene.heard(jid))
    for (auto& id : ids_in(message.xml)) ids.push_back(std::move(id));
  return ids;
}

}  // namespace crier::test
