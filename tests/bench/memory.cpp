/// What things cost of memory: how much the service's heap grows with so many of them, beside the
/// database's cache.

#include "conversation.hpp"
#include "node_group.hpp"
#include "scenario.hpp"

#include <stdexcept>
#include <string_view>
#include <vector>

namespace crier::bench {

namespace {

/// Makes so many of something; `name` is that of their nodes.
using Grow = void (*)(Stage& stage, std::string_view name, std::uint64_t count);

void grow_nodes(Stage& stage, std::string_view name, std::uint64_t count) {
  NodeGroup(stage, name, {.nodes = count});
}

void grow_subscriptions(Stage& stage, std::string_view name, std::uint64_t count) {
  NodeGroup(stage, name, {.nodes = 1, .subscribers_each = count});
}

void grow_items(Stage& stage, std::string_view name, std::uint64_t count) {
  constexpr std::uint64_t nodes = 10;
  NodeGroup(stage, name, {.nodes = nodes, .max_items = count / nodes, .items = count / nodes});
}

/// The answer to the last request says that all of them were taken.
void grow_contacts(Stage& stage, std::string_view name, std::uint64_t count) {
  const Users users(name, stage.users);
  const auto ask = [&](std::string& out, std::string_view id, const Asked& asked) {
    const auto from = users.full(asked.number);
    append_available(out, from, stage.service, {});
    append_disco_info(out, {.from = from, .to = stage.service, .id = id}, {});
  };
  const auto accept = [](const Stanza&, const Asked&) { return true; };
  ask_all(stage.link, count, {.in_flight = 64, .ask = ask, .accept = accept});
}

/// So many fill the database's cache, which is as big as it gets from then on.
constexpr std::uint64_t first_items = 400'000;

struct Kind {
  std::string_view key;
  std::string_view label;
  std::uint64_t count;
  Grow grow;
};
constexpr Kind kinds[] = {
    {"node_bytes", "bytes a node", 20'000, grow_nodes},
    {"subscription_bytes", "a subscription", 100'000, grow_subscriptions},
    {"item_bytes", "an item", 200'000, grow_items},
    {"online_contact_bytes", "an online contact", 100'000, grow_contacts},
};

/// Bytes each.
double growth(Stage& stage, const Kind& kind) {
  const auto before = usage_of(stage.pid.service).anonymous_bytes;
  kind.grow(stage, kind.key, kind.count);
  const auto after = usage_of(stage.pid.service).anonymous_bytes;
  return (static_cast<double>(after) - static_cast<double>(before)) /
         static_cast<double>(kind.count);
}

}  // namespace

Outcome memory(Stage& stage) {
  if (stage.pid.service == 0)
    throw std::runtime_error("memory needs to know the service's process (--pid)");
  const auto idle = static_cast<double>(usage_of(stage.pid.service).resident_bytes) / (1024 * 1024);
  std::vector<Figure> figures{{"idle_mib", "MiB idle", idle}};
  grow_items(stage, "first", first_items);
  for (const auto& kind : kinds) figures.push_back({kind.key, kind.label, growth(stage, kind)});
  return {.figures = std::move(figures),
          .measurement = {.service_peak_bytes = usage_of(stage.pid.service).peak_bytes},
          .faults = {}};
}

}  // namespace crier::bench
