#include "app/daemon.hpp"

#include <crier/xml_writer.hpp>

#include "app/service_manager.hpp"
#include "app/wall_clock.hpp"
#include "base/redacted.hpp"

#include <fmt/format.h>
#include <malloc.h>
#include <poll.h>

#include <algorithm>
#include <array>

namespace crier {

namespace {

using std::chrono::milliseconds;

constexpr std::array handled_signals = {SIGTERM, SIGINT, SIGHUP};

/// A batch ends there, even if more was read already.
constexpr std::size_t max_batch = 1024;
/// While all that comes stands aside, and there is always more, it is read on for so long at most.
constexpr milliseconds crowd_reading{40};
/// How long SIGTERM waits for the server to take what is there for it.
constexpr milliseconds patience{5'000};
/// Removed rows are swept when there was no batch for so long, or, while there always is one, once
/// in so long; that many at a time.
constexpr milliseconds sweep_idle{20};
constexpr milliseconds sweep_busy{100};
constexpr std::size_t sweep_rows = 500;
/// How far notifications have come is noted as soon, or once in so long while they are on their
/// way: what is sent between the last note and a crash is sent again.
constexpr milliseconds progress_busy{500};
/// And after so long when the disk did not take the note.
constexpr milliseconds progress_retry{10'000};
/// Memory that was freed goes back to the system when there was no batch for so long.
constexpr milliseconds trim_idle{1'000};

/// That many timers run before the stream is served again.
constexpr std::size_t timers_at_once = 100;
/// The clock that timers go by may be set: it is looked at again after so long.
constexpr std::chrono::seconds timer_horizon{10};

/// The service does nothing by itself while more than that waits for the stream.
constexpr std::size_t work_bytes = 256 * 1024;

constexpr auto never = ComponentStream::Instant::max();

}  // namespace

Daemon::Daemon(LiveOptions& configuration, Log& log)
    : configuration_(configuration),
      log_(log),
      server_(to_text(configuration.options().server)),
      signals_(handled_signals),
      service_(make_service(configuration.options().policy)),
      store_(SqliteStore::open(configuration.options().database)),
      nodes_(configuration.options().node_cache_bytes),
      batch_(service_, *store_, nodes_, world(),
             [this](std::string_view what, std::string_view stanza) {
               log_.write(LogLevel::error,
                          stanza.empty() ? std::string(what) : fmt::format("{}: {}", what, stanza),
                          stanza.empty() ? LogModule::storage : LogModule::service);
             }),
      outbox_bytes_(configuration.options().outbox_bytes),
      outbox_(report(LogModule::stream), &batch_.statistics()),
      stream_(stream_settings(configuration.options()), outbox_, stream_events()),
      now_(ComponentStream::Clock::now()),
      batch_begun_(now_),
      busy_at_(now_),
      swept_at_(now_),
      progress_noted_at_(now_),
      refusals_due_(now_) {
  store_->checkpoint_beside();
  open_control(configuration.options());
  begin_statistics(configuration.options());
}

World Daemon::world() {
  return {.now = wall_clock,
          .random = [this] { return dice_(); },
          .uptime =
              [started = std::chrono::steady_clock::now()] {
                return std::chrono::floor<std::chrono::seconds>(std::chrono::steady_clock::now() -
                                                                started);
              },
          .commit = [this](Store& store) { commit(store); },
          .reload = [this] { return read_configuration("a command"); }};
}

Report Daemon::report(LogModule module) {
  return [this, module](LogLevel level, std::string_view message) {
    log_.write(level, message, module);
  };
}

ComponentStream::Settings Daemon::stream_settings(const Options& options) {
  ComponentStream::Settings settings;
  settings.domain = options.policy.domain;
  settings.server = options.server;
  settings.secret = options.secret;
  if (options.tls) settings.tls.emplace(options.tls_ca);
  settings.limits.max_stanza_bytes = options.max_stanza_bytes;
  settings.max_pending_bytes = options.outbox_bytes;
  settings.copied = options.server_copies;
  settings.random = [this] { return dice_(); };
  return settings;
}

ComponentStream::Events Daemon::stream_events() {
  ComponentStream::Events events;
  events.on_ready = [this] {
    log_.write(LogLevel::info, fmt::format("ready: {} via {}", service_.policy().domain, server_));
    notify_service_manager("READY=1");
    count_stream();
    is_started_ = true;
    let_out(batch_.connected());
    // All presence was forgotten with the stream before.
    if (!control_) return;
    for (const auto& jid : control_->present()) take_local_presence(jid, {});
  };
  events.on_lost = [this] { batch_.disconnected(); };
  events.on_stanza = [this](Document stanza) { take(std::move(stanza)); };
  events.on_oversized = [this](Document header, std::string_view reason) {
    begin_stanza();
    batch_.refuse_oversized(std::move(header), reason);
    end_stanza();
  };
  events.report = report(LogModule::stream);
  return events;
}

void Daemon::run() {
  running_ = true;
  while (!stream_.closed()) turn();
  running_ = false;
  note_progress();
  try {
    store_->checkpoint();
  } catch (const StoreFailure& failure) {
    // All is in the write-ahead log, which the next start reads.
    log_.write(LogLevel::warning, failure.what(), LogModule::storage);
  }
  log_.write(LogLevel::info, "stopped");
}

void Daemon::turn() {
  std::array<pollfd, 3> polled{{{signals_.fd(), POLLIN, 0},
                                {stream_.fd(), stream_.events(), 0},
                                {control_ ? control_->fd() : -1, POLLIN, 0}}};
  const int happened = ::poll(polled.data(), polled.size(), timeout());
  now_ = ComponentStream::Clock::now();
  measure();
  released_ = false;
  if (polled[0].revents != 0) take_signal();
  if (now_ >= stop_at_) stop();
  stream_.advance(happened > 0 ? polled[1].revents : short{0}, now_);
  if (control_ && (polled[2].revents != 0 || control_->has_ended())) control_->advance();
  gather();
  release();
  // One that was read for a batch which came to nothing does not hold.
  if (std::exchange(configuration_wanted_, false))
    apply_configuration();
  else
    configuration_.drop();
  run_timers();
  work();
  if (batch_.taps().armed()) show_traces();
  stream_.flush(ComponentStream::Clock::now());
  if (control_) control_->flush();
  tidy_up();
  batch_.statistics().busy_since.set(0);
}

int Daemon::timeout() {
  if (has_work() || (control_ && control_->has_ended())) return 0;
  const auto wake = std::min({stream_.wake(), timer_due(), sweep_due(), trim_due(), progress_due(),
                              trace_due(), stop_at_});
  const auto wait = std::chrono::ceil<milliseconds>(wake - ComponentStream::Clock::now());
  return static_cast<int>(std::clamp<milliseconds::rep>(wait.count(), 0, 60'000));
}

/// A fan-out does not stop for each sync that the requests of others need. Sending touches neither
/// the store nor the nodes' cache.
void Daemon::commit(Store& store) {
  if (!store_->has_written()) return store.commit();
  const auto work = [this, &store] {
    const auto begin = ComponentStream::Clock::now();
    store.commit();
    const auto cost = ComponentStream::Clock::now() - begin;
    pace_.committed(cost);
    auto& statistics = batch_.statistics();
    statistics.commit_seconds.observe(std::chrono::duration<double>(cost).count());
    statistics.storage_failing.set(0);
  };
  if (!running_ || !stream_.wants_write()) return work();
  commits_.begin(work);
  send_until_committed();
  commits_.end();
}

void Daemon::send_until_committed() noexcept {
  std::array<pollfd, 2> polled{{{commits_.fd(), POLLIN, 0}, {}}};
  while (polled[0].revents == 0) {
    polled[1] = {stream_.wants_write() ? stream_.fd() : -1, POLLOUT, 0};
    const int happened = ::poll(polled.data(), polled.size(), -1);
    if (happened <= 0 || polled[1].revents == 0) continue;
    try {
      stream_.send(ComponentStream::Clock::now());
    } catch (const std::exception&) {
      return;  // The turn's own flush will meet it again, with no commit under way.
    }
  }
}

void Daemon::take(Document stanza) {
  note_received(stanza.root(), LogModule::stream);
  if (deliver_local(stanza.root())) return;
  begin_stanza();
  batch_.handle(std::move(stanza));
  end_stanza();
}

void Daemon::begin_stanza() {
  if (batch_.size() == 0) batch_begun_ = ComponentStream::Clock::now();
}

void Daemon::end_stanza() {
  if (batch_.size() >= max_batch || is_old()) release();
}

bool Daemon::is_old() const {
  return ComponentStream::Clock::now() - batch_begun_ >= pace_.span();
}

/// What has come in the meantime goes into the same batch: one sync serves all of it. Behind what
/// stands aside something may come that does not.
void Daemon::gather() {
  const auto until = ComponentStream::Clock::now() + crowd_reading;
  const auto goes_on = [&] {
    if (batch_.size() > 0) return !is_old();
    return stream_.is_crowded() && ComponentStream::Clock::now() < until;
  };
  while (!released_ && goes_on() && stream_.read_on(ComponentStream::Clock::now())) continue;
}

void Daemon::release() {
  if (batch_.size() == 0) return;
  released_ = true;
  batch_.statistics().batch_stanzas.observe(static_cast<double>(batch_.size()));
  let_out(batch_.commit());
}

void Daemon::let_out(Effects effects) {
  if (log_.takes(LogLevel::debug, LogModule::stream)) trace(effects);
  follow(effects.orders);
  deliver_local(effects.stanzas);
  outbox_.add(std::move(effects));
  busy_at_ = now_;
  sweep_wanted_ = true;
  trim_wanted_ = true;
  progress_wanted_ = true;
}

void Daemon::trace(const Effects& effects) const {
  for (const auto& stanza : effects.stanzas)
    log_.write(LogLevel::debug, "sent: " + redacted(stanza), LogModule::stream);
  for (const auto& broadcast : effects.broadcasts)
    log_.write(LogLevel::debug,
               fmt::format("sent: an event of {} bytes to the subscribers of node {}",
                           broadcast.bytes(), static_cast<std::int64_t>(broadcast.node())),
               LogModule::stream);
}

void Daemon::take_signal() {
  const int signal = signals_.take();
  if (signal == 0) return;
  if (signal == SIGHUP) {
    notify_service_manager(reloading_state());
    const auto reload = read_configuration("SIGHUP");
    if (reload && !reload.value().empty())
      let_out(batch_.note(
          {.action = "reload", .subject = "SIGHUP", .new_value = to_text(reload.value())}));
    apply_configuration();
    if (is_started_) notify_service_manager("READY=1");
    return;
  }
  stop();
}

void Daemon::follow(const Orders& orders) {
  if (const auto level = parse_log_level(orders.log_level)) {
    log_.set_level(*level);
    log_.write(LogLevel::info,
               fmt::format("an administrator has set the log to {}", orders.log_level));
  }
  configuration_wanted_ |= orders.apply_configuration;
  if (!orders.shut_down) return;
  log_.write(LogLevel::info, fmt::format("an administrator shuts the service down in {} s",
                                         orders.shut_down->count()));
  stop_at_ = now_ + *orders.shut_down;
}

void Daemon::stop() {
  stop_at_ = never;
  log_.write(LogLevel::info, stopping_ ? "stopping at once" : "stopping");
  if (!stopping_) {
    notify_service_manager("STOPPING=1");
    let_out(batch_.farewell());
  }
  // Who asks twice does not want to wait.
  stream_.close(now_, stopping_ ? milliseconds(0) : patience);
  stopping_ = true;
}

Daemon::Instant Daemon::timer_due() {
  // What is due waits while the server does not take what is there for it already.
  if (outbox_.pending_bytes() >= outbox_bytes_) return never;
  const auto due = batch_.next_timer();
  if (due == Time::max()) return never;
  const auto wait = due - wall_clock();
  return wait <= wait.zero() ? now_ : now_ + std::min<Time::duration>(wait, timer_horizon);
}

bool Daemon::has_work() const {
  // What it lets out waits until the server has taken what is there for it already.
  if (stopping_ || outbox_.pending_bytes() >= work_bytes || !stream_.is_slack()) return false;
  // Replays wait until it is known who else is there to get the same.
  return stream_.has_aside() ? batch_.has_ready() : batch_.has_work();
}

void Daemon::work() {
  if (has_work()) let_out(batch_.work());
}

void Daemon::run_timers() {
  if (timer_due() <= now_) let_out(batch_.run_timers(timers_at_once));
}

Daemon::Instant Daemon::sweep_due() const {
  return sweep_wanted_ ? std::min(busy_at_ + sweep_idle, swept_at_ + sweep_busy) : never;
}

Daemon::Instant Daemon::trim_due() const {
  return trim_wanted_ ? busy_at_ + trim_idle : never;
}

Daemon::Instant Daemon::progress_due() const {
  if (!progress_wanted_) return never;
  if (progress_failed_) return progress_noted_at_ + progress_retry;
  const auto busy = progress_noted_at_ + progress_busy;
  return outbox_.empty() ? std::min(busy_at_ + sweep_idle, busy) : busy;
}

void Daemon::note_progress() {
  const auto unfinished = outbox_.unfinished();
  progress_failed_ = !batch_.note_progress(unfinished);
  progress_wanted_ = progress_failed_ || !unfinished.empty();
  progress_noted_at_ = now_;
}

void Daemon::tidy_up() {
  tell_of_refusals();
  if (now_ >= progress_due()) note_progress();
  if (now_ >= sweep_due()) {
    sweep_wanted_ = batch_.sweep(sweep_rows);
    swept_at_ = now_;
  }
  if (now_ >= trim_due() && !sweep_wanted_) {
    malloc_trim(0);
    trim_wanted_ = false;
  }
}

}  // namespace crier
