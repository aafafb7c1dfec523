#include "wire/backlog.hpp"

#include <algorithm>
#include <utility>

namespace crier {

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

std::string_view Backlog::pass() {
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

Backlog::Way Backlog::way_of(std::string_view piece, const StanzaScanner& behind) {
  if (behind.is_between()) return stands_aside(piece) ? Way::aside : Way::on;
  // Its end is not here yet, or it has none, or it is larger than what is read at once.
  if (!behind.is_over() && piece.size() < input_.size()) return Way::wait;
  blocked_ = has_aside();
  return blocked_ ? Way::wait : Way::on;
}

bool Backlog::stands_aside(std::string_view stanza) {
  const auto head = read_stanza_head(stanza);
  if (!head) return has_aside();
  const auto sender = std::hash<std::string_view>()(head->sender);
  if (head->name != "presence") return senders_.contains(sender);
  senders_.insert(sender);
  return true;
}

void Backlog::put_aside(std::string_view stanza) {
  if (aside_.empty() || aside_.back().size() + stanza.size() > read_bytes)
    aside_.emplace_back().reserve(read_bytes);
  aside_.back() += stanza;
  aside_bytes_ += stanza.size();
}

std::string_view Backlog::call() {
  called_.clear();
  if (aside_.empty()) return {};
  called_ = std::move(aside_.front());
  aside_.pop_front();
  aside_bytes_ -= called_.size();
  if (aside_.empty()) forget_aside();
  return called_;
}

bool Backlog::is_due(Instant now) const {
  return has_aside() && (!may_grow() || now - aside_since_ >= patience);
}

void Backlog::forget_aside() {
  aside_.clear();
  aside_bytes_ = 0;
  senders_ = {};
  blocked_ = false;
}

void Backlog::reset() {
  at_ = 0;
  end_ = 0;
  scanner_ = {};
  crowded_ = false;
  forget_aside();
}

}  // namespace crier
