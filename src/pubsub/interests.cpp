#include "pubsub/interests.hpp"

#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "model/interested_walk.hpp"
#include "model/rights.hpp"
#include "pubsub/notify.hpp"
#include "pubsub/roster_access.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace crier {

namespace {

/// In one slice: questions that are asked; resources and nodes that are looked at for last items.
constexpr std::size_t asked_at_once = 100;
constexpr std::size_t looked_at_at_once = 200;

using Names = std::vector<std::string>;

void ask_later(Turn& turn, CapsId caps, std::optional<CapsQuestion> question) {
  if (question) turn.session().interests.questions.emplace_back(caps, std::move(*question));
}

void release(Turn& turn, CapsId caps, std::string_view jid) {
  ask_later(turn, caps, turn.session().interests.capabilities.release(caps, jid, turn.now()));
}

bool has_questions(const Session& session) {
  return !session.interests.questions.empty();
}

/// XEP-0115 §6.2, XEP-0390 §5.5.
void ask_some(Turn& turn) {
  auto& interests = turn.session().interests;
  for (std::size_t i = 0; i < asked_at_once && !interests.questions.empty(); ++i) {
    const auto [caps, question] = std::move(interests.questions.front());
    interests.questions.pop_front();
    const auto query = written(
        [&](XmlWriter& out) { out.open("query", ns::disco_info).attr("node", question.node); });
    const auto subject = std::to_string(static_cast<std::uint32_t>(caps));
    if (!turn.ask("get", query, {QuestionKind::capabilities, question.to, subject, {}}))
      ask_later(turn, caps, interests.capabilities.fail(caps, question.to, turn.now()));
  }
}

/// The nodes that are there, of those that these capabilities show an interest in.
std::shared_ptr<const Names> nodes_of_interest(Turn& turn, CapsId caps) {
  auto& interests = turn.session().interests;
  if (const auto known = interests.nodes.find(caps); known != interests.nodes.end())
    return known->second;
  auto names = std::make_shared<Names>();
  for (const auto name : interests.capabilities.interests(caps))
    if (turn.store().summary({turn.policy().domain, std::string(name)}, {}))
      names->emplace_back(name);
  return interests.nodes[caps] = std::move(names);
}

/// Whether last items are due to whoever shows an interest in the node, or gains access to it.
bool has_last_item(const Node& node, const LastItemsDue& due) {
  if (due.before) return due.before->send_last_published_item != SendLastPublishedItem::never;
  return node.config.send_last_published_item == SendLastPublishedItem::on_sub_and_presence;
}

/// Until when the resource at that place has heard of the node by what it told before.
Time heard_until(const Interests& interests, const LastItemsDue& due, const std::string& name) {
  const auto earlier = interests.earlier.find({due.caps, due.place});
  const bool has_heard = earlier != interests.earlier.end() &&
                         std::ranges::binary_search(*earlier->second.names, name);
  return has_heard ? earlier->second.until : Time::min();
}

/// Sends the last item of one node to one of those to whom it is due.
void send_due(Turn& turn, const LastItemsDue& due, const Presence::Teller& teller,
              const std::string& name) {
  const Node* node = turn.find(name);
  if (!node || !has_last_item(*node, due)) return;
  auto& session = turn.session();
  if (refresh_rosters(turn, *node)) {
    if (session.interests.waiting.size() < Interests::most_due)
      session.interests.waiting.push_back({due.caps, due.place, due.place + 1, teller.since,
                                           teller.since, std::make_shared<const Names>(Names{name}),
                                           due.before});
    return;
  }
  const auto hears = [&](const NodeConfig& config) {
    return hears_by_interest(session, turn.policy(), *node, config, teller);
  };
  if (hears(node->config) && !(due.before && hears(*due.before)))
    send_last_item(turn, *node, full_jid(teller.bare, *teller.resource),
                   due.before ? Time::min() : heard_until(session.interests, due, name));
}

/// Takes one step of what is due; false when that was the last.
bool take_step(Turn& turn, LastItemsDue& due) {
  if (!due.names) due.names = nodes_of_interest(turn, due.caps);
  if (due.place == due.end) return false;
  auto& session = turn.session();
  const auto teller = session.presence.at(due.caps, due.place);
  const bool counts = teller && due.first <= teller->since && teller->since <= due.last;
  if (counts && !due.names->empty()) send_due(turn, due, *teller, (*due.names)[due.next++]);
  if (counts && due.next < due.names->size()) return true;
  if (counts && !due.before) session.interests.earlier.erase({due.caps, due.place});
  due.next = 0;
  return ++due.place != due.end;
}

/// Whoever came is welcomed before: then it is known whose presence it sees.
bool has_due(const Session& session) {
  return !session.interests.due.empty() && session.arrivals.empty();
}

void send_some(Turn& turn) {
  auto& queue = turn.session().interests.due;
  auto& taken = turn.session().taken;
  auto room = looked_at_at_once;
  while (room > 0 && !queue.empty()) {
    auto due = std::move(queue.front());
    queue.pop_front();
    taken.due.push_back(due);
    taken.is_part_left = true;
    while (room > 0 && taken.is_part_left) {
      taken.is_part_left = take_step(turn, due);
      --room;
    }
    if (taken.is_part_left) queue.push_front(std::move(due));
  }
}

/// When too much is due already, one resource is served at once; a crowd is not.
void owe(Turn& turn, LastItemsDue due) {
  auto& queue = turn.session().interests.due;
  if (queue.size() < Interests::most_due) return queue.push_back(std::move(due));
  if (due.end == due.place + 1)
    while (take_step(turn, due)) {
    }
}

/// What those who tell these capabilities are interested in, shared by all who ask.
std::shared_ptr<const Names> names_of(Interests& interests, CapsId caps) {
  auto& shared = interests.names[caps];
  auto names = shared.lock();
  if (!names) {
    const auto found = interests.capabilities.interests(caps);
    names = std::make_shared<const Names>(found.begin(), found.end());
    shared = names;
  }
  return names;
}

/// Takes note of what the resource was interested in before it told what it tells now.
void keep_earlier(Turn& turn, const ToldCapabilities& told, CapsRoll::Place place) {
  auto& interests = turn.session().interests;
  if (told.before == CapsId{}) return;
  if (interests.capabilities.state(told.before) == KnownCapabilities::State::known) {
    interests.earlier[{told.now, place}] = {names_of(interests, told.before), turn.now()};
    return;
  }
  const auto earlier = interests.earlier.find({told.before, told.place_before});
  if (earlier != interests.earlier.end()) interests.earlier[{told.now, place}] = earlier->second;
}

/// The last items of what a resource that told nothing, or something else, is interested in now.
void owe_to(Turn& turn, const ToldCapabilities& told, const Resource& resource) {
  auto& session = turn.session();
  auto& interests = session.interests;
  keep_earlier(turn, told, resource.place);
  if (interests.capabilities.state(told.now) != KnownCapabilities::State::known) return;
  const auto nodes = interests.nodes.find(told.now);
  const bool nothing_is_due = nodes != interests.nodes.end() && nodes->second->empty();
  if (told.before == CapsId{} && nothing_is_due) return;
  const auto since = session.presence.at(told.now, resource.place)->since;
  owe(turn, {told.now, resource.place, resource.place + 1, since, since});
}

/// What the node was like before somebody was let in whom nothing had let in.
std::shared_ptr<NodeConfig> nobody_let_in(const Node& node) {
  auto config = std::make_shared<NodeConfig>(node.config);
  config->access_model = AccessModel::whitelist;
  return config;
}

/// The last item of the node to all who are interested in it and were not let in before.
void owe_to_all(Turn& turn, const Node& node, const std::shared_ptr<const NodeConfig>& before) {
  const auto& interested = turn.session().interests.capabilities.interested_in(node.key.name);
  if (interested.empty()) return;
  const auto names = std::make_shared<const Names>(Names{node.key.name});
  for (const auto caps : std::vector(interested.begin(), interested.end()))
    owe(turn, {caps, 0, turn.session().presence.end(caps), {}, turn.next_event(), names, before});
}

/// XEP-0115 §5.4, XEP-0390 §4.4.
void take_answer(const Answer& answer, Turn& turn) {
  const auto& [kind, jid, subject, deadline] = answer.question;
  std::uint32_t number = 0;
  std::from_chars(subject.data(), subject.data() + subject.size(), number);
  const CapsId caps{number};
  auto& session = turn.session();
  auto& known = session.interests.capabilities;
  if (!answer.payload) return ask_later(turn, caps, known.fail(caps, jid, turn.now()));
  const bool was_known = known.state(caps) == KnownCapabilities::State::known;
  ask_later(turn, caps, known.answer(caps, jid, *answer.payload, turn.now()));
  if (was_known || known.state(caps) != KnownCapabilities::State::known) return;
  session.interests.nodes.erase(caps);
  session.interests.names.erase(caps);
  owe(turn, {caps, 0, session.presence.end(caps), {}, turn.next_event()});
}

}  // namespace

