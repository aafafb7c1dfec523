#include "wire/outbox.hpp"

#include "model/copies.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace crier {

void Outbox::add(Effects effects) {
  for (auto& stanza : effects.stanzas) add(std::move(stanza));
  for (auto& broadcast : effects.broadcasts) add(std::move(broadcast));
}

void Outbox::add(std::string stanza) {
  answers_bytes_ += stanza.size();
  answers_.push_back(std::move(stanza));
}

void Outbox::add_returned(std::string stanza) {
  add(std::move(stanza));
  returned_ = answers_.size();
}

void Outbox::add(Broadcast broadcast) {
  const auto [place, is_new] = lane_of_.try_emplace(broadcast.node());
  if (is_new) place->second = lanes_.emplace(lanes_.end());
  broadcasts_bytes_ += broadcast.bytes();
  place->second->push_back(std::move(broadcast));
}

std::string_view Outbox::next(std::size_t room) {
  if (sent_ == buffer_.size()) fill(room);
  return std::string_view(buffer_).substr(sent_);
}

void Outbox::sent(std::size_t count) {
  sent_ += count;
}

void Outbox::fill(std::size_t room) {
  // A buffer that was stretched by a big stanza is given back once the queue is dry.
  if (buffer_.capacity() > 4 * buffer_bytes && answers_.empty() && lanes_.empty())
    std::string().swap(buffer_);
  buffer_.clear();
  starts_.clear();
  leaving_.clear();
  begun_at_.clear();
  sent_ = 0;
  cut_before_ = false;
  while (!answers_.empty() && buffer_.size() < buffer_bytes) take_answer();
  const auto answers = buffer_.size();
  // However many answers there are, broadcasts go on.
  const auto left = answers < buffer_bytes ? buffer_bytes - answers : quantum_bytes;
  const auto limit = answers + std::min(room, left);
  looked_at_ = 0;
  while (returned_ == 0 && !lanes_.empty() && buffer_.size() < limit && looked_at_ < most_looked_at)
    render_lane(limit);
  rendered_ += buffer_.size() - answers;
}

void Outbox::take_answer() {
  auto& stanza = answers_.front();
  answers_bytes_ -= stanza.size();
  starts_.push_back(buffer_.size());
  if (tap_) tap_(stanza, nullptr);
  if (buffer_.empty() && stanza.size() >= buffer_bytes)
    buffer_ = std::move(stanza);
  else
    buffer_ += stanza;
  answers_.pop_front();
  if (returned_ > 0) --returned_;
}

void Outbox::render_lane(std::size_t limit) {
  const auto first = starts_.size();
  // The broadcast stays as long as the buffer is not filled again.
  const auto& node = lanes_.front().front().node_name();
  const auto messages =
      render_front(lanes_.front(), std::min(limit, buffer_.size() + quantum_bytes));
  note_rendered(node, first, messages);
}

std::size_t Outbox::render_front(Lane& lane, std::size_t full) {
  const auto copier = tap_ ? Copier::service : copier_;
  std::size_t messages = 0;
  do {
    auto& broadcast = lane.front();
    const auto begun = broadcast.position();
    const auto told = broadcast.told();
    begun_at_.emplace_back(&broadcast, begun);
    const auto begin_stanza = [this](std::size_t at) { starts_.push_back(at); };
    const bool is_over = broadcast.render(buffer_, full, begin_stanza, copier);
    messages += broadcast.told() - told;
    looked_at_ += broadcast.position() - begun;
    if (!is_over) break;
    broadcasts_bytes_ -= broadcast.bytes();
    const auto node = broadcast.node();
    leaving_.splice(leaving_.end(), lane, lane.begin());
    if (lane.empty()) {
      lane_of_.erase(node);
      lanes_.pop_front();
      return messages;
    }
  } while (buffer_.size() < full && looked_at_ < most_looked_at);
  lanes_.splice(lanes_.end(), lanes_, lanes_.begin());
  return messages;
}

void Outbox::note_rendered(const std::string& node, std::size_t first, std::size_t messages) {
  if (messages == 0) return;
  if (statistics_) {
    statistics_->notifications.add(messages);
    const auto bytes = buffer_.size() - starts_[first];
    statistics_->nodes.add(
        node, {.messages = static_cast<double>(messages), .bytes = static_cast<double>(bytes)});
  }
  if (!tap_) return;
  for (auto at = first; at < starts_.size(); ++at) {
    const auto end = at + 1 < starts_.size() ? starts_[at + 1] : buffer_.size();
    tap_(std::string_view(buffer_).substr(starts_[at], end - starts_[at]), &node);
  }
}

Broadcast::Position Outbox::position_of(const Broadcast& broadcast) const {
  const auto begun =
      std::ranges::find(begun_at_, &broadcast, &decltype(begun_at_)::value_type::first);
  return begun == begun_at_.end() ? broadcast.position() : begun->second;
}

std::vector<Fanout> Outbox::unfinished() const {
  std::vector<Fanout> found;
  const bool all_left = sent_ == buffer_.size();
  const auto look_at = [&](const Broadcast& broadcast) {
    const auto position = all_left ? broadcast.position() : position_of(broadcast);
    if (const auto rest = broadcast.rest_from(position)) found.push_back(*rest);
  };
  if (!all_left) std::ranges::for_each(leaving_, look_at);
  for (const auto& lane : lanes_) std::ranges::for_each(lane, look_at);
  return found;
}

std::size_t Outbox::current_stanza() const {
  return std::upper_bound(starts_.begin(), starts_.end(), sent_) - starts_.begin() - 1;
}

bool Outbox::inside_stanza() const {
  return sent_ < buffer_.size() && starts_[current_stanza()] != sent_;
}

void Outbox::interrupted() {
  if (sent_ == buffer_.size()) return;
  auto stanza = current_stanza();
  const auto start = starts_[stanza];
  const bool cut = start != sent_;
  const bool cut_twice = cut && start == 0 && cut_before_;
  if (cut_twice) {
    const auto end = stanza + 1 < starts_.size() ? starts_[stanza + 1] : buffer_.size();
    report_(LogLevel::error,
            fmt::format("a stanza of {} bytes was dropped: two streams in a row ended while it was "
                        "sent; if the server's limit for stanzas is lower, raise it: {}…",
                        end - start, std::string_view(buffer_).substr(start, 160)));
    ++stanza;
  }
  const auto keep = stanza < starts_.size() ? starts_[stanza] : buffer_.size();
  cut_before_ = !cut_twice && (cut || (start == 0 && cut_before_));
  buffer_.erase(0, keep);
  starts_.erase(starts_.begin(), starts_.begin() + static_cast<std::ptrdiff_t>(stanza));
  for (auto& at : starts_) at -= keep;
  sent_ = 0;
  // Of the first of them nothing was cut.
  if (cut && !cut_twice && spell_out_first()) cut_before_ = false;
}

bool Outbox::spell_out_first() {
  const auto size = starts_.size() > 1 ? starts_[1] : buffer_.size();
  if (size == 0 || size > copies::most_bytes) return false;
  const auto stanza = parse_xml(std::string_view(buffer_).substr(0, size));
  if (!stanza) return false;
  std::string text;
  std::vector<std::size_t> starts;
  for (const auto& message : copies::made_of(stanza->root())) {
    starts.push_back(text.size());
    text += message;
  }
  if (starts.empty()) return false;
  starts_.erase(starts_.begin());
  for (const auto at : starts_) starts.push_back(at - size + text.size());
  buffer_.replace(0, size, text);
  starts_ = std::move(starts);
  return true;
}

}  // namespace crier
