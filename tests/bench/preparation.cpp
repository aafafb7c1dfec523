#include "preparation.hpp"

#include "conversation.hpp"

namespace crier::bench {

namespace {

bool accept_any(const Stanza&, const Asked&) {
  return true;
}

}  // namespace

void create_node(Stage& stage, const std::string& node, const std::string& owner,
                 std::string_view max_items, std::string_view publish_model, bool persistent) {
  const auto ask = [&](std::string& out, std::string_view id, const Asked&) {
    append_create(out, {.from = owner, .to = stage.service, .id = id}, node,
                  {{"pubsub#access_model", "open"},
                   {"pubsub#publish_model", publish_model},
                   {"pubsub#persist_items", persistent ? "1" : "0"},
                   {"pubsub#max_items", max_items},
                   {"pubsub#notify_delete", "0"},
                   {"pubsub#notify_retract", "0"},
                   {"pubsub#send_last_published_item", "never"}});
  };
  ask_all(stage.link, 1, {.in_flight = 1, .ask = ask, .accept = accept_any});
}

void subscribe_all(Stage& stage, const std::string& node, const Users& users, std::uint64_t count) {
  const auto ask = [&](std::string& out, std::string_view id, const Asked& asked) {
    const auto from = users.full(asked.number);
    append_subscribe(out, {.from = from, .to = stage.service, .id = id}, node);
  };
  ask_all(stage.link, count, {.in_flight = 64, .ask = ask, .accept = accept_any});
}

void remove_node(Stage& stage, const std::string& node, const std::string& owner) {
  if (stage.disposable) return;
  const auto ask = [&](std::string& out, std::string_view id, const Asked&) {
    append_delete(out, {.from = owner, .to = stage.service, .id = id}, node);
  };
  ask_all(stage.link, 1, {.in_flight = 1, .ask = ask, .accept = accept_any});
}

}  // namespace crier::bench
