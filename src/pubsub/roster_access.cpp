#include "pubsub/roster_access.hpp"

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>

#include "model/owner_rosters.hpp"
#include "pubsub/interests.hpp"
#include "pubsub/node_form.hpp"
#include "pubsub/subscription_entry.hpp"

namespace crier {

namespace {

/// So old a roster may be when something is published, where changes are not pushed.
constexpr std::chrono::seconds refreshed_after{60};
/// Nodes that are looked at in one slice.
constexpr std::size_t nodes_at_once = 100;

}  // namespace

bool ask_for_roster(Turn& turn, const std::string& owner) {
  auto& rosters = turn.session().rosters;
  if (!rosters.begin_asking(owner)) return true;
  if (turn.ask("get", "<query xmlns='jabber:iq:roster'/>", {QuestionKind::roster, owner, {}, {}}))
    return true;
  rosters.end_asking(owner);
  rosters.set_missing(owner, turn.now());
  return false;
}

namespace {

/// Those who see the presence of the roster's owner. RFC 6121 §2.1.2.
RosterContacts contacts_in(const Element& query) {
  RosterContacts contacts;
  for (const auto& item : query.children())
    if (auto contact = read_roster_item(item); contact && contact->groups)
      contacts.insert_or_assign(std::move(contact->jid), std::move(*contact->groups));
  return contacts;
}

void note_difference(RosterChanges& changes, const std::string& owner,
                     std::optional<RosterDifference> difference) {
  if (!difference) return changes.add_all(owner);
  for (auto& [contact, before] : *difference) changes.add(owner, contact, std::move(before));
}

void take_roster(const Answer& answer, Turn& turn) {
  const auto& owner = answer.question.to;
  auto& session = turn.session();
  session.rosters.end_asking(owner);
  const bool told = answer.payload && answer.payload->is("query", ns::roster);
  if (!told || !session.grants.of(owner).roster_get)
    session.rosters.set_missing(owner, turn.now());
  else
    note_difference(session.roster_changes, owner,
                    session.rosters.set(owner, contacts_in(*answer.payload), turn.now()));
  session.waiting.settle(owner);
  retry_waiting(session.interests);
}

bool has_changes(const Session& session) {
  return !session.followed_nodes.empty() || !session.roster_changes.empty();
}

/// The node of that name, if rosters decide at it; others are not loaded for that.
const Node* find_followed(Turn& turn, const std::string& name) {
  const auto& policy = turn.policy();
  const Node* node = turn.in_memory(name);
  if (!node) {
    auto summary = turn.store().summary({policy.domain, name}, {});
    if (!summary || !forced_config(std::move(summary->config), name, policy).follows_rosters())
      return nullptr;
    node = turn.find(name);
  }
  return node && node->config.follows_rosters() ? node : nullptr;
}

void follow(Turn& turn, const std::string& name, const RosterDifference& contacts) {
  const Node* node = find_followed(turn, name);
  if (!node) return;
  if (contacts.empty()) return reconsider_all(turn, *node);
  for (const auto& [contact, before] : contacts) {
    reconsider_all(turn, *node, contact);
    welcome_acquainted(turn, *node, contact, before);
  }
}

/// Ends the subscriptions of those who have lost their right, at some nodes.
void follow_changes(Turn& turn) {
  auto& session = turn.session();
  auto& nodes = session.followed_nodes;
  if (nodes.empty()) {
    session.followed = session.roster_changes.take();
    for (auto& entry : turn.store().affiliations_of(turn.policy().domain, session.followed.owner))
      if (entry.affiliation == Affiliation::owner) nodes.push_back(std::move(entry.node));
    return;
  }
  for (std::size_t i = 0; i < nodes_at_once && !nodes.empty(); ++i) {
    const auto name = std::move(nodes.back());
    nodes.pop_back();
    follow(turn, name, session.followed.contacts);
  }
}

}  // namespace

std::optional<RosterItem> read_roster_item(const Element& item) {
  if (!item.is("item", ns::roster)) return {};
  const auto jid = Jid::parse(item.attribute_or("jid", ""));
  if (!jid) return {};
  RosterItem contact{std::string(jid->bare()), {}};
  const auto subscription = item.attribute_or("subscription", "none");
  if (subscription != "from" && subscription != "both") return contact;
  contact.groups.emplace();
  for (const auto& group : item.children())
    if (group.is("group", ns::roster)) contact.groups->push_back(group.text());
  return contact;
}

void wait_for_rosters(Turn& turn, WaitingRequest request) {
  std::erase_if(request.owners, [&](const auto& owner) { return !ask_for_roster(turn, owner); });
  turn.session().waiting.add(std::move(request));
}

bool refresh_rosters(Turn& turn, const Node& node) {
  if (!node.config.follows_rosters()) return false;
  auto& session = turn.session();
  bool asked = false;
  for (const auto& owner : counting_owners(node)) {
    const auto grant = session.grants.of(owner);
    if (!grant.roster_get) continue;
    const Roster* roster = session.rosters.find(owner);
    const bool trusted = roster && grant.has_pushed && !roster->missing;
    if (!trusted && (!roster || turn.now() - roster->read > refreshed_after))
      asked |= ask_for_roster(turn, owner);
  }
  return asked;
}

void look_again(Turn& turn, const Node& node) {
  if (!node.config.follows_rosters() || node.owners.empty()) return;
  turn.session().roster_changes.add_all(*node.owners.begin());
}

void look_again(Turn& turn, std::string_view bare) {
  std::set<std::string> names;
  for (auto& entry : turn.store().subscriptions_of(turn.policy().domain, bare))
    names.insert(std::move(entry.node));
  for (const auto& name : names)
    if (const Node* node = find_followed(turn, name)) reconsider_all(turn, *node, bare);
}

Result<void> check_access_model(const Turn& turn, const NodeConfig& old, const NodeConfig& config,
                                const Jid& who) {
  if (config.access_model != AccessModel::roster || old.access_model == AccessModel::roster)
    return {};
  if (grants_roster(turn, who)) return {};
  return errors::unsupported_access_model.because(
      "Your server does not let the service see your roster.");
}

bool grants_roster(const Turn& turn, const Jid& who) {
  return turn.session().grants.of(who.bare()).roster_get;
}

void install_roster_access(Service& service) {
  service.add_answer(QuestionKind::roster, take_roster);
  service.add_task({has_changes, follow_changes});
}

}  // namespace crier