ToldCapabilities take_capabilities(Turn& turn, const PresenceStanza& presence) {
  auto& session = turn.session();
  const auto& jid = presence.from.text();
  const Resource* resource = session.presence.find(jid);
  const auto before = resource ? resource->caps : CapsId{};
  const auto hashes = hashes_of(presence.stanza);
  if (hashes.empty()) return {before, before};
  auto& known = session.interests.capabilities;
  const auto& hash = hashes.front();
  const bool is_same = before != CapsId{} && known.find(hash) == before;
  const auto now = is_same ? before : known.acquire(hash);
  CapsQuestion question{std::string(jid), hash.node};
  if (known.state(now) != KnownCapabilities::State::known &&
      known.announce(now, question, turn.now()))
    ask_later(turn, now, std::move(question));
  return {now, before, resource ? resource->place : 0};
}

void note_interest(Turn& turn, const ToldCapabilities& told, std::string_view jid,
                   Presence::Change change) {
  if (told.now == told.before) return;
  if (change == Presence::Change::none) return release(turn, told.now, jid);
  owe_to(turn, told, *turn.session().presence.find(jid));
  let_go_of_capabilities(turn, told.before, told.place_before, jid);
}

void let_go_of_capabilities(Turn& turn, CapsId caps, CapsRoll::Place place, std::string_view jid) {
  if (caps == CapsId{}) return;
  turn.session().interests.earlier.erase({caps, place});
  release(turn, caps, jid);
}

