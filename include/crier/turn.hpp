#pragma once
/// Answering one stanza: what a use case may know, and what it may cause.

#include <crier/audit.hpp>
#include <crier/bans.hpp>
#include <crier/broadcast.hpp>
#include <crier/error.hpp>
#include <crier/jid.hpp>
#include <crier/node.hpp>
#include <crier/policy.hpp>
#include <crier/reload.hpp>
#include <crier/session.hpp>
#include <crier/statistics.hpp>
#include <crier/store.hpp>
#include <crier/taps.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace crier {

class Service;
class NodeCache;
struct Request;

/// Time and dice, which the core does not have of its own.
struct World {
  std::function<Time()> now;
  /// Uniform and unpredictable.
  std::function<std::uint64_t()> random;
  /// The number of the last event. Starts from the clock, so that ids made of it are not used
  /// again by the next process.
  std::uint64_t last_event = 0;
  /// No timer is due before; there may be none.
  Time next_timer = Time::min();
  /// How long the service runs; not moved by a clock that is set.
  std::function<std::chrono::seconds()> uptime = {};
  /// Commits the store's transaction; what was let out before may leave meanwhile, but nothing else
  /// touches the store or the nodes until it returns.
  std::function<void(Store&)> commit = [](Store& store) { store.commit(); };
  /// Reads the configuration again and checks it. What it says of it holds once the batch is done;
  /// refuses with a line that says what is wrong.
  std::function<Result<Reload>()> reload = {};
  /// While broadcasts that were begun in it are on their way it outlives its stream.
  std::shared_ptr<Session> session = std::make_shared<Session>();
  Bans bans = {};
  /// What they were before the open transaction has changed them.
  std::optional<Bans> bans_before = {};
  /// What is counted, and who is shown what leaves and comes: for as long as the process lives.
  std::unique_ptr<Statistics> statistics = std::make_unique<Statistics>();
  Taps taps = {};
};

/// What the process itself shall do.
struct Orders {
  /// End after so long.
  std::optional<std::chrono::seconds> shut_down = {};
  /// Log from that level on: error, warning, info or debug. Empty: as before.
  std::string log_level = {};
  /// Show stanzas, or show no more to those askers (full JIDs).
  std::vector<Tap> taps = {};
  std::vector<std::string> untapped = {};
  /// Let hold what Turn::reload() has read.
  bool apply_configuration = false;
};

/// What shall leave the process once the batch is on disk.
struct Effects {
  /// Whole stanzas, each to one entity: replies, and messages that are for nobody else.
  std::vector<std::string> stanzas;
  std::vector<Broadcast> broadcasts;
  /// Requests that wait for rosters, before those are asked for: what is not committed did not
  /// happen.
  std::vector<WaitingRequest> waiting = {};
  Orders orders = {};
  /// What was answered, and how many items were published: for the statistics.
  std::vector<CountedRequest> counted = {};
  std::uint64_t items_published = 0;
};

/// One stanza's view of the service. Checks come before the first change; after that nothing can
/// be refused any more.
class Turn {
 public:
  Turn(const Service& service, Store& store, NodeCache& nodes, Effects& effects, World& world);

  const Service& service() const { return service_; }
  const Policy& policy() const;
  Store& store() { return store_; }
  Time now() const { return now_; }
  std::chrono::seconds uptime() const { return world_.uptime(); }
  /// Lets the process read its configuration again, for the turns after the batch.
  /// Refuses with bad-request one that is wrong, of which nothing is used, with
  /// feature-not-implemented when there is none to be read.
  Result<Reload> reload();
  /// An id that was never used before: 20 characters of a-z, 2-7; 100 random bits.
  std::string fresh_id();
  /// Grows with each call, over the life of the process.
  EventNumber next_event();

