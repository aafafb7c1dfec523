/// What a batch does for itself, besides stanzas: how far notifications have come, what a new
/// policy changes, what removed nodes have left.

#include "pubsub/batch.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "pubsub/batch_transaction.hpp"
#include "pubsub/node_form.hpp"
#include "pubsub/resumption.hpp"

namespace crier {

void Batch::resume() {
  FanoutProgress progress;
  const auto outcome = transact([&] {
    Turn turn(service_, store_, nodes_, effects_, world_);
    progress = store_.fanout_progress();
    resumed_ = resume_fanouts(turn, progress);
  });
  resume_due_ = outcome == Outcome::good ? Time::max() : world_.now() + retry_after;
  if (outcome != Outcome::good) return;
  noted_at_ = progress.told;
  noted_ = std::move(progress);
}

bool Batch::note_progress(const std::vector<Fanout>& unfinished) {
  if (!noted_) return true;
  const auto last = std::max(store_.last_seq(), resumed_);
  FanoutProgress progress{last, {}};
  for (const auto& fanout : unfinished)
    if (fanout.last <= noted_at_)
      progress.unfinished.push_back(fanout);
    else
      progress.told = std::min(progress.told, Seq{static_cast<std::int64_t>(fanout.first) - 1});
  std::ranges::sort(progress.unfinished);
  if (progress != *noted_) {
    const auto outcome = attempt([&] { store(progress); });
    if (outcome != Outcome::good) return false;
    noted_ = std::move(progress);
  }
  noted_at_ = last;
  return true;
}

/// Stores what differs from what is noted.
void Batch::store(const FanoutProgress& progress) {
  const auto is_same_event = [](const Fanout& a, const Fanout& b) {
    return std::pair(a.node, a.last) < std::pair(b.node, b.last);
  };
  std::vector<Fanout> over;
  std::ranges::set_difference(noted_->unfinished, progress.unfinished, std::back_inserter(over),
                              is_same_event);
  for (const auto& fanout : over) store_.clear_fanout(fanout);
  std::vector<Fanout> news;
  std::ranges::set_difference(progress.unfinished, noted_->unfinished, std::back_inserter(news));
  for (const auto& fanout : news) store_.set_fanout(fanout);
  if (progress.told != noted_->told) store_.set_told(progress.told);
}

void Batch::policy_changed(const Service& before) {
  const Policy& policy = service_.policy();
  world_.bans.exempt(policy.admins);
  world_.taps.disarm_if([&](const std::string& asker) { return !policy.is_admin(bare_of(asker)); });
  if (policy.rates != before.policy().rates) limiter_.clear();
  if (policy.node_rules != before.policy().node_rules) apply_node_rules();
  if (service_.capabilities() == before.capabilities() || !world_.session->up) return;
  // Those who were not told of the one before are told of this one.
  auto& announcing = world_.session->announcing;
  announcing.behind = 0;
  announcing.domains.clear();
}

void Batch::apply_node_rules() {
  // What is walked over stays the node that it is, so that whoever leaves it leaves the walk too.
  const auto held = nodes_.drop_unheld();
  attempt([&] {
    for (Node* node : held) {
      const auto& name = node->key.name;
      auto stored = name.empty() ? std::nullopt : store_.config_of(node->key);
      if (!stored) continue;
      stored->collection = std::move(node->config.collection);
      stored->children = std::move(node->config.children);
      node->config = forced_config(std::move(*stored), name, service_.policy());
    }
  });
}

bool Batch::sweep(std::size_t rows) {
  bool more = false;
  attempt([&] {
    const Policy& policy = service_.policy();
    more = store_.trim_audit(policy.max_audit_entries, world_.now() - policy.max_audit_age, rows);
    more = store_.sweep(rows) || more;
  });
  return more;
}

}  // namespace crier
