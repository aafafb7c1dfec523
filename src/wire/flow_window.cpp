#include "wire/flow_window.hpp"

namespace crier {

namespace {

/// What part of the least window broadcasts get for each probe that comes back while answers fill
/// the window.
constexpr std::size_t least_shares = 8;

}  // namespace

void FlowWindow::set_copied(bool copied) {
  least_ = copied ? least_copied : least;
  window_ = copied ? std::min(window_, 8 * least_copied) : std::max(window_, least);
}

bool FlowWindow::is_blind(Instant now) const {
  return !answers_ || (!probes_.empty() && now - probes_.front().at >= patience);
}

bool FlowWindow::is_slack(Instant now) const {
  return is_blind(now) || sent_ - taken_ <= std::max(window_, least) / probes_in_window;
}

std::size_t FlowWindow::room(Instant now) const {
  if (is_blind(now)) return unlimited;
  const auto queued = sent_ - taken_;
  // In pieces, each with a probe behind it, so that room comes back as steadily as it is used.
  if (queued < window_)
    return std::min(window_ - static_cast<std::size_t>(queued), window_ / probes_in_window);
  return share_;
}

std::optional<std::uint64_t> FlowWindow::due_probe(Instant now, bool waiting) {
  // Whether it answers at all, one probe tells; whether it does so again, one in a while.
  if (!answers_ && !probes_.empty()) return {};
  if (is_blind(now) && !probes_.empty() && now - probes_.back().at < patience) return {};
  if (!waiting && !is_blind(now) && !probes_.empty()) return {};
  const auto distance = (answers_ ? window_ : least_) / probes_in_window;
  const auto unprobed = sent_ - probed_at_;
  const auto queued = sent_ - taken_;
  const bool is_wanted = (queued >= window_ || !is_slack(now)) && unprobed > 0 && probes_.empty();
  const bool is_early = last_probed_ && now - *last_probed_ < probe_distance;
  if ((unprobed < distance || is_early) && !is_wanted) return {};
  probes_.push_back({++last_probe_, sent_, now});
  probed_at_ = sent_;
  last_probed_ = now;
  return last_probe_;
}

void FlowWindow::answered(std::uint64_t number, Instant now, Clock::duration busy) {
  while (!probes_.empty() && probes_.front().number < number) probes_.pop_front();
  if (probes_.empty() || probes_.front().number != number) return;
  const auto probe = probes_.front();
  probes_.pop_front();
  answers_ = true;
  taken_ = probe.behind;
  share_ = least_ / least_shares;
  shortest_ = std::min(shortest_, now - probe.at);
  if (number <= adapted_at_) return;
  adapted_at_ = last_probe_;
  adapt(now - probe.at, shortest_ + target + busy);
}

/// By half at most, so that a server that paused once is not starved.
void FlowWindow::adapt(Clock::duration queued, Clock::duration most_queued) {
  if (queued > most_queued) {
    const auto part = std::max(0.5, std::chrono::duration<double>(most_queued) / queued);
    window_ = std::max(least_, static_cast<std::size_t>(static_cast<double>(window_) * part));
  } else if (held_back_) {
    window_ = std::min(most, window_ + window_ / 2);
  }
  held_back_ = false;
}

FlowWindow::Instant FlowWindow::wake() const {
  return answers_ && !probes_.empty() ? probes_.front().at + patience : Instant::max();
}

}  // namespace crier
