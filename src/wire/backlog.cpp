#include "wire/backlog.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace crier {

namespace {

std::size_t hash_of(std::string_view sender) {
  return std::hash<std::string_view>()(sender);
}

}  // namespace

std::span<char> Backlog::space() {
  if (!may_grow()) return {};
  std::copy(input_.begin() + static_cast<std::ptrdiff_t>(at_),
            input_.begin() + static_cast<std::ptrdiff_t>(end_), input_.begin());
  end_ -= std::exchange(at_, 0);
  return std::span(input_).subspan(end_);
}

void Backlog::add(std::size_t count, Instant now) {
  end_ += count;
  crowded_ = end_ == input_.size();
  if (!has_aside()) aside_since_ = now;
}

bool Backlog::passes_whole() const {
  return !has_aside() && (!crowded_ || rest().find("<presence") == std::string_view::npos);
}

std::string_view Backlog::pass() {
  if (passes_whole()) {
    unscanned_ = rest();
    at_ = end_;
    return unscanned_;
  }
  auto begin = at_;
  while (at_ < end_) {
    auto ahead = scanner_;
    const auto piece = rest().substr(0, ahead.skip(rest()));
    const auto way =
        (crowded_ || has_aside()) && scanner_.is_between() ? way_of(piece, ahead) : Way::on;
    if (way == Way::wait || (way == Way::aside && at_ > begin)) break;
    scanner_ = ahead;
    at_ += piece.size();
    if (way == Way::on) continue;
    put_aside(piece);
    begin = at_;
  }
  return {input_.data() + begin, at_ - begin};
}

void Backlog::passed(std::size_t unfinished) {
  if (unfinished <= unscanned_.size()) {
    scanner_ = StanzaScanner::between();
    unscanned_.remove_prefix(unscanned_.size() - unfinished);
  }
  while (!unscanned_.empty()) unscanned_.remove_prefix(scanner_.skip(unscanned_));
}

Backlog::Way Backlog::way_of(std::string_view piece, const StanzaScanner& behind) {
  if (behind.is_between()) return way_of_whole(piece);
  // Its end is not here yet, or it has none, or it is larger than what is read at once.
  if (!behind.is_over() && piece.size() < input_.size()) return Way::wait;
  return way_behind_all();
}

Backlog::Way Backlog::way_of_whole(std::string_view stanza) {
  const auto head = read_stanza_head(stanza);
  if (!head) return Way::on;  // White space.
  sender_ = hash_of(head->sender);
  if (head->name == "presence") return Way::aside;
  if (head->name != "iq" && head->name != "message") return way_behind_all();
  const bool waits = head->sender == own_jid_ ? has_aside() && !head->id.starts_with(passing_)
                                              : senders_.contains(sender_);
  return waits ? Way::aside : Way::on;
}

Backlog::Way Backlog::way_behind_all() {
  blocked_ = has_aside();
  return blocked_ ? Way::wait : Way::on;
}

void Backlog::put_aside(std::string_view stanza) {
  if (aside_.empty() || aside_.back().stanzas.size() + stanza.size() > call_bytes)
    begin_group(stanza.size());
  auto& group = aside_.back();
  group.stanzas += stanza;
  group.senders.push_back(sender_);
  ++senders_[sender_];
  aside_cost_ += sender_cost;
}

void Backlog::begin_group(std::size_t stanza_size) {
  auto& group = aside_.emplace_back();
  group.stanzas.reserve(std::max(call_bytes, stanza_size));
  aside_cost_ += group.cost();
}

std::string_view Backlog::call() {
  called_.clear();
  if (aside_.empty()) return {};
  auto& group = aside_.front();
  for (const auto sender : group.senders) {
    const auto found = senders_.find(sender);
    if (--found->second == 0) senders_.erase(found);
  }
  aside_cost_ -= group.cost();
  called_ = std::move(group.stanzas);
  aside_.pop_front();
  if (aside_.empty()) blocked_ = false;
  return called_;
}

bool Backlog::is_due(Instant now) const {
  return has_aside() && (!may_grow() || now - aside_since_ >= patience);
}

void Backlog::reset() {
  *this = Backlog(std::move(own_jid_), std::move(passing_));
}

}  // namespace crier
