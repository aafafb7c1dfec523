#pragma once
/// Bob, who has a durable subscription to a node of alice's.

#include <fmt/format.h>

#include "pubsub/options_requests.hpp"
#include "pubsub/scene.hpp"

namespace crier::test {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";
constexpr auto bob_home = "bob@b.example/home";

/// Alice creates the node "n", and bob subscribes to it durably, with such options.
inline void subscribe_durably(Scene& scene, const Strings& config = {},
                              const Strings& options = {}) {
  scene.create(alice, "n", config);
  scene.subscribe(bob, "n");
  Strings all{"x-durable=1"};
  all.insert(all.end(), options.begin(), options.end());
  set_options(scene, bob, "n", all);
}

inline Strings numbers(int from, int to) {
  Strings ids;
  for (int id = from; id <= to; ++id) ids.push_back(std::to_string(id));
  return ids;
}

}  // namespace crier::test
