#include "preparation.hpp"

#include "conversation.hpp"

#include <algorithm>
#include <array>

namespace crier::bench {

namespace {

constexpr std::size_t in_flight = 64;
/// One request with so many is far below what a stanza may be.
constexpr std::uint64_t items_at_once = 50;

bool accept_any(const Stanza&, const Asked&) {
  return true;
}

}  // namespace

void create_nodes(Stage& stage, std::span<const OwnedNode> nodes, const NodeKind& kind) {
  NodeConfig config{{"pubsub#access_model", "open"},
                    {"pubsub#publish_model", kind.publish_model},
                    {"pubsub#persist_items", kind.persistent ? "1" : "0"},
                    {"pubsub#max_items", kind.max_items},
                    {"pubsub#notify_delete", "0"},
                    {"pubsub#notify_retract", "0"},
                    {"pubsub#send_last_published_item", "never"}};
  if (kind.durable) config.emplace_back("x-durable", "1");
  const auto ask = [&](std::string& out, std::string_view id, const Asked& asked) {
    const auto& [name, owner] = nodes[asked.number];
    append_create(out, {.from = owner, .to = stage.service, .id = id}, name, config);
  };
  ask_all(stage.link, nodes.size(), {.in_flight = in_flight, .ask = ask, .accept = accept_any});
}

void create_node(Stage& stage, const std::string& node, const std::string& owner,
                 const NodeKind& kind) {
  create_nodes(stage, std::array{OwnedNode{node, owner}}, kind);
}

void subscribe_all(Stage& stage, const std::string& node, const Users& users, std::uint64_t count) {
  const auto ask = [&](std::string& out, std::string_view id, const Asked& asked) {
    const auto from = users.full(asked.number);
    append_subscribe(out, {.from = from, .to = stage.service, .id = id}, node);
  };
  ask_all(stage.link, count, {.in_flight = in_flight, .ask = ask, .accept = accept_any});
}

void fill_nodes(Stage& stage, std::span<const OwnedNode> nodes, std::uint64_t each) {
  const auto requests_each = (each + items_at_once - 1) / items_at_once;
  const auto ask = [&](std::string& out, std::string_view id, const Asked& asked) {
    // The nodes in turn, so that a node's items do not all lie together.
    const auto& [name, owner] = nodes[asked.number % nodes.size()];
    const auto first = asked.number / nodes.size() * items_at_once;
    append_publish_batch(out, {.from = owner, .to = stage.service, .id = id}, name, first,
                         std::min(items_at_once, each - first));
  };
  ask_all(stage.link, requests_each * nodes.size(),
          {.in_flight = 16, .ask = ask, .accept = accept_any});
}

void remove_nodes(Stage& stage, std::span<const OwnedNode> nodes) {
  if (stage.disposable) return;
  const auto ask = [&](std::string& out, std::string_view id, const Asked& asked) {
    const auto& [name, owner] = nodes[asked.number];
    append_delete(out, {.from = owner, .to = stage.service, .id = id}, name);
  };
  ask_all(stage.link, nodes.size(), {.in_flight = in_flight, .ask = ask, .accept = accept_any});
}

void remove_node(Stage& stage, const std::string& node, const std::string& owner) {
  remove_nodes(stage, std::array{OwnedNode{node, owner}});
}

}  // namespace crier::bench