std::vector<CapsId> interested_in(Turn& turn, const Node& node) {
  auto& interests = turn.session().interests;
  const auto& interested = interests.capabilities.interested_in(node.key.name);
  if (interested.empty()) return {};
  if (refresh_rosters(turn, node)) {
    // In place of the event, whatever the node says about last items.
    const auto before = nobody_let_in(node);
    before->send_last_published_item = SendLastPublishedItem::on_sub;
    if (interests.awaited.insert(node.key.name).second) owe_to_all(turn, node, before);
    return {};
  }
  return {interested.begin(), interested.end()};
}

void welcome_admitted(Turn& turn, const Node& node, const NodeConfig& before) {
  const auto old = std::make_shared<NodeConfig>(before);
  old->send_last_published_item = node.config.send_last_published_item;
  owe_to_all(turn, node, old);
}

void welcome_acquainted(Turn& turn, const Node& node, const std::string& contact,
                        const ContactBefore& before) {
  if (!before.known) return;
  Roster old;
  if (before.groups) old.contacts.emplace(contact, *before.groups);
  const auto& config = node.config;
  if (lets_in(config.access_model, old.acquaintance(contact, config.roster_groups_allowed.names)))
    return;
  const auto names = std::make_shared<const Names>(Names{node.key.name});
  const auto& session = turn.session();
  for (const auto& resource : session.presence.resources(contact))
    if (session.interests.capabilities.is_interested(resource.caps, node.key.name))
      owe(turn, {resource.caps,
                 resource.place,
                 resource.place + 1,
                 {},
                 turn.next_event(),
                 names,
                 nobody_let_in(node)});
}

void retry_waiting(Interests& interests) {
  interests.awaited.clear();
  for (auto& due : std::exchange(interests.waiting, {})) interests.due.push_back(std::move(due));
}

void install_interests(Service& service) {
  service.add_feature("http://jabber.org/protocol/pubsub#filtered-notifications");
  service.add_answer(QuestionKind::capabilities, take_answer);
  service.add_task({has_questions, ask_some});
  service.add_task({has_due, send_some});
}

}  // namespace crier
