#include "pubsub/subscription_timers.hpp"

#include <crier/service.hpp>

#include "pubsub/names.hpp"
#include "pubsub/notify.hpp"
#include "pubsub/subscription_entry.hpp"
#include "pubsub/subscription_place.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace crier {

namespace {

/// The notice comes a day before the end, or when a tenth of a short lease is left. §12.19
constexpr std::chrono::hours longest_notice{24};
constexpr int notice_part = 10;

void set_lease(Turn& turn, std::int64_t subject, const Expiry& expiry) {
  if (!expiry.at) {
    turn.store().clear_timer(TimerKind::lease_notice, subject);
    turn.store().clear_timer(TimerKind::lease_end, subject);
    return;
  }
  const auto notice =
      std::min<Time::duration>(longest_notice, (*expiry.at - turn.now()) / notice_part);
  turn.set_timer({TimerKind::lease_notice, subject, *expiry.at - notice});
  turn.set_timer({TimerKind::lease_end, subject, *expiry.at});
}

void tell_of_lease_end(std::int64_t subject, Turn& turn) {
  const auto found = find_subscription(turn, SubscriptionId{subject});
  if (!found || !found->options().expire.at || *found->options().expire.at <= turn.now()) return;
  const auto& slot = found->slot();
  send_subscription_state(turn, *found->node,
                          {found->node->subscriptions.jid(slot), slot.id, name_of(slot.state),
                           found->options().expire.at});
}

void end_lease(std::int64_t subject, Turn& turn) {
  const auto found = find_subscription(turn, SubscriptionId{subject});
  if (!found || !found->options().expire.at || *found->options().expire.at > turn.now()) return;
  end_subscription(turn, *found->node, found->at);
}

struct Digest {
  std::vector<std::string> texts;
  Seq last;
  /// There is more than a page takes.
  bool more = false;

  std::vector<ItemView> items() const {
    std::vector<ItemView> items;
    for (std::size_t i = 0; i < texts.size(); i += 3)
      items.push_back({texts[i], texts[i + 1], texts[i + 2]});
    return items;
  }
};

/// What was published since the last digest.
Digest collect(Turn& turn, const Node& node, Subscriptions::Position at) {
  const Policy& policy = turn.policy();
  Digest digest{{}, turn.store().digested(node.subscriptions.at(at).id)};
  std::size_t bytes = 0;
  const ItemRange range{.after = digest.last, .limit = policy.page_items, .newest = false};
  turn.store().items(node, range, [&](const StoredItem& item) {
    digest.more = bytes > 0 && bytes + item.payload.size() > policy.page_bytes;
    if (digest.more) return false;
    const auto view = shown(node.config, item);
    for (const auto part : {view.id, view.publisher, view.payload}) digest.texts.emplace_back(part);
    bytes += item.payload.size();
    digest.last = item.seq;
    return true;
  });
  digest.more = digest.more || digest.texts.size() == 3 * range.limit;
  return digest;
}

/// Tells of what was collected, to who may hear of it now.
void send(Turn& turn, const Node& node, Subscriptions::Position at, const Digest& digest) {
  const auto& slot = node.subscriptions.at(at);
  if (digest.texts.empty()) return;
  turn.store().set_digested(slot.id, digest.last);
  if (slot.state == SubscriptionState::subscribed) send_items(turn, node, at, digest.items(), {});
}

/// The message takes as much as a page does; what is left over comes at once with the next.
void digest_is_due(std::int64_t subject, Turn& turn) {
  const auto found = find_subscription(turn, SubscriptionId{subject});
  if (!found || !found->options().digest) return;
  const auto digest = collect(turn, *found->node, found->at);
  if (digest.texts.empty()) return turn.change(*found->node).subscriptions.rest(found->at);
  send(turn, *found->node, found->at, digest);
  turn.set_timer({TimerKind::digest, subject,
                  digest.more ? turn.now() : turn.now() + found->options().digest_frequency.value});
}

}  // namespace

void set_timers(Turn& turn, SubscriptionId id, const SubscriptionOptions& from,
                const SubscriptionOptions& to) {
  const auto subject = static_cast<std::int64_t>(id);
  if (from.expire != to.expire) set_lease(turn, subject, to.expire);
  if (to.digest && !(from.digest && from.deliver)) begin_digest(turn, id);
  if (to.digest && from.digest && from.digest_frequency != to.digest_frequency)
    turn.set_timer({TimerKind::digest, subject, turn.now() + to.digest_frequency.value});
  if (!to.digest && from.digest) turn.store().clear_timer(TimerKind::digest, subject);
}

void begin_digest(Turn& turn, SubscriptionId id) {
  turn.store().set_digested(id, turn.store().next_seq());
}

void wake_digests(Turn& turn, const Node& node) {
  if (!node.subscriptions.has_resting()) return;
  for (const auto at : turn.change(node).subscriptions.wake()) {
    const auto subject = static_cast<std::int64_t>(node.subscriptions.at(at).id);
    turn.add_timer({TimerKind::digest, subject,
                    turn.now() + node.subscriptions.options(at).digest_frequency.value});
  }
}

void send_digest(Turn& turn, const Node& node, Subscriptions::Position at) {
  send(turn, node, at, collect(turn, node, at));
}

void install_subscription_timers(Service& service) {
  service.add_timer(TimerKind::lease_notice, tell_of_lease_end);
  service.add_timer(TimerKind::lease_end, end_lease);
  service.add_timer(TimerKind::digest, digest_is_due);
}

}  // namespace crier
