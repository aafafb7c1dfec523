#include <crier/subscription.hpp>

#include <crier/jid.hpp>

#include <functional>

namespace crier {

std::size_t Subscriptions::bucket(std::string_view bare) const {
  return std::hash<std::string_view>()(bare) & (index_.size() - 1);
}

Subscriptions::Position Subscriptions::find(std::string_view jid) const {
  const auto bare = bare_of(jid);
  auto at = find_bare(bare);
  while (at != none && this->jid(slots_[at]) != jid) at = next_of(at, bare);
  return at;
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

Subscriptions::Position Subscriptions::add(SubscriptionId id, std::string_view jid,
                                           SubscriptionState state, EventNumber since) {
  if (live_ >= index_.size()) grow_index();
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
  slot.next = first;
  slot.state = state;
  slot.live = true;
  slot.escape = jid.find_first_of("&<>'\"") != std::string_view::npos;
  first = position;
  ++live_;
  subscribed_ += state == SubscriptionState::subscribed;
  return position;
}

void Subscriptions::set_state(Position position, SubscriptionState state) {
  subscribed_ -= slots_[position].state == SubscriptionState::subscribed;
  subscribed_ += state == SubscriptionState::subscribed;
  slots_[position].state = state;
}

void Subscriptions::remove(Position position) {
  auto& slot = slots_[position];
  auto* link = &index_[bucket(jid(slot).substr(0, slot.bare_length))];
  while (*link != position) link = &slots_[*link].next;
  *link = slot.next;
  dead_text_ += slot.length;
  subscribed_ -= slot.state == SubscriptionState::subscribed;
  slot = Slot{};
  slot.next = free_;
  free_ = position;
  --live_;
  if (dead_text_ > text_.size() / 2 && dead_text_ > 4096) compact_text();
}

std::size_t Subscriptions::bytes() const {
  return sizeof *this + slots_.capacity() * sizeof(Slot) + index_.capacity() * sizeof(Position) +
         text_.capacity();
}

void Subscriptions::grow_index() {
  index_.assign(index_.empty() ? 8 : index_.size() * 2, none);
  for (Position at = 0; at < end(); ++at) {
    auto& slot = slots_[at];
    if (!slot.live) continue;
    auto& first = index_[bucket(jid(slot).substr(0, slot.bare_length))];
    slot.next = first;
    first = at;
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
