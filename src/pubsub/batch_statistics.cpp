/// What a batch counts.

#include "pubsub/batch.hpp"

#include <algorithm>
#include <utility>

namespace crier {

namespace {

std::uint64_t messages_in(const std::vector<std::string>& stanzas) {
  const auto is_message = [](const std::string& stanza) { return stanza.starts_with("<message"); };
  return static_cast<std::uint64_t>(std::ranges::count_if(stanzas, is_message));
}

}  // namespace

Effects Batch::released() {
  auto& to = statistics();
  for (const auto [route, outcome] : effects_.counted) to.requests[route][outcome].add();
  to.items_published.add(effects_.items_published);
  to.notifications.add(messages_in(effects_.stanzas));
  auto& orders = effects_.orders;
  for (const auto& asker : orders.untapped) world_.taps.disarm(asker);
  for (auto& tap : std::exchange(orders.taps, {})) world_.taps.arm(std::move(tap));
  return std::exchange(effects_, {});
}

void Batch::measure() {
  auto& to = statistics();
  const auto& session = *world_.session;
  to.cache_hits.set(nodes_.hits());
  to.cache_misses.set(nodes_.misses());
  to.cache_evictions.set(nodes_.evictions());
  to.cache_bytes.set(nodes_.bytes());
  to.cache_nodes.set(nodes_.size());
  to.presence_resources.set(session.presence.size());
  to.presence_accounts.set(session.presence.accounts());
  to.subscriptions_behind.set(session.deliveries.replays.size());
  to.nodes_behind.set(session.deliveries.flows.size());
  to.waiting_requests.set(session.waiting.size());
  to.questions.set(session.questions.size());
}

}  // namespace crier
