#include "pubsub/collections.hpp"

#include <crier/namespaces.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

namespace crier::test {

void collection(Scene& scene, std::string_view name, Strings config) {
  config.emplace_back("node_type=collection");
  scene.create(alice, name, config);
}

Answer follow(Scene& scene, std::string_view who, std::string_view node, const Strings& options) {
  return scene.set(
      who, pubsub(fmt::format("<subscribe node='{}' jid='{}'/><options>{}</options>", node, who,
                              submit_form(ns::subscribe_options, options))));
}

Answer associate(Scene& scene, std::string_view who, std::string_view node, std::string_view child,
                 std::string_view what) {
  return scene.set(
      who, pubsub_owner(fmt::format("<collection node='{}'><{} node='{}'/></collection>", node,
                                    what, child)));
}

Strings configured(Scene& scene, std::string_view node, std::string_view var) {
  return field_in(scene.get(alice, pubsub_owner(fmt::format("<configure node='{}'/>", node))).xml,
                  var);
}

Strings listed(Scene& scene, std::string_view who, std::string_view node) {
  const auto attribute = node.empty() ? "" : fmt::format(" node='{}'", node);
  const auto answer = scene.get(
      who, fmt::format("<query xmlns='http://jabber.org/protocol/disco#items'{}/>", attribute));
  return attributes_of(answer.xml, "item", "node");
}

Strings through(Scene& scene, std::string_view jid) {
  Strings all;
  for (const auto& message : scene.heard(jid)) {
    const auto headers = texts_of(message.xml, "header");
    const auto event = parse_xml(message.event);
    all.push_back((headers.empty() ? "" : headers.front()) + ":" +
                  std::string(event->root().first_child()->name));
  }
  std::ranges::sort(all);
  return all;
}

std::string refused_configuration(Scene& scene, std::string_view who, std::string_view node,
                                  const Strings& config) {
  return scene.refused_set(who,
                           pubsub_owner(fmt::format("<configure node='{}'>{}</configure>", node,
                                                    submit_form(ns::node_config, config))));
}

}  // namespace crier::test
