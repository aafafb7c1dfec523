#pragma once
/// Many stanzas, one commit.

#include <crier/service.hpp>
#include <crier/store.hpp>

#include "model/node_cache.hpp"
#include "pubsub/rates.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crier {

/// Answers stanzas inside of one transaction of the store and lets nothing out before it is
/// committed.
///
/// When the disk fails, every request of the batch is answered with an error of type `wait`. When
/// answering one stanza ends in a defect of ours, the transaction is rolled back and the stanzas
/// are answered again, each in a transaction of its own, so that only the one at fault is refused.
/// Either way the nodes that were touched are dropped from memory: the store is the truth, and
/// nothing is ever undone by hand.
class Batch {
 public:
  /// Told of what is our fault or the disk's, with the start tag of the stanza at fault, if it is
  /// one's: for the log.
  using Complain = std::function<void(std::string_view what, std::string_view stanza)>;

  Batch(const Service& service, Store& store, NodeCache& nodes, World world, Complain complain);

  /// Answers the stanza; the answer is let out by commit(). From an address at the service's own
  /// domain nothing is taken, unless it came through the control socket: `is_local`.
  void handle(Document stanza, bool is_local = false);
  /// Refuses a stanza that went over a limit while it was read; only its start tag is known.
  void refuse_oversized(Document header, std::string_view reason, bool is_local = false);
  /// How many stanzas wait for the commit.
  std::size_t size() const { return entries_.size(); }
  /// Ends the batch; what it returns may leave. An empty batch costs nothing.
  Effects commit();

  /// The service is made anew by another policy of the same domain; `before` is what it was. What
  /// follows from the old one is forgotten, and who sees the service's presence is told what it can
  /// do now. Between batches only.
  void policy_changed(const Service& before);
  const RateCounts& rate_counts() const { return rate_counts_; }

  /// The stream is there, or not any more: what was known while it lived is forgotten.
  Effects connected();
  void disconnected();
  /// What is said before the stream is ended.
  Effects farewell();
  /// Puts into the audit log what the service does by itself. Between batches only.
  Effects note(AuditEntry entry);
  /// Whether the service has something to do by itself while nothing is received; does a slice of
  /// it, in a transaction of its own. Between batches only.
  bool has_work() const;
  /// Whether that begins with requests which waited for an answer that has come.
  bool has_ready() const;
  Effects work();

  /// When the next timer is due; Time::max() when none is set.
  Time next_timer();
  /// Runs timers that are due, at most `most`, in a transaction of its own; what it returns may
  /// leave. Between batches only.
  Effects run_timers(std::size_t most);

  /// Takes note of how far notifications have come, in a transaction of its own if there is
  /// anything new: `unfinished` is what is on its way. False when the store can not, which is to be
  /// tried again later. Between batches only.
  bool note_progress(const std::vector<Fanout>& unfinished);

  Statistics& statistics() { return *world_.statistics; }
  Taps& taps() { return world_.taps; }
  const Taps& taps() const { return world_.taps; }
  /// Brings the numbers up to date that tell what is now.
  void measure();

  /// Removes from the store what removed nodes and purges left, in a transaction of its own, at
  /// most about `rows` rows; false when nothing is left to do. Between batches only.
  bool sweep(std::size_t rows);

 private:
  struct Entry {
    Document stanza;
    /// The limit that it went over; empty for a stanza that is whole.
    std::string oversized = {};
    /// It has waited for rosters.
    bool has_waited = false;
    /// It came through the control socket.
    bool is_local = false;
    /// It was within the rates, which is asked once: also of what has waited, or is answered again.
    bool is_admitted = false;
  };
  enum class Outcome { good, defect, store_failure };
  /// What the disk did not let happen is tried again after so long.
  static constexpr std::chrono::seconds retry_after{1};

  /// Whether what the disk did not let happen is not tried again yet.
  bool rests() const;
  void add(Entry entry);
  /// Answers one stanza inside of the open transaction, or opens it when `begin`.
  Outcome answer(Entry& entry, bool begin);
  void handle(Entry& entry, Turn& turn);
  /// Does `work` in a transaction of its own, of which nothing is left when it ends badly.
  template <class Work>
  Outcome transact(Work work);
  /// The same for what is about the store alone: nothing else is undone.
  template <class Work>
  Outcome attempt(Work work);
  /// Nodes are as other rules of the operator want them.
  void apply_node_rules();
  Outcome run(std::span<const Timer> timers);
  void run_each_alone(std::span<const Timer> timers);
  Outcome commit_transaction();
  /// The store has failed.
  Outcome failed(const StoreFailure& failure);
  /// What may leave now, counted.
  Effects released();
  /// Does one thing that no stanza has asked for.
  template <class Work>
  Effects act(Work work);
  /// Takes the questions that were not answered in time.
  void take_silences();
  /// Takes back all that is not committed.
  void abandon();
  /// What is known while the stream lives begins anew.
  void begin_session();
  void resume();
  void store(const FanoutProgress& progress);
  void answer_each_alone();
  /// Asks for what requests wait for, once it is settled that they do.
  void begin_waiting();
  /// Handles requests that wait no more, as a batch.
  Effects handle_ready();
  void refuse(const Entry& entry, const ErrorKind& error, Effects& effects) const;

  const Service& service_;
  Store& store_;
  NodeCache& nodes_;
  World world_;
  Complain complain_;
  RateLimiter limiter_;
  RateCounts rate_counts_;
  std::vector<Entry> entries_;
  Effects effects_;
  Outcome outcome_ = Outcome::good;
  /// What the store knows of how far notifications have come; nothing until what the process before
  /// has left is taken up.
  std::optional<FanoutProgress> noted_;
  /// The last item when that was noted: what is on its way since then is noted when it still is the
  /// next time.
  Seq noted_at_{};
  /// The last item that the process before has left.
  Seq resumed_{};
  /// When that is tried again; Time::max() when it need not be.
  Time resume_due_ = Time::max();
  /// Nothing is done between stanzas before: it has failed.
  Time rests_until_ = Time::min();
};

}  // namespace crier
