#pragma once
/// The service: tables of what it answers, filled once at start, and the routing by them.

#include <crier/element.hpp>
#include <crier/policy.hpp>
#include <crier/turn.hpp>

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
  /// Adds a form to the service's disco#info: a whole `<x type='result'/>` with its FORM_TYPE.
  /// XEP-0128 §2.
  void add_info_form(std::string form);

  std::span<const Identity> identities() const { return identities_; }
  /// Sorted, each once.
  std::span<const std::string_view> features() const { return features_; }
  std::span<const std::string> info_forms() const { return info_forms_; }

  /// Answers one stanza. Every IQ request is answered exactly once; nothing else is ever answered.
  void handle(const Element& stanza, Turn& turn) const;

  /// Answers a stanza that was too costly to be read, of which only `header` is known.
  void refuse_oversized(const Element& header, std::string_view reason, Turn& turn) const;

 private:
  Result<Reply> answer(const Element& iq, const Jid& from, const Jid& to, Turn& turn) const;
  Error unroutable(Request::Type type, const Element& payload, const Element& action) const;
  const Route* find_route(Request::Type type, std::string_view ns, std::string_view element) const;

  Policy policy_;
  std::vector<Route> routes_;
  std::vector<Identity> identities_;
  std::vector<std::string_view> features_;
  std::vector<std::string> info_forms_;
};

/// The service with all its rooms: XEP-0060 and every extension.
Service make_service(Policy policy);

}  // namespace crier
