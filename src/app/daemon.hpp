#pragma once
/// The service as a process: it composes the rooms and turns the one loop.
///
///     poll → read what is there, until the batch is old → every stanza into one batch → commit →
///     its effects into the outbox → write → poll
///
/// Nothing leaves before the commit that holds it has returned. There is one thread, and one that
/// waits for the disk while this one sends what an earlier commit has let out.

#include "app/batch_pace.hpp"
#include "app/commit_thread.hpp"
#include "app/dice.hpp"
#include "app/live_options.hpp"
#include "app/log.hpp"
#include "app/metrics_server.hpp"
#include "app/signals.hpp"
#include "model/node_cache.hpp"
#include "pubsub/batch.hpp"
#include "storage/sqlite_store.hpp"
#include "wire/component_stream.hpp"
#include "wire/control_door.hpp"
#include "wire/outbox.hpp"

#include <chrono>
#include <optional>

namespace crier {

class Daemon {
 public:
  /// Opens the database. Throws Fault when that, or the certificates, can not be had.
  Daemon(LiveOptions& configuration, Log& log);

  /// Serves until SIGTERM or SIGINT has come, or an administrator has said so, and what was begun
  /// is sent and closed; connects for as long as it takes.
  void run();

 private:
  using Instant = ComponentStream::Instant;

  ComponentStream::Settings stream_settings(const Options& options);
  ComponentStream::Events stream_events();
  World world();
  Report report(LogModule module);
  void turn();
  int timeout();
  void commit(Store& store);
  void send_until_committed() noexcept;
  void open_control(const Options& options);
  void take(Document stanza);
  void take_local(Document stanza);
  /// Gives a stanza to a user of this machine, if it is for one who is there.
  bool deliver_local(const Element& stanza);
  void deliver_local(std::vector<std::string>& stanzas);
  /// A user of this machine is there, or is not any more.
  void take_local_presence(std::string_view jid, std::string_view type);
  void end_local(const Jid& jid);
  /// Around each stanza that goes into the batch.
  void begin_stanza();
  void end_stanza();
  bool is_old() const;
  void gather();
  void release();
  /// Lets out what was committed.
  void let_out(Effects effects);
  void take_signal();
  /// Does what an administrator has told the process to do.
  void follow(const Orders& orders);
  /// Says goodbye and closes the stream; the second time at once.
  void stop();
  /// Reads the configuration again, which is applied between batches; tells the log.
  Result<Reload> read_configuration(std::string_view occasion);
  void apply_configuration();
  Instant timer_due();
  Instant sweep_due() const;
  Instant trim_due() const;
  Instant progress_due() const;
  Instant trace_due() const;
  void note_progress();
  void run_timers();
  /// Whether the service has something to do by itself now; does a slice of it.
  bool has_work() const;
  void work();
  void tidy_up();
  /// Tells the log of what went beyond the rates, once in a while.
  void tell_of_refusals();
  void trace(const Effects& effects) const;
  // daemon_insight.cpp
  void begin_statistics(const Options& options);
  /// Brings the numbers up to date that tell what is now.
  void measure();
  void count_stream();
  void note_received(const Element& stanza, LogModule door);
  /// Shows to those who trace what came and left since the last call.
  void show_traces();

  LiveOptions& configuration_;
  Log& log_;
  /// As configured, for the line that says that the service is ready.
  std::string server_;
  Signals signals_;
  Dice dice_;
  Service service_;
  std::unique_ptr<SqliteStore> store_;
  CommitThread commits_;
  /// It was ready once.
  bool is_started_ = false;
  /// A command has read the configuration again, and is on disk.
  bool configuration_wanted_ = false;
  /// Between the first turn and the last.
  bool running_ = false;
  NodeCache nodes_;
  Batch batch_;
  std::size_t outbox_bytes_;
  Outbox outbox_;
  ComponentStream stream_;
  /// Null when there is none.
  std::unique_ptr<ControlDoor> control_;

  Instant now_;
  /// When the batch that is open was begun.
  Instant batch_begun_;
  BatchPace pace_;
  /// A batch was committed in this turn: what it lets out shall leave before more is read.
  bool released_ = false;
  /// When the last batch was committed, when removed rows were swept, and when it was noted how far
  /// notifications have come.
  Instant busy_at_;
  Instant swept_at_;
  Instant progress_noted_at_;
  bool progress_failed_ = false;
  /// Something may be there to be swept, or to be given back to the system.
  bool sweep_wanted_ = true;
  bool trim_wanted_ = true;
  bool progress_wanted_ = true;
  bool stopping_ = false;
  /// When it stops because an administrator has said so.
  Instant stop_at_ = Instant::max();
  /// What the log was told of what went beyond the rates, and when it may be told again.
  std::uint64_t refusals_told_ = 0;
  Instant refusals_due_;
  bool was_ready_ = false;
  /// Last: its thread reads what stands above.
  std::optional<MetricsServer> metrics_;
};

}  // namespace crier
