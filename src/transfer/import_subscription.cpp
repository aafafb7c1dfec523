/// Importing subscriptions.

#include <crier/fault.hpp>

#include "model/subscription_fields.hpp"
#include "transfer/importer.hpp"

#include <fmt/format.h>
#include <sysexits.h>

#include <algorithm>

namespace crier::transfer {

namespace {

/// SubIDs beyond are not kept: all later ones would have to be greater.
constexpr std::int64_t max_kept_subid = std::int64_t{1} << 48;

/// The end of a lease is told of a day before, or when a tenth of it is left. XEP-0060 §12.19
constexpr std::chrono::hours longest_notice{24};
constexpr int notice_part = 10;

/// The number that a SubID of crier's is made of; nothing when it is another's.
std::optional<SubscriptionId> own_id(const std::string& subid) {
  const auto id = subscription_of(subid);
  if (!id || subid_of(*id) != subid) return {};
  const auto number = static_cast<std::int64_t>(*id);
  return number > 0 && number <= max_kept_subid ? id : std::nullopt;
}

SubscriptionOptions checked_options(const SubscriptionRecord& given, const Lost& lost) {
  if (given.options.empty()) return {};
  auto record = given;
  for (const auto& [var, values] : record.options)
    for (const auto& value : values) check_text(value, "the field " + var);
  if (const auto var = invalid_field(record))
    throw Fault(EX_DATAERR, fmt::format("the option {} of {}'s subscription to {} can not have "
                                        "this value",
                                        *var, record.jid, record.node));
  normalise(record, lost);
  return options_of(record);
}

/// To each number of items that somebody is behind, what he has taken then. One walk for all.
void find_taken(SqliteStore& store, const Node& node, std::map<std::uint64_t, Seq>& taken) {
  auto next = taken.begin();
  if (next == taken.end()) return;
  if (next->first == 0) next++->second = std::max(node.head, store.last_seq());
  if (next == taken.end()) return;
  std::uint64_t newer = 0;
  store.seqs(node, [&](Seq seq) {
    if (newer++ == next->first) next++->second = seq;
    return next != taken.end();
  });
}

}  // namespace

Importer::Outcome Importer::import(const SubscriptionRecord& entry) {
  if (!enter(entry.node)) return Outcome::kept;
  const auto jid = Jid::parse(entry.jid);
  if (!jid) throw Fault(EX_DATAERR, fmt::format("\"{}\" is not a JID", entry.jid));
  const auto options = checked_options(entry, [this](std::string_view what) { lose(what); });
  auto& known = node_->subscriptions;
  const auto is_same = [&](Subscriptions::Position at) {
    return known.at(at).state == entry.state && known.options(at) == options;
  };
  const auto replace = [&](Subscriptions::Position at) {
    return conflict(fmt::format("the subscription of {} to {}", entry.jid, entry.node), [&] {
      store_.set_subscription_state(known.at(at).id, entry.state);
      known.set_state(at, entry.state, EventNumber{});
      set_options(known.at(at).id, options);
      known.set_options(at, options);
    });
  };
  if (const auto id = own_id(entry.subid)) {
    const auto at = known.find(jid->text(), *id);
    if (at != Subscriptions::none) return is_same(at) ? Outcome::unchanged : replace(at);
    if (!store_.subscription(*id)) return add_subscription(entry, jid->text(), options);
  }
  const auto group = known.group(jid->text());
  if (std::ranges::any_of(group, is_same)) return Outcome::unchanged;
  for (const auto at : group)
    if (!added_subscriptions_.contains(known.at(at).id)) return replace(at);
  return add_subscription(entry, jid->text(), options);
}

Importer::Outcome Importer::add_subscription(const SubscriptionRecord& entry, std::string_view jid,
                                             const SubscriptionOptions& options) {
  auto id = own_id(entry.subid).value_or(SubscriptionId{});
  const bool kept = id != SubscriptionId{} &&
                    store_.insert_subscription(id, node_->id, jid, entry.state, entry.created);
  if (!kept) id = store_.add_subscription(node_->id, jid, entry.state, entry.created);
  if (!kept && !entry.subid.empty()) lose("the SubID of a subscription; it has a new one");
  added_subscriptions_.insert(id);
  const auto at = node_->subscriptions.add(id, jid, entry.state, EventNumber{});
  if (options != SubscriptionOptions()) {
    set_options(id, options);
    node_->subscriptions.set_options(at, options);
  }
  const bool is_receipted = options.durable && options.acknowledgement == Acknowledgement::receipt;
  auto behind = options.durable ? entry.behind : std::nullopt;
  if (is_receipted && !behind) behind = 0;
  if (behind || options.digest) unsettled_.push_back({node_->key, id, behind, options.digest});
  // What it has taken of what is there is told by its node. See leave().
  if (options.durable) items_added_ = true;
  return Outcome::added;
}

void Importer::set_options(SubscriptionId id, const SubscriptionOptions& options) {
  store_.set_subscription_options(id, options);
  const auto subject = static_cast<std::int64_t>(id);
  if (!options.expire.at) {
    store_.clear_timer(TimerKind::lease_notice, subject);
    store_.clear_timer(TimerKind::lease_end, subject);
    return;
  }
  const auto end = *options.expire.at;
  const auto left = std::max<Time::duration>(Time::duration{0}, end - options_.work.now);
  const auto notice = std::min<Time::duration>(longest_notice, left / notice_part);
  store_.set_timer({TimerKind::lease_notice, subject, end - notice});
  store_.set_timer({TimerKind::lease_end, subject, end});
}

void Importer::settle() {
  const auto unsettled = std::exchange(unsettled_, {});
  for (auto left = std::span(unsettled); !left.empty();) {
    const auto end = std::ranges::find_if(
        left, [&](const auto& each) { return each.node != left.front().node; });
    const auto count = static_cast<std::size_t>(end - left.begin());
    settle(left.first(count));
    left = left.subspan(count);
  }
}

void Importer::settle(std::span<const Unsettled> subscriptions) {
  const auto node = store_.load(subscriptions.front().node);
  std::map<std::uint64_t, Seq> taken;
  for (const auto& each : subscriptions)
    if (each.behind) taken.emplace(*each.behind, Seq{0});
  find_taken(store_, *node, taken);
  for (const auto& each : subscriptions) {
    if (each.digest) store_.set_digested(each.subscription, store_.next_seq());
    if (each.behind) store_.set_taken(each.subscription, taken.at(*each.behind));
  }
}

}  // namespace crier::transfer
