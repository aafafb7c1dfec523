/// What the daemon knows of itself: its numbers, and the stanzas that somebody traces.

#include "app/daemon.hpp"

#include <crier/xml_writer.hpp>

#include "app/wall_clock.hpp"
#include "base/redacted.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace crier {

namespace {

using std::chrono::milliseconds;

/// What was traced leaves as soon.
constexpr milliseconds trace_pace{200};
/// What is traced waits while more than that is on its way to the server.
constexpr std::size_t trace_bytes = 256 * 1024;

std::uint64_t size_of(const std::string& file) {
  struct stat status {};
  return ::stat(file.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

/// In bytes. proc(5), statm.
std::uint64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  statm >> all >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

/// What goes beyond the rates is told of once in so long.
constexpr std::chrono::seconds refusals_every{60};

}  // namespace

void Daemon::begin_statistics(const Options& options) {
  auto& statistics = batch_.statistics();
  statistics.server = server_;
  statistics.database = std::filesystem::absolute(options.database).string();
  statistics.sizes = [file = statistics.database] {
    return Sizes{size_of(file), size_of(file + "-wal"), resident_bytes()};
  };
  const auto now = wall_clock().time_since_epoch();
  statistics.started.set(
      static_cast<std::uint64_t>(std::chrono::floor<std::chrono::seconds>(now).count()));
  if (options.metrics) metrics_.emplace(*options.metrics, statistics, service_.routes(), log_);
}

void Daemon::measure() {
  auto& statistics = batch_.statistics();
  const auto since_boot = now_.time_since_epoch();
  statistics.busy_since.set(static_cast<std::uint64_t>(since_boot.count()));
  const auto second = std::chrono::floor<std::chrono::seconds>(since_boot).count();
  statistics.nodes.advance(second);
  statistics.bouncing.advance(second);
  statistics.bytes_received.set(stream_.bytes_read());
  statistics.bytes_sent.set(stream_.bytes_written());
  statistics.stream_up.set(stream_.ready());
  statistics.outbox_answer_bytes.set(outbox_.answers_bytes());
  statistics.outbox_broadcast_bytes.set(outbox_.broadcasts_bytes());
  batch_.measure();
}

void Daemon::count_stream() {
  if (was_ready_) batch_.statistics().reconnects.add();
  was_ready_ = true;
}

void Daemon::note_received(const Element& stanza, LogModule door) {
  batch_.statistics().stanzas_received.add();
  if (log_.takes(LogLevel::debug, door))
    log_.write(LogLevel::debug, "received: " + redacted(to_xml(stanza)), door);
  // What the service wrote to a user of this machine who is gone comes back: it was shown when it
  // left.
  const bool is_own = stanza.attribute_or("from", "") == service_.policy().domain;
  if (batch_.taps().armed() && !is_own) batch_.taps().received(stanza, wall_clock());
}

Daemon::Instant Daemon::trace_due() const {
  return batch_.taps().armed() ? now_ + trace_pace : Instant::max();
}

void Daemon::show_traces() {
  auto& taps = batch_.taps();
  outbox_.set_tap([&taps](std::string_view stanza, const std::string* node) {
    taps.sent(stanza, node, wall_clock());
  });
  const bool is_full = outbox_.pending_bytes() > trace_bytes;
  auto messages = taps.take(wall_clock(), service_.policy().domain, is_full);
  batch_.statistics().traced.add(messages.size());
  if (!messages.empty()) let_out({.stanzas = std::move(messages), .broadcasts = {}});
  if (!taps.armed()) outbox_.set_tap({});
}

void Daemon::tell_of_refusals() {
  const auto& counts = batch_.rate_counts();
  const auto all = counts.refused + counts.dropped;
  if (all == refusals_told_ || now_ < refusals_due_) return;
  log_.write(LogLevel::warning,
             fmt::format("{} stanzas went beyond the limits, {} in all; the last was of {}",
                         all - refusals_told_, all, counts.last));
  refusals_told_ = all;
  refusals_due_ = now_ + refusals_every;
}

}  // namespace crier
