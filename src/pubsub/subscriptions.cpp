/// Lists of subscriptions: an entity's own, and a node's for its owner. XEP-0060 §5.6, §8.8.

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "base/result_set.hpp"
#include "model/rights.hpp"
#include "pubsub/acquaintance.hpp"
#include "pubsub/names.hpp"
#include "pubsub/notify.hpp"
#include "pubsub/quotas.hpp"
#include "pubsub/subscription_entry.hpp"
#include "pubsub/use_cases.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace crier {

namespace {

/// One entry of an owner's change that can be made.
struct Change {
  Jid jid;
  /// Nothing: the subscription ends.
  std::optional<SubscriptionState> state;
  /// Those that it is about; empty: there is none yet.
  std::vector<SubscriptionId> subscriptions;
};

/// The subscriptions that the entry means: the one of its SubID, or all of its JID. §8.8.2.4
Result<std::vector<SubscriptionId>> meant_by(const Element& entry, const Node& node,
                                             const Jid& jid) {
  std::vector<SubscriptionId> ids;
  const auto subid = entry.attribute("subid");
  for (const auto at : node.subscriptions.group(jid.text())) {
    const auto id = node.subscriptions.at(at).id;
    if (!subid || *subid == subid_of(id)) ids.push_back(id);
  }
  if (subid && ids.empty()) return errors::invalid_subid;
  return ids;
}

/// What is left for the subscriptions that one request makes.
struct Room {
  /// How many more the node may have.
  std::size_t at_node;
  /// How many the request makes already for each bare JID, for each domain, and in all.
  std::map<std::string, std::size_t, std::less<>> by_account = {};
  std::map<std::string, std::size_t, std::less<>> by_domain = {};
  std::size_t taken = 0;

  /// Makes one for the bare JID. Refuses with too-many-subscriptions.
  Result<void> take(Turn& turn, std::string_view bare) {
    if (at_node == 0) return errors::too_many_subscriptions;
    auto& own = by_account[std::string(bare)];
    auto& its_domain = by_domain[std::string(domain_of(bare))];
    TRY(check_subscription_quota(turn, bare, {own + 1, its_domain + 1, taken + 1}));
    ++own;
    ++its_domain;
    ++taken;
    --at_node;
    return {};
  }
};

/// What the entry asks for; an entry without state changes nothing (§8.8.2.1). Refuses what can not
/// be (§8.8.2.4).
Result<std::optional<Change>> read_change(const Element& entry, const Node& node, Turn& turn,
                                          Room& room) {
  auto jid = TRY(named_jid(entry));
  auto ids = TRY(meant_by(entry, node, jid));
  const auto name = entry.attribute("subscription");
  if (!name) return std::optional<Change>();
  if (*name == "none") return std::optional(Change{std::move(jid), {}, std::move(ids)});
  const auto state = subscription_state_named(*name);
  const auto known = TRY(acquaintance(turn, node, jid.bare()));
  if (!state || !may_stay_subscribed(node, jid.bare(), turn.policy(), known))
    return errors::not_acceptable;
  if (ids.empty()) TRY(room.take(turn, jid.bare()));
  return std::optional(Change{std::move(jid), state, std::move(ids)});
}

void tell(Turn& turn, const Node& node, const Jid& jid, SubscriptionId id,
          SubscriptionState state) {
  send_subscription_state(turn, node, {jid.text(), id, name_of(state)});
}

/// A change that an owner makes for somebody else goes into the audit log.
void audit(Turn& turn, const Node& node, const Change& change, std::string_view old_state,
           const Jid& who) {
  if (change.jid.bare() == who.bare()) return;
  turn.audit({.by = who.text(),
              .action = "subscription",
              .node = node.key.name,
              .subject = change.jid.text(),
              .old_value = std::string(old_state),
              .new_value = std::string(change.state ? name_of(*change.state) : "none")});
}

void apply(Turn& turn, const Node& node, const Change& change, const Jid& who) {
  if (change.state && change.subscriptions.empty()) {
    audit(turn, node, change, "none", who);
    const auto id = add_subscription(turn, node, change.jid.text(), *change.state);
    tell(turn, node, change.jid, id, *change.state);
    return welcome(turn, node, node.subscriptions.find(change.jid.text(), id));
  }
  for (const auto id : change.subscriptions) {
    const auto at = node.subscriptions.find(change.jid.text(), id);
    const auto state = node.subscriptions.at(at).state;
    if (state != change.state) audit(turn, node, change, name_of(state), who);
    if (!change.state) {
      end_subscription(turn, node, at);
    } else if (state != *change.state) {
      tell(turn, node, change.jid, id, *change.state);
      set_state(turn, node, at, *change.state);
      welcome(turn, node, at);
    }
  }
}

/// At all nodes, or at the one that the request names.
Result<std::vector<SubscriptionSummary>> subscriptions_of_asker(const Request& request,
                                                                Turn& turn) {
  const auto bare = request.from.bare();
  if (request.node.empty()) return turn.store().subscriptions_of(turn.policy().domain, bare);
  const Node& node = *TRY(turn.visible_node(request));
  const auto& subscriptions = node.subscriptions;
  std::vector<SubscriptionSummary> own;
  for (auto at = subscriptions.find_bare(bare); at != Subscriptions::none;
       at = subscriptions.next_of(at, bare)) {
    const auto& slot = subscriptions.at(at);
    own.push_back({node.key.name, std::string(subscriptions.jid(slot)), slot.id, slot.state});
  }
  std::ranges::sort(own, {}, &SubscriptionSummary::id);
  return own;
}

/// Paging ids are SubIDs: the order of the lists is that of the subscriptions' coming.
std::string paging_id(const SubscriptionSummary& entry) {
  return subid_of(entry.id);
}

Result<Range<SubscriptionId>> range_of(const ListPage& page) {
  const auto wanted = page.range();
  Range<SubscriptionId> range{{}, wanted.backwards, wanted.limit};
  if (!wanted.from) return range;
  range.from = subscription_of(*wanted.from);
  if (!range.from) return errors::item_not_found.because("The page starts at no subscription.");
  return range;
}

/// The entry as it stands, for the owner to see what was not changed. §8.8.2.4
void echo(XmlWriter& out, const Element& entry, const Node& node) {
  const auto jid = Jid::parse(entry.attribute_or("jid", ""));
  auto at = jid ? node.subscriptions.find(jid->text()) : Subscriptions::none;
  const auto id = subscription_of(entry.attribute_or("subid", ""));
  if (jid && id) at = node.subscriptions.find(jid->text(), *id);
  auto subscription = out.open("subscription");
  subscription.attr("jid", entry.attribute_or("jid", ""));
  if (const auto subid = entry.attribute("subid")) subscription.attr("subid", *subid);
  subscription.attr("subscription",
                    at == Subscriptions::none ? "none" : name_of(node.subscriptions.at(at).state));
}

}  // namespace

