#pragma once
/// A node, and what clients tell who are interested in it.

#include "pubsub/scene.hpp"

namespace crier::test {

constexpr auto alice = "alice@a.example/x";

inline const Strings likes_n{"u:client", "n+notify"};

inline const Strings on_presence{"send_last_published_item=on_sub_and_presence"};

/// A node of that configuration, with one item.
struct WithNode : Scene {
  explicit WithNode(const Strings& config = on_presence) {
    create(alice, "n", config);
    fill(alice, "n", 1);
  }
  std::size_t told(std::string_view jid) { return heard(jid).size(); }
};

}  // namespace crier::test
