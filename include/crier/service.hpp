#pragma once
/// The service: tables of what it answers, filled once at start, and the routing by them.

#include <crier/element.hpp>
#include <crier/form.hpp>
#include <crier/policy.hpp>
#include <crier/turn.hpp>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crier {

/// An IQ request, taken apart.
struct Request {
  enum class Type { get, set };

  Type type;
  /// The one who asks, as the server vouches for it.
  Jid from;
  /// The address that was asked.
  Jid to;
  std::string_view id;
  /// The IQ's one child: `<pubsub/>`, `<query/>` ….
  const Element& payload;
  /// For pubsub the action inside of `<pubsub/>`; for the rest the payload itself.
  const Element& action;
  /// The element that goes with the action, `<configure/>` with `<create/>`, or null.
  const Element* companion = nullptr;
  /// The NodeID that the action names, prepared; empty when it names none.
  std::string node;

  /// The action names the root collection, which has no name. XEP-0248 §8.1
  bool names_root() const { return action.attribute("node") == std::string_view(); }
};

/// What a result holds; empty for a result without payload.
struct Reply {
  std::string payload;
};

using Handler = Result<Reply> (*)(const Request&, Turn&);

/// One thing that the service answers.
struct Route {
  Request::Type type;
  /// Of the payload.
  std::string_view ns;
  /// For pubsub the action's name; for the rest the payload's.
  std::string_view element;
  Handler handler;
  /// The element that may follow the action; empty for none.
  std::string_view companion = {};
};

/// A message that is no error, with the element that it was routed by.
struct Message {
  Jid from;
  Jid to;
  std::string_view id;
  const Element& payload;
};

/// Messages are never answered with an error: what can not be understood is ignored.
using MessageHandler = void (*)(const Message&, Turn&);

/// The answer to a question of the service's own.
struct Answer {
  enum class Outcome { result, error, silence };
  const Question& question;
  Outcome outcome;
  /// What the result holds; null when that is nothing.
  const Element* payload = nullptr;
};
using AnswerHandler = void (*)(const Answer&, Turn&);

/// A presence stanza to the service. RFC 6121 §4.7.1.
struct PresenceStanza {
  Jid from;
  /// Empty: available.
  std::string_view type;
  const Element& stanza;
};
using PresenceHandler = void (*)(const PresenceStanza&, Turn&);

/// A message of type error: one of the service's own that came back.
struct Bounce {
  Jid from;
  std::string_view id;
  /// The type and the defined condition of the `<error/>`. RFC 6120 §8.3
  std::string_view type;
  std::string_view condition;
};
using BounceHandler = void (*)(const Bounce&, Turn&);

/// What the service does by itself between stanzas, a slice at a time.
struct Task {
  /// Whether there is something to do.
  bool (*waits)(const Session&);
  void (*run)(Turn&);
};

/// What is done when the stream is there, before anything is received, or before it is ended.
using StreamHandler = void (*)(Turn&);

/// What a timer does when it is due; `subject` is what it was set for, which may be gone. The timer
/// is cleared before, and may be set again.
using TimerHandler = void (*)(std::int64_t subject, Turn&);

/// One stage of an ad-hoc command. XEP-0050 §2.
struct CommandStage {
  /// `executing` waits for the form inside to be submitted.
  enum class Status { executing, completed };
  Status status = Status::completed;
  /// What stands in `<command/>`: a form, or a `<note/>`.
  std::string content = {};
  /// Of one that executes: there is a stage before it, and one behind it. The last is completed.
  bool has_previous = false;
  bool has_next = false;
};

/// `form` is what was submitted; null at the start of the command. At which stage the command is
/// the form itself says: nothing is kept between stages, so that a restart matters to nobody.
using CommandHandler = Result<CommandStage> (*)(const Request& request, const DataForm* form,
                                                Turn& turn);

/// Whom an ad-hoc command is for. The service's admins may execute every one.
enum class CommandLevel {
  everybody,
  /// It is listed for those who own a node; the command decides itself what they may.
  owners,
  /// Nobody else sees it, or executes it.
  admins,
};

/// An ad-hoc command that the service offers; what the asker may beyond its level the command
/// decides itself.
struct Command {
  std::string_view node;
  std::string_view name;
  CommandHandler handler;
  CommandLevel level = CommandLevel::everybody;
  /// It has several stages: `next` and `prev` are for it to understand.
  bool has_stages = false;
};

/// A name that is no node's, under which something else is discovered. XEP-0030 §3.2.
struct DiscoNode {
  std::string name;
  /// What stands in `<query/>`.
  Result<std::string> (*info)(const Request&, Turn&);
  /// Null: there are no items.
  Result<std::string> (*items)(const Request&, Turn&) = nullptr;
};