Result<Reply> own_subscriptions(const Request& request, Turn& turn) {
  const Policy& policy = turn.policy();
  auto page = TRY(ListPage::parse(request.payload, policy.page_items, policy.page_bytes));
  const auto range = TRY(range_of(page));
  const auto own = TRY(subscriptions_of_asker(request, turn));
  return Reply{written([&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub);
    {
      auto list = out.open("subscriptions");
      if (!request.node.empty()) list.attr("node", request.node);
      page.write_entries(out, part_of(own, range, &SubscriptionSummary::id), paging_id,
                         [](XmlWriter& text, const SubscriptionSummary& entry) {
                           write_subscription(text, entry.node, entry.jid, entry.id, entry.state);
                         });
    }
    page.write_set(out, own.size());
  })};
}

Result<Reply> node_subscriptions(const Request& request, Turn& turn) {
  const Node& node = *TRY(turn.node(request));
  const Policy& policy = turn.policy();
  TRY(may_own(node, request.from, policy));
  auto page = TRY(ListPage::parse(request.payload, policy.page_items, policy.page_bytes));
  const auto range = TRY(range_of(page));
  return Reply{written([&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub_owner);
    {
      auto list = out.open("subscriptions");
      list.attr("node", node.key.name);
      // Those that are pending count as places in the list, but are not shown. §8.8.1.2
      page.write_entries(out, turn.store().subscriptions_at(node, range), paging_id,
                         [](XmlWriter& text, const SubscriptionSummary& entry) {
                           if (entry.state != SubscriptionState::pending)
                             write_subscription(text, {}, entry.jid, entry.id, entry.state);
                         });
    }
    page.write_set(out, node.subscriptions.size());
  })};
}

Result<Reply> change_subscriptions(const Request& request, Turn& turn) {
  const Node& node = *TRY(turn.node(request));
  TRY(may_own(node, request.from, turn.policy()));
  TRY(know_acquaintances(turn, node, node.config));
  std::vector<Change> changes;
  std::set<std::string> whole;
  std::set<SubscriptionId> known;
  // The operator may have lowered the limit below what the node already has.
  const auto most = turn.policy().max_subscriptions_per_node;
  Room room{most - std::min(most, node.subscriptions.size())};
  std::string failed;
  XmlWriter out(failed);
  for (const auto& entry : request.action.children()) {
    if (!entry.is("subscription", ns::pubsub_owner))
      return errors::bad_request.because("The list holds subscriptions only.");
    auto change = read_change(entry, node, turn, room);
    if (!change) {
      echo(out, entry, node);
    } else if (change.value()) {
      // Of two entries for one subscription each would say something else.
      const bool all = !entry.attribute("subid");
      bool twice = all && !whole.insert(change.value()->jid.text()).second;
      for (const auto id : change.value()->subscriptions) twice |= !known.insert(id).second;
      if (twice) return errors::bad_request.because("A subscription stands in the list twice.");
      changes.push_back(std::move(*change.value()));
    }
  }
  for (const auto& change : changes) apply(turn, node, change, request.from);
  if (failed.empty()) return Reply{};
  Error error = errors::not_acceptable.because("The subscriptions listed here were not changed.");
  error.echo = written([&](XmlWriter& echoed) {
    auto pubsub = echoed.open("pubsub", ns::pubsub_owner);
    auto list = echoed.open("subscriptions");
    list.attr("node", node.key.name);
    echoed.raw(failed);
  });
  return error;
}

}  // namespace crier
