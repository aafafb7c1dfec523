#include "pubsub/batch.hpp"

#include <crier/errors.hpp>
#include <crier/xml_writer.hpp>

#include "pubsub/batch_transaction.hpp"
#include "pubsub/roster_access.hpp"
#include "pubsub/stanza.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

namespace crier {

namespace {

/// The start tag of `stanza` as an element without content.
std::string header_of(const Element& stanza) {
  return written([&](XmlWriter& out) {
    auto header = out.open(stanza.name);
    for (const auto& attribute : stanza.attributes)
      if (attribute.ns.empty()) header.attr(attribute.name, attribute.value);
  });
}

/// After what was on its way may have been lost. Groups are still asked for under their old
/// numbers.
void look_for_unfinished(Session& session) {
  auto before = std::exchange(session.deliveries, {});
  auto& deliveries = session.deliveries;
  deliveries.unfinished_after = NodeId{};
  deliveries.last_group = before.last_group;
  deliveries.held = std::move(before.held);
  deliveries.interrupted = std::move(before.interrupted);
  for (const auto& [subscription, replay] : before.replays)
    deliveries.interrupted.push_back(subscription);
}

/// Lets be done again what was done in a slice that came to nothing.
void take_up_again(Session& session) {
  auto& [arrivals, due, is_part_left, purges] = session.taken;
  for (auto& arrival : arrivals | std::views::reverse) {
    session.presence.set_unwelcomed(arrival.jid);
    session.arrivals.push_front(std::move(arrival));
  }
  auto& queue = session.interests.due;
  if (is_part_left) queue.pop_front();
  for (auto& each : due | std::views::reverse) queue.push_front(std::move(each));
  std::ranges::move(purges, std::back_inserter(session.purges));
}

void append(Effects& all, Effects more) {
  std::ranges::move(more.stanzas, std::back_inserter(all.stanzas));
  std::ranges::move(more.broadcasts, std::back_inserter(all.broadcasts));
  std::ranges::move(more.waiting, std::back_inserter(all.waiting));
  if (more.orders.shut_down) all.orders.shut_down = more.orders.shut_down;
  if (!more.orders.log_level.empty()) all.orders.log_level = std::move(more.orders.log_level);
  all.orders.apply_configuration |= more.orders.apply_configuration;
  std::ranges::move(more.orders.taps, std::back_inserter(all.orders.taps));
  std::ranges::move(more.orders.untapped, std::back_inserter(all.orders.untapped));
  std::ranges::copy(more.counted, std::back_inserter(all.counted));
  all.items_published += more.items_published;
}

}  // namespace

Batch::Batch(const Service& service, Store& store, NodeCache& nodes, World world, Complain complain)
    : service_(service),
      store_(store),
      nodes_(nodes),
      world_(std::move(world)),
      complain_(std::move(complain)) {
  if (world_.last_event == 0)
    world_.last_event = static_cast<std::uint64_t>(world_.now().time_since_epoch().count());
  // A request that is refused changes nothing, so the root must be there before.
  transact([this] {
    Turn turn(service_, store_, nodes_, effects_, world_);
    turn.root();
    turn.bans();
  });
}

void Batch::handle(Document stanza, bool is_local) {
  add({.stanza = std::move(stanza), .is_local = is_local});
}

void Batch::refuse_oversized(Document header, std::string_view reason, bool is_local) {
  add({.stanza = std::move(header), .oversized = std::string(reason), .is_local = is_local});
}

void Batch::add(Entry entry) {
  const bool first = entries_.empty();
  entries_.push_back(std::move(entry));
  if (outcome_ == Outcome::good) outcome_ = answer(entries_.back(), first);
}

Batch::Outcome Batch::answer(Entry& entry, bool begin) {
  const Element& stanza = entry.stanza.root();
  try {
    if (begin) store_.begin();
    Turn turn(service_, store_, nodes_, effects_, world_);
    if (entry.has_waited) turn.set_waited();
    // Whoever waited was let in when the request came.
    if (entry.is_local || entry.has_waited) turn.set_local();
    handle(entry, turn);
    return Outcome::good;
  } catch (const StoreFailure& failure) {
    return failed(failure);
  } catch (const std::exception& defect) {
    complain_(defect.what(), header_of(stanza));
    return Outcome::defect;
  }
}

void Batch::handle(Entry& entry, Turn& turn) {
  const Element& stanza = entry.stanza.root();
  if (!service_.policy().rates.empty() && !entry.is_admitted) {
    if (!admit(stanza, entry.stanza.bytes(), limiter_, rate_counts_, turn)) return;
    entry.is_admitted = true;
  }
  if (entry.oversized.empty())
    service_.handle(stanza, turn);
  else
    service_.refuse_oversized(stanza, entry.oversized, turn);
}

Batch::Outcome Batch::commit_transaction() {
  try {
    for (const Node* node : nodes_.touched())
      if (node->counts_changed()) store_.save_counts(*node);
    world_.commit(store_);
    nodes_.settle();
    world_.bans_before.reset();
    return Outcome::good;
  } catch (const StoreFailure& failure) {
    return failed(failure);
  }
}

Batch::Outcome Batch::failed(const StoreFailure& failure) {
  complain_(failure.what(), {});
  statistics().commits_failed.add();
  statistics().storage_failing.set(1);
  return Outcome::store_failure;
}

Effects Batch::commit() {
  if (entries_.empty()) return {};
  if (outcome_ == Outcome::good) outcome_ = commit_transaction();
  if (outcome_ != Outcome::good) abandon();
  if (outcome_ == Outcome::defect) answer_each_alone();
  if (outcome_ == Outcome::store_failure)
    for (const auto& entry : entries_) refuse(entry, errors::resource_constraint, effects_);
  begin_waiting();
  nodes_.trim();
  entries_.clear();
  outcome_ = Outcome::good;
  return released();
}

void Batch::begin_waiting() {
  for (auto& request : std::exchange(effects_.waiting, {})) {
    Turn turn(service_, store_, nodes_, effects_, world_);
    wait_for_rosters(turn, std::move(request));
  }
}

Effects Batch::handle_ready() {
  constexpr std::size_t most = 100;
  for (std::size_t i = 0; i < most && world_.session->waiting.has_ready(); ++i)
    if (auto stanza = parse_xml(world_.session->waiting.take_ready()))
      add({.stanza = std::move(*stanza), .has_waited = true, .is_admitted = true});
  return commit();
}

void Batch::abandon() {
  store_.rollback();
  nodes_.drop_touched();
  // Broadcasts that are on their way ask them meanwhile.
  if (auto before = std::exchange(world_.bans_before, {})) world_.bans = std::move(*before);
  effects_ = {};
  look_for_unfinished(*world_.session);
}

void Batch::answer_each_alone() {
  Effects all;
  for (auto& entry : entries_) {
    auto outcome = answer(entry, true);
    if (outcome == Outcome::good) outcome = commit_transaction();
    if (outcome == Outcome::good) {
      append(all, std::exchange(effects_, {}));
      continue;
    }
    abandon();
    refuse(entry,
           outcome == Outcome::defect ? errors::internal_server_error : errors::resource_constraint,
           all);
  }
  effects_ = std::move(all);
}

void Batch::refuse(const Entry& entry, const ErrorKind& error, Effects& effects) const {
  const Element& stanza = entry.stanza.root();
  if (stanza.name != "iq" || !may_be_refused(stanza)) return;
  effects.counted.push_back(service_.count_of(stanza, error.condition));
  effects.stanzas.push_back(error_stanza(stanza, error));
}

template <class Work>
Effects Batch::act(Work work) {
  transact([&] {
    Turn turn(service_, store_, nodes_, effects_, world_);
    work(turn);
  });
  nodes_.trim();
  return released();
}

Effects Batch::connected() {
  begin_session();
  world_.session->up = true;
  if (!noted_) resume();
  auto resumed = std::exchange(effects_, {});
  append(resumed, act([this](Turn& turn) { service_.greet(turn); }));
  return resumed;
}

Effects Batch::farewell() {
  if (!world_.session->up) return {};
  return act([this](Turn& turn) { service_.take_leave(turn); });
}

Effects Batch::note(AuditEntry entry) {
  entry.by = service_.policy().domain;
  return act([&](Turn& turn) { turn.audit(std::move(entry)); });
}

void Batch::disconnected() {
  begin_session();
}

/// Broadcasts that are on their way go on by the presence that they were begun with; nothing else
/// of it is needed any more.
void Batch::begin_session() {
  world_.session->deliveries = {};
  world_.session = std::make_shared<Session>();
}

bool Batch::has_ready() const {
  return world_.session->waiting.has_ready() && !rests();
}

bool Batch::has_work() const {
  return has_ready() || (service_.has_work(*world_.session) && !rests());
}

bool Batch::rests() const {
  return rests_until_ != Time::min() && world_.now() < rests_until_;
}

Effects Batch::work() {
  if (world_.session->waiting.has_ready()) return handle_ready();
  const auto outcome = transact([this] {
    Turn turn(service_, store_, nodes_, effects_, world_);
    service_.work(turn);
  });
  rests_until_ = outcome == Outcome::good ? Time::min() : world_.now() + retry_after;
  // What a defect of ours has spoilt would be spoilt again.
  if (outcome == Outcome::store_failure) take_up_again(*world_.session);
  world_.session->taken = {};
  nodes_.trim();
  return released();
}

void Batch::take_silences() {
  while (const auto late = world_.session->questions.take_late(world_.now()))
    transact([&] {
      Turn turn(service_, store_, nodes_, effects_, world_);
      service_.take_silence(*late, turn);
    });
}

Time Batch::next_timer() {
  if (world_.next_timer == Time::min()) {
    const auto outcome =
        transact([&] { world_.next_timer = store_.next_timer().value_or(Time::max()); });
    if (outcome != Outcome::good) world_.next_timer = world_.now() + retry_after;
  }
  auto due = std::min(world_.next_timer, world_.session->questions.next_deadline());
  if (world_.session->up) due = std::min(due, resume_due_);
  if (rests_until_ != Time::min()) due = std::min(due, rests_until_);
  return due;
}

Batch::Outcome Batch::run(std::span<const Timer> timers) {
  return transact([&] {
    for (const auto& timer : timers) {
      Turn turn(service_, store_, nodes_, effects_, world_);
      service_.run(timer, turn);
    }
  });
}

void Batch::run_each_alone(std::span<const Timer> timers) {
  Effects all;
  for (const auto& timer : timers) {
    const auto outcome = run({&timer, 1});
    if (outcome == Outcome::good) append(all, std::exchange(effects_, {}));
    // One that ends in a defect of ours would do so for ever.
    if (outcome == Outcome::defect)
      transact([&] { store_.clear_timer(timer.kind, timer.subject); });
  }
  effects_ = std::move(all);
}

Effects Batch::run_timers(std::size_t most) {
  if (world_.now() >= rests_until_) rests_until_ = Time::min();
  if (world_.session->up && world_.now() >= resume_due_) resume();
  auto resumed = std::exchange(effects_, {});
  take_silences();
  std::vector<Timer> timers;
  auto outcome = transact([&] { timers = store_.due_timers(world_.now(), most); });
  if (outcome == Outcome::good) outcome = run(timers);
  if (outcome == Outcome::defect) run_each_alone(timers);
  nodes_.trim();
  world_.next_timer = outcome == Outcome::store_failure ? world_.now() + retry_after : Time::min();
  append(resumed, released());
  return resumed;
}

}  // namespace crier
