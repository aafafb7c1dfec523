/// Routing: from a stanza to the one function that answers it.
///
/// A pubsub request is a `<pubsub/>` with one action inside, and maybe the one companion that the
/// action's row allows, behind it. Elements of other namespaces are extensions that this service
/// does not know, and are passed over (RFC 6120 §8.4); whatever else is there makes the request a
/// bad one. XEP-0060 §6.3.7, §8.1.3, §11.

#include <crier/service.hpp>

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>

#include "pubsub/permission.hpp"
#include "pubsub/stanza.hpp"

#include <algorithm>

namespace crier {

namespace {

/// The IQ's one child. RFC 6120 §8.2.3.
Result<const Element*> payload_of(const Element& iq) {
  const Element* payload = nullptr;
  for (const auto& child : iq.children()) {
    if (payload) return errors::bad_request.because("A request holds one element.");
    payload = &child;
  }
  if (!payload) return errors::bad_request.because("A request holds one element.");
  return payload;
}

/// The elements of `pubsub` that are pubsub's own.
std::vector<const Element*> own_children(const Element& pubsub) {
  std::vector<const Element*> own;
  for (const auto& child : pubsub.children())
    if (child.ns == pubsub.ns) own.push_back(&child);
  return own;
}

/// The NodeID that the request names by the action's attribute, or by the resource of the address
/// that was asked; empty when by neither. To what is not about nodes a resource means nothing. §4.6
/// Refuses with bad-request what is no NodeID, and two that differ.
Result<std::string> node_of(const Element& action, const Jid& to) {
  const bool about_nodes =
      ns::is_of_pubsub(action.ns) || action.ns == ns::disco_info || action.ns == ns::disco_items;
  const std::string addressed(about_nodes ? to.resource() : std::string_view());
  const auto name = action.attribute("node");
  if (!name) return addressed;
  std::string node;
  if (!name->empty()) {
    auto prepared = prepare_resource(*name);
    if (!prepared) return errors::bad_request.because("The NodeID is not a valid one.");
    node = std::move(*prepared);
  }
  if (!addressed.empty() && node != addressed)
    return errors::bad_request.because("The address is another node's.");
  return node;
}

}  // namespace

Service::Service(Policy policy) : policy_(std::move(policy)) {}

void Service::add_route(const Route& route) {
  routes_.push_back(route);
}

void Service::add_feature(std::string_view feature) {
  const auto at = std::ranges::lower_bound(features_, feature);
  if (at == features_.end() || *at != feature) features_.insert(at, feature);
}

void Service::add_identity(const Identity& identity) {
  identities_.push_back(identity);
}

void Service::add_info_form(std::string form) {
  info_forms_.push_back(std::move(form));
}

void Service::set_capabilities(std::string elements) {
  capabilities_ = std::move(elements);
}

void Service::add_command(const Command& command) {
  commands_.push_back(command);
}

void Service::add_disco_node(const DiscoNode& node) {
  disco_nodes_.push_back(node);
}

const Command* Service::command(std::string_view node) const {
  const auto found = std::ranges::find(commands_, node, &Command::node);
  return found == commands_.end() ? nullptr : &*found;
}

const DiscoNode* Service::disco_node(std::string_view name) const {
  const auto found = std::ranges::find(disco_nodes_, name, &DiscoNode::name);
  return found == disco_nodes_.end() ? nullptr : &*found;
}

void Service::add_message(std::string_view ns, std::string_view element, MessageHandler handler) {
  messages_.push_back({ns, element, handler});
}

void Service::add_timer(TimerKind kind, TimerHandler handler) {
  timers_.emplace(kind, handler);
}

void Service::run(const Timer& timer, Turn& turn) const {
  turn.store().clear_timer(timer.kind, timer.subject);
  // A kind that only a later version knows is passed over.
  const auto found = timers_.find(timer.kind);
  if (found != timers_.end()) found->second(timer.subject, turn);
}

const Route* Service::find_route(Request::Type type, std::string_view ns,
                                 std::string_view element) const {
  for (const auto& route : routes_)
    if (route.type == type && route.element == element && route.ns == ns) return &route;
  return nullptr;
}

void Service::add_answer(QuestionKind kind, AnswerHandler handler) {
  answers_.emplace(kind, handler);
}

void Service::handle(const Element& stanza, Turn& turn) const {
  const auto from = Jid::parse(stanza.attribute_or("from", ""));
  const auto to = Jid::parse(stanza.attribute_or("to", ""));
  if (!from || !to) return;
  // Whoever speaks for such an address is an admin: that is the control socket's to say.
  if (policy_.is_local(from->bare()) && !turn.is_local()) return;
  if (const Ban* ban = turn.ban_of(*from))
    if (take_banned(stanza, *ban, turn)) return;
  if (stanza.name == "iq") return take_iq(stanza, *from, *to, turn);
  // There are no users at the service's domain.
  if (to->domain() != policy_.domain || !to->local().empty()) return;
  const auto type = stanza.attribute_or("type", "");
  if (stanza.name == "message") {
    if (type == "error") return take_bounce(stanza, *from, turn);
    return take_message(stanza, *from, *to, turn);
  }
  for (const auto handler : presences_) handler({*from, type, stanza}, turn);
}

/// What ends something is taken, and what answers a question of the service's own: else it would
/// go on with what is long over.
bool Service::take_banned(const Element& stanza, const Ban& ban, Turn& turn) const {
  const auto type = stanza.attribute_or("type", "");
  if (stanza.name == "message") return type != "error";
  if (stanza.name == "presence")
    return type != "unavailable" && type != "unsubscribe" && type != "unsubscribed";
  if (!may_be_refused(stanza)) return false;
  const auto refusal = refuse(ban).error();
  turn.count(count_of(stanza, refusal.kind->condition));
  turn.send(error_stanza(stanza, refusal));
  return true;
}

void Service::take_iq(const Element& iq, const Jid& from, const Jid& to, Turn& turn) const {
  if (!may_be_refused(iq)) return take_answer(iq, from, turn);
  const Route* route = nullptr;
  auto reply = answer(iq, from, to, turn, route);
  if (!reply && turn.defer(iq)) return;
  turn.count(counted(route, reply ? outcomes()[granted] : reply.error().kind->condition));
  turn.send(reply ? result_stanza(iq, reply.value()) : error_stanza(iq, reply.error()));
}

void Service::take_answer(const Element& iq, const Jid& from, Turn& turn) const {
  const auto question = turn.session().questions.take(iq.attribute_or("id", ""), from.text());
  if (!question) return;
  const bool result = iq.attribute_or("type", "") == "result";
  answers_.at(question->kind)({*question, result ? Answer::Outcome::result : Answer::Outcome::error,
                               result ? iq.first_child() : nullptr},
                              turn);
}

void Service::take_silence(const Question& question, Turn& turn) const {
  answers_.at(question.kind)({question, Answer::Outcome::silence}, turn);
}

void Service::take_bounce(const Element& message, const Jid& from, Turn& turn) const {
  const Element* error = message.child("error", message.ns);
  if (!error) return;
  std::string_view condition;
  for (const auto& child : error->children())
    if (child.ns == ns::stanza_errors && child.name != "text") condition = child.name;
  const Bounce bounce{from, message.attribute_or("id", ""), error->attribute_or("type", ""),
                      condition};
  for (const auto handler : bounces_) handler(bounce, turn);
}

void Service::greet(Turn& turn) const {
  for (const auto handler : streams_) handler(turn);
}

void Service::take_leave(Turn& turn) const {
  for (const auto handler : farewells_) handler(turn);
}

bool Service::has_work(const Session& session) const {
  return session.up &&
         std::ranges::any_of(tasks_, [&](const auto& task) { return task.waits(session); });
}

void Service::work(Turn& turn) const {
  for (const auto& task : tasks_)
    if (task.waits(turn.session())) task.run(turn);
}

void Service::take_message(const Element& message, const Jid& from, const Jid& to,
                           Turn& turn) const {
  for (const auto& child : message.children())
    for (const auto& route : messages_)
      if (child.is(route.element, route.ns))
        return route.handler({from, to, message.attribute_or("id", ""), child}, turn);
}

void Service::refuse_oversized(const Element& header, std::string_view reason, Turn& turn) const {
  if (!may_be_refused(header)) return;
  const auto from = Jid::parse(header.attribute_or("from", ""));
  if (const Ban* ban = from ? turn.ban_of(*from) : nullptr)
    return void(take_banned(header, *ban, turn));
  if (header.name == "iq") turn.count(counted(nullptr, errors::stanza_too_big.condition));
  turn.send(error_stanza(header, errors::stanza_too_big.because(std::string(reason))));
}

CountedRequest Service::counted(const Route* route, std::string_view condition) const {
  const auto place = route ? static_cast<std::size_t>(route - routes_.data()) : routes_.size();
  return {static_cast<std::uint8_t>(route ? std::min(place, Statistics::other_route)
                                          : Statistics::other_route),
          outcome_of(condition)};
}

CountedRequest Service::count_of(const Element& iq, std::string_view condition) const {
  const auto type = iq.attribute_or("type", "") == "get" ? Request::Type::get : Request::Type::set;
  const Element* payload = iq.first_child();
  const Element* action =
      payload && ns::is_of_pubsub(payload->ns) ? payload->first_child() : payload;
  const auto* route = action ? find_route(type, payload->ns, action->name) : nullptr;
  return counted(route, condition);
}

Result<Reply> Service::answer(const Element& iq, const Jid& from, const Jid& to, Turn& turn,
                              const Route*& found) const {
  // There are no users at the service's domain.
  if (to.domain() != policy_.domain || !to.local().empty()) return errors::service_unavailable;
  const auto type_text = iq.attribute_or("type", "");
  if (type_text != "get" && type_text != "set")
    return errors::bad_request.because("The type of a request is get or set.");
  const auto type = type_text == "get" ? Request::Type::get : Request::Type::set;
  const Element* payload = TRY(payload_of(iq));

  const Element* action = payload;
  std::vector<const Element*> own;
  if (ns::is_of_pubsub(payload->ns)) {
    own = own_children(*payload);
    if (payload->name != "pubsub" || own.empty())
      return errors::bad_request.because("The request names no action.");
    action = own.front();
  }
  const Route* route = found = find_route(type, payload->ns, action->name);
  if (!route) return unroutable(type, *payload, *action);

  Request request{type, from, to, iq.attribute_or("id", ""), *payload, *action, nullptr, {}};
  if (own.size() > 2 || (own.size() == 2 && own[1]->name != route->companion))
    return errors::bad_request.because("A request holds one action.");
  if (own.size() == 2) request.companion = own[1];
  request.node = TRY(node_of(*action, to));
  return route->handler(request, turn);
}

Error Service::unroutable(Request::Type type, const Element& payload, const Element& action) const {
  const auto other = type == Request::Type::get ? Request::Type::set : Request::Type::get;
  if (find_route(other, payload.ns, action.name))
    return errors::bad_request.because("This action goes with the other type of request.");
  const auto accompanies = [&](const Route& route) {
    return route.ns == payload.ns && route.companion == action.name;
  };
  if (std::ranges::any_of(routes_, accompanies))
    return errors::bad_request.because("This element follows an action.");
  if (ns::is_of_pubsub(payload.ns)) return errors::feature_not_implemented;
  return errors::service_unavailable;
}

}  // namespace crier
