#pragma once
/// What scenarios set up before they measure, and take down behind them. All of it throws
/// std::runtime_error when the service refuses.

#include "requests.hpp"
#include "scenario.hpp"

#include <cstdint>
#include <string>

namespace crier::bench {

/// Creates a node that anyone may subscribe to and that sends nothing but what is published from
/// then on, not even what is displaced by it; `owner` is a full JID.
void create_node(Stage& stage, const std::string& node, const std::string& owner,
                 std::string_view max_items, std::string_view publish_model = "publishers",
                 bool persistent = true);

/// Subscribes the bare JIDs of the first `count` of `users`.
void subscribe_all(Stage& stage, const std::string& node, const Users& users, std::uint64_t count);

/// Deletes the node, unless all is thrown away anyway.
void remove_node(Stage& stage, const std::string& node, const std::string& owner);

}  // namespace crier::bench
