/// What a component's stream writes, and the probes that tell how much is on its way.

#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "wire/component_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace crier {

namespace {

using std::chrono::milliseconds;

/// What one flush() may write before the loop reads again.
constexpr std::size_t flush_bytes = 1024 * 1024;
/// How long the server may take to close its side after us.
constexpr milliseconds last_words{1'000};

}  // namespace

/// A ping to itself, which leads through the server. It comes back as it is, or answered in our
/// place.
void ComponentStream::probe() {
  if (!settings_.paced || state_ == State::closing) return;
  const auto number = window_.due_probe(now_, outbox_.broadcasts_bytes() > 0);
  if (!number) return;
  const auto self = escape_attribute(settings_.domain);
  outbox_.add(fmt::format("<iq type='get' id='{}{}' from='{}' to='{}'><ping xmlns='{}'/></iq>",
                          probe_id, *number, self, self, ns::ping));
}

bool ComponentStream::take_probe(const Element& stanza) {
  const auto id = stanza.attribute_or("id", "");
  if (!id.starts_with(probe_id)) return false;
  std::uint64_t number = 0;
  std::from_chars(id.data() + probe_id.size(), id.data() + id.size(), number);
  window_.answered(number, read_at_, 2 * busy_);
  return true;
}

void ComponentStream::flush(Instant now) {
  busy_ = now - advanced_at_;
  send(now);
}

void ComponentStream::send(Instant now) {
  now_ = now;
  if (!connection_ || broken_ || state_ == State::connecting || state_ == State::securing) return;
  try {
    if (state_ == State::closing) return write_end();
    if (write_control() && state_ == State::ready) write_outbox();
  } catch (const ConnectionLost&) {
    // The server may have said why before it closed: that, and whatever came before it, is read
    // until reading fails as well.
    broken_ = true;
    deadline_ = std::min(deadline_, now_ + last_words);
  }
}

bool ComponentStream::write_control() {
  while (!control_.empty()) {
    const auto count = connection_->write(control_);
    if (count == 0) return false;
    control_.erase(0, count);
    bytes_written_ += count;
  }
  return true;
}

std::string_view ComponentStream::render() {
  const auto before = outbox_.rendered();
  const auto bytes = outbox_.next(room());
  window_.rendered(static_cast<std::size_t>(outbox_.rendered() - before));
  const bool waits = bytes.empty() && !outbox_.empty() && !outbox_.has_next(room());
  if (waits && !held_until_) window_.held_back();
  return bytes;
}

void ComponentStream::write_outbox() {
  std::size_t written = 0;
  probe();  // The window may have become smaller than what is on its way.
  for (auto bytes = render(); !bytes.empty(); bytes = render()) {
    const auto count = connection_->write(bytes);
    if (count > 0 && stalled_) heard();
    if (count > 0) stalled_.reset();
    if (count < bytes.size() && !stalled_) stalled_ = now_;
    outbox_.sent(count);
    window_.sent(count);
    bytes_written_ += count;
    probe();
    written += count;
    if (stalled_ || written >= flush_bytes) return;
  }
}

void ComponentStream::write_end() {
  if (!end_sent_) {
    write_outbox();
    if (!outbox_.empty() || held_until_) return;
    control_ = stream_end;
    end_sent_ = true;
  }
  if (control_.empty() || !write_control()) return;
  connection_->finish_writing();
  deadline_ = std::min(deadline_, now_ + last_words);
}

void ComponentStream::send_last(std::string_view text) {
  if (broken_ || outbox_.inside_stanza()) return;
  try {
    (void)connection_->write(text);
  } catch (const ConnectionLost&) {
    // It was a courtesy.
  }
}

}  // namespace crier
