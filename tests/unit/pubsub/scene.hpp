#pragma once
/// A service with its store, its users, and what leaves it: where the rules are tested, without a
/// socket and without a server.

#include <crier/service.hpp>

#include "model/node_cache.hpp"
#include "pubsub/batch.hpp"
#include "pubsub/stanza_text.hpp"
#include "pubsub/test_store.hpp"

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace crier::test {

/// One message that left the service.
struct Heard {
  std::string xml;
  std::string type;
  /// The first child, as canonical text: the `<event/>`.
  std::string event;
};

/// A conversation with a service, at pubsub.example.org unless the policy says otherwise. Everybody
/// may create nodes; the service's admin is admin@example.org; time stands still until it is told
/// otherwise.
class Scene {
 public:
  Scene();
  explicit Scene(Policy policy);
  explicit Scene(Service service);
  ~Scene();

  /// What the service is made with, for tests that need another.
  static Policy policy();

  /// Sends an IQ of that type with that payload, and gives the answer.
  Answer get(std::string_view from, std::string_view payload);
  Answer set(std::string_view from, std::string_view payload);
  /// The error of a request that must be refused, leave everything as it is, and tell nobody.
  std::string refused_get(std::string_view from, std::string_view payload);
  std::string refused_set(std::string_view from, std::string_view payload);
  /// Sends any stanza, in a batch of its own. `to` is filled in by the caller.
  Answer send(std::string_view stanza);
  /// Sends many stanzas in one batch and gives all that leaves, in order.
  Strings send_batch(const Strings& stanzas);

  // What is needed everywhere. `config` is a list of "field=value", the names without "pubsub#".

  /// Succeeds.
  void create(std::string_view owner, std::string_view node, const Strings& config = {});
  Answer configure(std::string_view owner, std::string_view node, const Strings& config);
  Answer subscribe(std::string_view from, std::string_view node);
  Answer unsubscribe(std::string_view from, std::string_view node);
  Answer publish(std::string_view from, std::string_view node, std::string_view id,
                 std::string_view payload = "<e xmlns='u:e'/>");
  /// Publishes items 1 to `count`, one by one; succeeds.
  void fill(std::string_view from, std::string_view node, int count);
  Answer retract(std::string_view from, std::string_view node, std::string_view id);
  /// Retrieves items; `inside` stands in `<pubsub/>` behind `<items/>`: a `<set/>`.
  Answer items(std::string_view from, std::string_view node, std::string_view inside = "");
  /// Deletes the node, purges it; both succeed.
  void remove(std::string_view owner, std::string_view node);
  void purge(std::string_view owner, std::string_view node);
  /// Lets time pass, and what goes by the clock happen; gives all that leaves, in order.
  Strings wait(Time::duration duration);
  /// Changes what `jid` is to the node; both succeed.
  void affiliate(std::string_view owner, std::string_view node, std::string_view jid,
                 std::string_view affiliation);
  void set_subscription(std::string_view owner, std::string_view node, std::string_view jid,
                        std::string_view state);

  /// The messages that left for `jid` since the last call for it, in order.
  std::vector<Heard> heard(std::string_view jid);
  /// The events of those messages.
  Strings events(std::string_view jid);
  /// The ids of the items that `asker` retrieves from the node, in the order of the reply.
  Strings item_ids(std::string_view asker, std::string_view node);

  // Presence.

  /// `jid` shares its presence with the service, once that has asked.
  void share_presence(std::string_view jid);
  /// A full JID is online, with `inside` in its presence; or goes offline.
  void come(std::string_view jid, std::string_view inside = "");
  void leave(std::string_view jid);
  /// The presence stanzas that left for `jid` since the last call for it: their types, "available"
  /// for those without.
  Strings presences(std::string_view jid);

  // Capabilities.

  /// A full JID is online with a client that tells the hash of `features`, and answers with them.
  void come_with(std::string_view jid, const Strings& features);
  /// The disco#info `<query/>` that clients answer with, by full JID; the others answer with an
  /// error.
  std::map<std::string, std::string, std::less<>> clients;
  /// What others would have answered so far never comes.
  void lose_answers() { info_requests_.clear(); }
  /// Who was asked for its disco#info since the last call, in order.
  Strings asked_clients();

  // Rosters.

  /// The server of that domain grants what `perms` say, `<perm/>` elements.
  void grant(std::string_view domain, std::string_view perms = "<perm access='roster' type='get'/>",
             std::string_view ns = "urn:xmpp:privilege:2");
  /// The `<item/>` elements of rosters by their owners' bare JIDs, as servers answer; who is not
  /// there is unknown to its server.
  std::map<std::string, std::string, std::less<>> rosters;
  /// Whose rosters were asked for since the last call, in order.
  Strings asked_rosters();
  /// The server pushes one item of a roster; gives the answer.
  Answer push(std::string_view owner, std::string_view item);

  /// The stream ends, and is there again.
  void lose_stream();
  /// The service says what it has to before it stops.
  void stop() { release(batch_->farewell()); }
  void connect();
  /// What the service sends to itself through the server comes back. While it does not, nothing
  /// that it has sent is confirmed.
  bool server_answers = true;
  /// The server takes what is for the subscribers of nodes; while it does not, that waits.
  bool server_takes = true;
  /// Who copies it for them: the service, or, where the environment has CRIER_TEST_COPIES, the
  /// server (docs/copies.md).
  Copier copier = std::getenv("CRIER_TEST_COPIES") ? Copier::server : Copier::service;
  /// It takes that many messages of what waits.
  void take_some(std::size_t messages);
  /// Notes how far notifications have come.
  void note_progress();
  /// Lets the service do what it does by itself.
  void settle();

  /// Everything that is stored, as text, but for the audit log, which has its own; what a refused
  /// request must leave as it was.
  std::string stored() const;
  std::string audited() const;

  /// At the next start the first transaction behind the stream's beginning fails.
  bool fail_first_commit = false;
  /// The budget of the node cache, from the next restart on.
  std::size_t cache_bytes = std::size_t{64} << 20;
  /// Forgets all that is in memory, and what waits, and opens the database again, as after a
  /// restart.
  void restart();
  /// The same, after which the operator's policy is another.
  void restart(Policy policy);
  /// The operator's policy is another while the service goes on; gives all that leaves, in order.
  Strings reload(Policy policy);
  /// What reading the configuration again comes to, for whoever asks for it.
  std::function<Result<Reload>()> read_configuration;

  Time now{std::chrono::sys_days{std::chrono::year{2024} / 5 / 1}};
  TestStore& store() { return *store_; }
  NodeCache& nodes() { return *nodes_; }
  Batch& batch() { return *batch_; }
  /// What the process was told to do last.
  Orders orders;
  /// What the service had to complain of. Nothing may be left here at the end.
  Strings complaints;

 private:
  std::string rows_of(std::initializer_list<const char*> tables) const;
  Answer request(std::string_view type, std::string_view from, std::string_view payload);
  std::string refusal(std::string_view type, std::string_view from, std::string_view payload);
  void succeed(std::string_view from, std::string_view payload);
  void open();
  void release(Effects effects);
  void take(const std::string& xml);
  void take(Broadcast& broadcast);
  void take_roster_request(const std::string& owner, std::string_view id);
  void answer_later(const std::string& from, std::string_view id, std::string_view result);

  std::filesystem::path directory_;
  Service service_;
  std::unique_ptr<TestStore> store_;
  std::unique_ptr<NodeCache> nodes_;
  std::unique_ptr<Batch> batch_;
  std::map<std::string, std::vector<Heard>, std::less<>> heard_;
  std::map<std::string, Strings, std::less<>> presences_;
  Strings asked_rosters_;
  Strings asked_clients_;
  struct InfoRequest {
    std::string jid;
    std::string id;
  };
  std::vector<InfoRequest> info_requests_;
  std::vector<Broadcast> untaken_;
  /// What the server has to bring back.
  Strings own_;
  Strings answers_;
  Strings left_;
  std::uint64_t dice_ = 0;
  int next_id_ = 0;
};

}  // namespace crier::test