  /// The node that the request names.
  /// Refuses with nodeid-required when it names none, item-not-found when there is no such node,
  /// or when the policy conceals it.
  Result<const Node*> node(const Request& request);
  /// The same, for what tells of the node itself: one that the asker may not see is as good as
  /// none. §14.3
  Result<const Node*> visible_node(const Request& request);
  /// Whether the policy keeps from `who` that the node is there. §14.3
  bool conceals(const Node& node, const Jid& who);
  /// The same, or the root collection when the request names none. XEP-0248 §8.1
  Result<const Node*> node_or_root(const Request& request);
  /// The root collection, which belongs to the service and always is.
  const Node& root();
  /// The node of that name at the service's domain, or null.
  const Node* find(std::string_view name);
  /// The same node, to be changed. Everything that is changed here must be stored too; when the
  /// turn or the batch fails the node is dropped from memory.
  Node& change(const Node& node);
  /// The node of that name if it is in memory, or null: what is not will be as the store has it
  /// then.
  const Node* in_memory(std::string_view name);
  /// The node of that id, or null.
  const Node* find(NodeId id);
  /// Takes a new node into memory, after the store has it.
  Node& add(std::shared_ptr<Node> node);
  /// Forgets a node that the store has removed. The reference stays valid during the turn.
  void forget(const Node& node);

  void set_timer(const Timer& timer);
  /// Sets the timer unless there is one of that kind for the subject.
  void add_timer(const Timer& timer);

  /// What is known while the stream lives.
  Session& session() { return *world_.session; }
  const Session& session() const { return *world_.session; }
  /// The same for what may be on its way when the stream ends: then it goes by what was known
  /// there.
  std::shared_ptr<const Session> shared_session() const { return world_.session; }

  /// The request can not be answered before the roster of that owner is known. Before the first
  /// change only: it is handled again from its start.
  void need_roster(std::string_view owner) { needed_.emplace(owner); }
  /// The request has waited for rosters and does so no more: what is not known counts as empty.
  bool has_waited() const { return has_waited_; }
  void set_waited() { has_waited_ = true; }
  /// The stanza came through the control socket, where the sender may be of the service's domain.
  bool is_local() const { return is_local_; }
  void set_local() { is_local_ = true; }
  /// Lets the request wait for the rosters that it needs; false when it needs none, or too many
  /// wait already.
  bool defer(const Element& request);

  /// Sends an IQ of the service's own and remembers to whom and why; whoever has registered for
  /// that kind gets the answer, or that there was none within `patience`. False when too many wait
  /// already.
  bool ask(std::string_view type, std::string_view payload, Question question,
           std::chrono::seconds patience = std::chrono::seconds(60));
  /// All bans. Of what is sent to one entity its sender asks whether that is banned; what is
  /// broadcast is held back from them.
  const Bans& bans() { return world_.bans.loaded ? world_.bans : load_bans(); }
  /// The ban that somebody is under, or null; the service's admins are under none.
  const Ban* ban_of(const Jid& who);
  void ban(Ban ban);
  void unban(std::string_view jid);

  /// Puts an entry, without its time and number, into the audit log.
  void audit(AuditEntry entry);
  /// What the process shall do once the batch is on disk.
  Orders& orders() { return effects_.orders; }
  /// What is counted; of what a transaction decides only what may be wrong by those that fail.
  Statistics& statistics() { return *world_.statistics; }
  Taps& taps() { return world_.taps; }
  /// A request was answered, items were published: counted once they are committed.
  void count(CountedRequest request) { effects_.counted.push_back(request); }
  void count_items(std::size_t items) { effects_.items_published += items; }

  void send(std::string stanza);
  void broadcast(Broadcast broadcast);

 private:
  const Bans& load_bans();
  /// Which nodes of interest there are has changed.
  void forget_interest(std::string_view name);

  const Service& service_;
  Store& store_;
  NodeCache& nodes_;
  Effects& effects_;
  World& world_;
  Time now_;
  std::set<std::string, std::less<>> needed_;
  bool has_waited_ = false;
  bool is_local_ = false;
};

}  // namespace crier