struct Identity {
  std::string_view category;
  std::string_view type;
  /// For people; empty for none.
  std::string name;
};

class Service {
 public:
  explicit Service(Policy policy);

  const Policy& policy() const { return policy_; }

  // Filled by the rooms at start.

  void add_route(const Route& route);
  /// Advertised in the service's disco#info; what offers it must be registered as well.
  void add_feature(std::string_view feature);
  void add_identity(const Identity& identity);
  void add_command(const Command& command);
  void add_disco_node(const DiscoNode& node);
  void add_message(std::string_view ns, std::string_view element, MessageHandler handler);
  void add_timer(TimerKind kind, TimerHandler handler);
  void add_answer(QuestionKind kind, AnswerHandler handler);
  void add_presence(PresenceHandler handler) { presences_.push_back(handler); }
  void add_bounce(BounceHandler handler) { bounces_.push_back(handler); }
  void add_task(const Task& task) { tasks_.push_back(task); }
  void add_stream(StreamHandler handler) { streams_.push_back(handler); }
  void add_farewell(StreamHandler handler) { farewells_.push_back(handler); }
  /// Adds a form to the service's disco#info: a whole `<x type='result'/>` with its FORM_TYPE.
  /// XEP-0128 §2.
  void add_info_form(std::string form);
  /// The `<c/>` elements that tell what the service can do, for its presence. XEP-0115, XEP-0390.
  void set_capabilities(std::string elements);

  std::span<const Route> routes() const { return routes_; }
  std::span<const Identity> identities() const { return identities_; }
  /// Sorted, each once.
  std::span<const std::string_view> features() const { return features_; }
  std::span<const std::string> info_forms() const { return info_forms_; }
  std::string_view capabilities() const { return capabilities_; }

  std::span<const Command> commands() const { return commands_; }
  /// The command, or what is discovered, under that name; or null.
  const Command* command(std::string_view node) const;
  const DiscoNode* disco_node(std::string_view name) const;

  /// Takes one stanza. Every IQ request is answered exactly once; errors are never answered.
  void handle(const Element& stanza, Turn& turn) const;

  /// What the IQ request `iq` counts as, for a batch that refuses it as a whole with `condition`.
  CountedRequest count_of(const Element& iq, std::string_view condition) const;

  /// Tells that a question was not answered in time.
  void take_silence(const Question& question, Turn& turn) const;
  /// Does what is done when the stream is there.
  void greet(Turn& turn) const;
  /// Does what is done before the stream is ended.
  void take_leave(Turn& turn) const;
  /// Whether there is something to do between stanzas; does a slice of it.
  bool has_work(const Session& session) const;
  void work(Turn& turn) const;

  /// Runs a timer that is due.
  void run(const Timer& timer, Turn& turn) const;

  /// Answers a stanza that was too costly to be read, of which only `header` is known.
  void refuse_oversized(const Element& header, std::string_view reason, Turn& turn) const;

 private:
  /// Tells in `found` which route it took, if any.
  Result<Reply> answer(const Element& iq, const Jid& from, const Jid& to, Turn& turn,
                       const Route*& found) const;
  CountedRequest counted(const Route* route, std::string_view condition) const;
  /// Does what is done with a stanza of somebody who is banned; false when it is taken as any.
  bool take_banned(const Element& stanza, const Ban& ban, Turn& turn) const;
  void take_iq(const Element& iq, const Jid& from, const Jid& to, Turn& turn) const;
  void take_answer(const Element& iq, const Jid& from, Turn& turn) const;
  void take_message(const Element& message, const Jid& from, const Jid& to, Turn& turn) const;
  void take_bounce(const Element& message, const Jid& from, Turn& turn) const;
  Error unroutable(Request::Type type, const Element& payload, const Element& action) const;
  const Route* find_route(Request::Type type, std::string_view ns, std::string_view element) const;

  Policy policy_;
  std::vector<Route> routes_;
  std::vector<Identity> identities_;
  std::vector<std::string_view> features_;
  std::vector<Command> commands_;
  std::vector<DiscoNode> disco_nodes_;
  struct MessageRoute {
    std::string_view ns;
    std::string_view element;
    MessageHandler handler;
  };
  std::vector<MessageRoute> messages_;
  std::map<TimerKind, TimerHandler> timers_;
  std::map<QuestionKind, AnswerHandler> answers_;
  std::vector<PresenceHandler> presences_;
  std::vector<BounceHandler> bounces_;
  std::vector<Task> tasks_;
  std::vector<StreamHandler> streams_;
  std::vector<StreamHandler> farewells_;
  std::vector<std::string> info_forms_;
  std::string capabilities_;
};

/// The service with all its rooms: XEP-0060 and every extension.
Service make_service(Policy policy);

}  // namespace crier
