/// What the users of a scene ask for.

#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/scene.hpp"

namespace crier::test {

void Scene::create(std::string_view owner, std::string_view node, const Strings& config) {
  succeed(owner, pubsub(fmt::format("<create node='{}'/><configure>{}</configure>",
                                    escape_attribute(node), submit_form(ns::node_config, config))));
}

Answer Scene::configure(std::string_view owner, std::string_view node, const Strings& config) {
  return set(owner, pubsub_owner(fmt::format("<configure node='{}'>{}</configure>", node,
                                             submit_form(ns::node_config, config))));
}

Answer Scene::subscribe(std::string_view from, std::string_view node) {
  return set(from,
             pubsub(fmt::format("<subscribe node='{}' jid='{}'/>", node, escape_attribute(from))));
}

Answer Scene::unsubscribe(std::string_view from, std::string_view node) {
  return set(
      from, pubsub(fmt::format("<unsubscribe node='{}' jid='{}'/>", node, escape_attribute(from))));
}

Answer Scene::publish(std::string_view from, std::string_view node, std::string_view id,
                      std::string_view payload) {
  return set(from, pubsub(fmt::format("<publish node='{}'><item id='{}'>{}</item></publish>", node,
                                      escape_attribute(id), payload)));
}

void Scene::fill(std::string_view from, std::string_view node, int count) {
  for (int id = 1; id <= count; ++id) {
    const auto answer = publish(from, node, std::to_string(id));
    REQUIRE_MESSAGE(answer.type == "result", answer.xml);
  }
}

Answer Scene::retract(std::string_view from, std::string_view node, std::string_view id) {
  return set(from, pubsub(fmt::format("<retract node='{}'><item id='{}'/></retract>", node, id)));
}

Answer Scene::items(std::string_view from, std::string_view node, std::string_view inside) {
  return get(from, pubsub(fmt::format("<items node='{}'/>{}", node, inside)));
}

void Scene::remove(std::string_view owner, std::string_view node) {
  succeed(owner, pubsub_owner(fmt::format("<delete node='{}'/>", node)));
}

void Scene::purge(std::string_view owner, std::string_view node) {
  succeed(owner, pubsub_owner(fmt::format("<purge node='{}'/>", node)));
}

void Scene::affiliate(std::string_view owner, std::string_view node, std::string_view jid,
                      std::string_view affiliation) {
  succeed(owner, pubsub_owner(fmt::format("<affiliations node='{}'><affiliation jid='{}' "
                                          "affiliation='{}'/></affiliations>",
                                          node, jid, affiliation)));
}

void Scene::set_subscription(std::string_view owner, std::string_view node, std::string_view jid,
                             std::string_view state) {
  succeed(owner, pubsub_owner(fmt::format("<subscriptions node='{}'><subscription jid='{}' "
                                          "subscription='{}'/></subscriptions>",
                                          node, jid, state)));
}

Strings Scene::item_ids(std::string_view asker, std::string_view node) {
  const auto answer = items(asker, node);
  REQUIRE_MESSAGE(answer.type == "result", answer.xml);
  return ids_in(answer.xml);
}

}  // namespace crier::test
