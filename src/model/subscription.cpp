#include <crier/subscription.hpp>

#include <crier/jid.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <utility>

namespace crier {

namespace {

/// Whether XML writes a reference in its place.
bool is_escaped(char byte) {
  return byte == '&' || byte == '<' || byte == '>' || byte == '\'' || byte == '"';
}

}  // namespace

std::size_t Subscriptions::bucket(std::string_view bare) const {
  return std::hash<std::string_view>()(bare) & (index_.size() - 1);
}

std::string subid_of(SubscriptionId id) {
  return fmt::format("{:x}", static_cast<std::int64_t>(id));
}

std::optional<SubscriptionId> subscription_of(std::string_view subid) {
  std::int64_t number = 0;
  const char* end = subid.data() + subid.size();
  const auto parsed = std::from_chars(subid.data(), end, number, 16);
  if (parsed.ec != std::errc() || parsed.ptr != end) return {};
  return SubscriptionId{number};
}

Subscriptions::Position Subscriptions::find(std::string_view jid) const {
  const auto bare = bare_of(jid);
  auto at = find_bare(bare);
  while (at != none && (slots_[at].follows || this->jid(slots_[at]) != jid)) at = next_of(at, bare);
  return at;
}

Subscriptions::Position Subscriptions::find(std::string_view jid, SubscriptionId id) const {
  const auto bare = bare_of(jid);
  auto at = find_bare(bare);
  while (at != none && (slots_[at].id != id || this->jid(slots_[at]) != jid))
    at = next_of(at, bare);
  return at;
}

std::vector<Subscriptions::Position> Subscriptions::group(std::string_view jid) const {
  std::vector<Position> group;
  for (auto at = find(jid); at != none; at = next_in_group(at)) group.push_back(at);
  return group;
}

Subscriptions::Position Subscriptions::next_in_group(Position position) const {
  const auto next = slots_[position].next;
  return next != none && slots_[next].follows ? next : none;
}

const SubscriptionOptions& Subscriptions::options(Position position) const {
  static const SubscriptionOptions defaults;
  return slots_[position].has_options ? options_.at(position).options : defaults;
}

const SubscriptionOptions& Subscriptions::options(Position position, EventNumber event) const {
  if (!slots_[position].has_options) return options(position);
  const auto& chosen = options_.at(position);
  return chosen.before && event < chosen.since ? *chosen.before : chosen.options;
}

void Subscriptions::set_options(Position position, SubscriptionOptions options, EventNumber since) {
  if (options.digest)
    resting_.insert(position);
  else
    resting_.erase(position);
  count_durable(this->options(position), false);
  count_durable(options, true);
  slots_[position].durable = options.durable;
  if (!options.durable) set_taken(position, {});
  Chosen chosen{std::move(options), since};
  if (since != EventNumber{})
    chosen.before = std::make_shared<const SubscriptionOptions>(this->options(position));
  const bool has_options = chosen.before || chosen.options != SubscriptionOptions();
  slots_[position].has_options = has_options;
  if (has_options)
    options_.insert_or_assign(position, std::move(chosen));
  else
    options_.erase(position);
}

void Subscriptions::count_durable(const SubscriptionOptions& options, bool is_there) {
  const std::size_t one = is_there ? 1 : std::size_t{} - 1;
  if (options.durable) durable_ += one;
  if (options.durable && options.versions == Versions::every) every_version_ += one;
}

std::optional<Seq> Subscriptions::taken(Position position) const {
  if (!slots_[position].behind) return {};
  return taken_.at(position);
}

void Subscriptions::set_taken(Position position, std::optional<Seq> taken) {
  slots_[position].behind = taken.has_value();
  if (taken)
    taken_.insert_or_assign(position, *taken);
  else
    taken_.erase(position);
}

Subscriptions::Position Subscriptions::locate(SubscriptionId id, Position hint) const {
  if (hint < end() && slots_[hint].live && slots_[hint].id == id) return hint;
  for (Position at = 0; at < end(); ++at)
    if (slots_[at].live && slots_[at].id == id) return at;
  return none;
}

std::unordered_set<Subscriptions::Position> Subscriptions::wake() {
  return std::exchange(resting_, {});
}

Subscriptions::Position Subscriptions::find_bare(std::string_view bare) const {
  if (index_.empty()) return none;
  const auto first = index_[bucket(bare)];
  if (first == none || jid(slots_[first]).substr(0, slots_[first].bare_length) == bare)
    return first;
  return next_of(first, bare);
}

Subscriptions::Position Subscriptions::next_of(Position position, std::string_view bare) const {
  for (auto at = slots_[position].next; at != none; at = slots_[at].next)
    if (jid(slots_[at]).substr(0, slots_[at].bare_length) == bare) return at;
  return none;
}

std::optional<SubscriptionId> Subscriptions::least_from(Position position) const {
  if (position == 0 && live_ > 0) return SubscriptionId{};
  std::optional<SubscriptionId> least;
  for (; position < end(); ++position) {
    if (!slots_[position].live || slots_[position].follows) continue;
    for (auto at = position; at != none; at = slots_[at].grouped ? next_in_group(at) : none)
      if (!least || slots_[at].id < *least) least = slots_[at].id;
  }
  return least;
}

Subscriptions::Position Subscriptions::add(SubscriptionId id, std::string_view jid,
                                           SubscriptionState state, EventNumber since) {
  if (live_ >= index_.size()) grow_index();
  const auto leader = find(jid);
  Position position = free_;
  if (position == none) {
    position = end();
    slots_.emplace_back();
  } else {
    free_ = slots_[position].next;
  }
  const auto bare = bare_of(jid);
  auto& first = index_[bucket(bare)];
  auto& slot = slots_[position];
  slot.id = id;
  slot.since = since;
  slot.text_at = append_text(jid);
  slot.length = static_cast<std::uint16_t>(jid.size());
  slot.bare_length = static_cast<std::uint16_t>(bare.size());
  slot.state = state;
  slot.live = true;
  slot.escape = std::ranges::any_of(jid, is_escaped);
  if (leader == none) {
    slot.next = std::exchange(first, position);
  } else {
    auto last = leader;
    while (next_in_group(last) != none) last = next_in_group(last);
    slot.next = std::exchange(slots_[last].next, position);
    slot.follows = slot.grouped = slots_[leader].grouped = true;
  }
  ++live_;
  subscribed_ += state == SubscriptionState::subscribed;
  return position;
}

void Subscriptions::set_state(Position position, SubscriptionState state, EventNumber since) {
  slots_[position].since = since;
  subscribed_ -= slots_[position].state == SubscriptionState::subscribed;
  subscribed_ += state == SubscriptionState::subscribed;
  slots_[position].state = state;
}

void Subscriptions::remove(Position position) {
  const auto& slot = slots_[position];
  subscribed_ -= slot.state == SubscriptionState::subscribed;
  --live_;
  count_durable(options(position), false);
  if (!slot.grouped) return release(position);
  const auto group = this->group(jid(slot));
  if (group.size() == 2) slots_[group[0]].grouped = slots_[group[1]].grouped = false;
  if (slot.follows)
    release(position);
  else
    promote(group[1], position);
}

void Subscriptions::promote(Position follower, Position leader) {
  auto& slot = slots_[leader];
  auto& heir = slots_[follower];
  slot.id = heir.id;
  slot.since = heir.since;
  slot.state = heir.state;
  slot.has_options = heir.has_options;
  slot.grouped = heir.grouped;
  slot.durable = heir.durable;
  slot.suspended = heir.suspended;
  set_taken(leader, taken(follower));
  options_.erase(leader);
  if (auto chosen = options_.extract(follower)) {
    chosen.key() = leader;
    options_.insert(std::move(chosen));
  }
  resting_.erase(leader);
  if (resting_.contains(follower)) resting_.insert(leader);
  release(follower);
}

void Subscriptions::release(Position position) {
  options_.erase(position);
  resting_.erase(position);
  taken_.erase(position);
  unlink(position);
  auto& slot = slots_[position];
  dead_text_ += slot.length;
  slot = Slot{};
  slot.next = free_;
  free_ = position;
  if (dead_text_ > text_.size() / 2 && dead_text_ > 4096) compact_text();
}

void Subscriptions::unlink(Position position) {
  const auto& slot = slots_[position];
  auto* link = &index_[bucket(jid(slot).substr(0, slot.bare_length))];
  while (*link != position) link = &slots_[*link].next;
  *link = slot.next;
}

std::size_t Subscriptions::bytes() const {
  // A node of a hash table with a filter of some words, and what was before.
  constexpr std::size_t options_bytes = 2 * (sizeof(SubscriptionOptions) + 100);
  // A node of a hash table.
  constexpr std::size_t taken_bytes = 48;
  return sizeof *this + slots_.capacity() * sizeof(Slot) + index_.capacity() * sizeof(Position) +
         text_.capacity() + options_.size() * options_bytes + taken_.size() * taken_bytes;
}

void Subscriptions::grow_index() {
  const std::vector<Position> wider(index_.empty() ? 8 : index_.size() * 2, none);
  const auto lists = std::exchange(index_, wider);
  std::vector<Position> list;
  for (const auto begin : lists) {
    list.clear();
    for (auto at = begin; at != none; at = slots_[at].next) list.push_back(at);
    // From its end, so that what stands behind something else still does.
    for (; !list.empty(); list.pop_back()) {
      auto& slot = slots_[list.back()];
      slot.next = std::exchange(index_[bucket(jid(slot).substr(0, slot.bare_length))], list.back());
    }
  }
}

void Subscriptions::compact_text() {
  std::string compact;
  compact.reserve(text_.size() - dead_text_);
  for (auto& slot : slots_) {
    if (!slot.live) continue;
    const auto text = jid(slot);
    slot.text_at = static_cast<std::uint32_t>(compact.size());
    compact += text;
  }
  text_ = std::move(compact);
  dead_text_ = 0;
}

std::uint32_t Subscriptions::append_text(std::string_view jid) {
  const auto at = static_cast<std::uint32_t>(text_.size());
  text_ += jid;
  return at;
}

}  // namespace crier
