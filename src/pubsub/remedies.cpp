#include "pubsub/remedies.hpp"

#include <crier/bans.hpp>
#include <crier/errors.hpp>

#include <fmt/format.h>

#include <algorithm>

#include "model/owner_rosters.hpp"
#include "model/rights.hpp"
#include "pubsub/node_form.hpp"

namespace crier {

namespace {

/// `text` as one word of a shell.
std::string word(std::string_view text) {
  constexpr std::string_view harmless =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./_-";
  if (!text.empty() && text.find_first_not_of(harmless) == text.npos) return std::string(text);
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'')
      quoted += "'\\''";
    else
      quoted += c;
  }
  return quoted + "'";
}

/// The least affiliation that allows it, whatever the node's models are. §4.1
std::string_view affiliation_for(Action action) {
  switch (action) {
    case Action::see:
    case Action::subscribe:
    case Action::unsubscribe:
    case Action::retrieve: return "member";
    case Action::publish:
    case Action::retract:
    case Action::purge: return "publisher";
    default: return "owner";
  }
}

class Remedies {
 public:
  Remedies(Turn& turn, const Inquiry& inquiry, const Node* node)
      : turn_(turn), inquiry_(inquiry), node_(node) {}

  std::vector<std::string> take() { return std::move(lines_); }

  template <class... Args>
  void say(fmt::format_string<Args...> format, Args&&... args) {
    lines_.push_back(fmt::format(format, std::forward<Args>(args)...));
  }

  void affiliate() {
    const auto affiliation = affiliation_for(inquiry_.action);
    say("An owner can make {} {} {}: crier affiliation set {} {} {}", bare(),
        affiliation == "owner" ? "an" : "a", affiliation, name(), word(bare()), affiliation);
  }

  /// An owner's, unless the operator has set the field.
  void set(std::string_view field, std::string_view value) {
    const auto forced = forced_fields(inquiry_.node, turn_.policy());
    if (std::ranges::find(forced, fmt::format("pubsub#{}", field)) != forced.end())
      return say("An operator can change --node-force, which sets {} for this node.", field);
    say("An owner can set {0}={1}: crier node configure {2} --set {0}={1}", field, value, name());
  }

  void let_in() {
    affiliate();
    set("access_model", "open");
  }

  void let_see() {
    const bool open_helps =
        inquiry_.action == Action::see || affiliation_for(inquiry_.action) == "member";
    const bool shut_out = node_ && node_->affiliation_of(bare()) == Affiliation::outcast;
    affiliate();
    if (open_helps && !shut_out) set("access_model", "open");
  }

  void let_publish() {
    affiliate();
    if (node_ && node_->config.publish_model == PublishModel::subscribers)
      say("{} can subscribe: crier subscription add {}", bare(), name());
    set("publish_model", "open");
  }

  void let_own() {
    affiliate();
    if (affiliation_for(inquiry_.action) == "owner") make_admin();
  }

  void make_admin() {
    say("An operator can make {0} an administrator of the service: --admin {0}", bare());
  }

  void approve() {
    say("An owner can approve the subscription: crier pending approve {} {}", name(), word(bare()));
  }

  void lift_ban() {
    if (const Ban* ban = turn_.ban_of(inquiry_.who))
      say("An administrator can lift the ban: crier unban {}", word(ban->jid));
  }

  void let_create() {
    const auto& policy = turn_.policy();
    const bool by_name =
        &creators_of(inquiry_.node, policy) != static_cast<const Creators*>(&policy.creators);
    say("An operator can let the users of {} create it: {}", inquiry_.who.domain(),
        by_name ? fmt::format("--create-named {}",
                              word(fmt::format("{} {}", inquiry_.node, inquiry_.who.domain())))
                : fmt::format("--create-nodes {}", inquiry_.who.domain()));
    create_for();
  }

  void create_for() {
    say("An administrator can create it and make {} an owner: crier node create {}; crier "
        "affiliation set {} {} owner",
        bare(), name(), name(), word(bare()));
  }

  void make_room() {
    say("An owner or a publisher can retract items: crier item retract {} ITEM", name());
    set("publish_node_full", "retract-oldest");
  }

  void retract_own() {
    say("{} can retract items that it has published: crier item retract NODE ITEM", bare());
  }

  /// The owners whose rosters do not count, and why.
  void name_unknown_rosters() {
    if (!node_ || !node_->config.follows_rosters()) return;
    constexpr std::size_t most = 5;
    std::size_t named = 0;
    for (const auto& owner : counting_owners(*node_)) {
      const bool granted = turn_.session().grants.of(owner).roster_get;
      const Roster* roster = turn_.session().rosters.peek(owner);
      if (granted && roster && !roster->missing) continue;
      if (named++ == most) return;
      if (granted)
        say("The roster of {} is not known now; ask again when its server answers.", owner);
      else
        say("The server of {} does not let the service see its roster; its operator can grant that "
            "(XEP-0356).",
            owner);
    }
  }

  std::string_view bare() const { return inquiry_.who.bare(); }
  std::string name() const { return word(inquiry_.node); }

 private:
  Turn& turn_;
  const Inquiry& inquiry_;
  const Node* node_;
  std::vector<std::string> lines_;
};

/// What the entity or the node's owners can do.
void add_node_remedies(Remedies& add, Rule rule) {
  switch (rule) {
    case Rule::access_model: return add.let_in();
    case Rule::presence:
      add.let_in();
      return add.say("An owner can let {} see its presence.", add.bare());
    case Rule::roster_group:
      add.let_in();
      return add.say("An owner can put {} into a roster group that the node lets in.", add.bare());
    case Rule::subscription:
      add.say("{} can subscribe, which an owner approves: crier subscription add {}", add.bare(),
              add.name());
      return add.let_in();
    case Rule::concealed: return add.let_see();
    case Rule::affiliation: return add.let_own();
    case Rule::own_item: return add.affiliate();
    case Rule::publish_model: return add.let_publish();
    case Rule::no_subscriptions: return add.set("subscribe", "true");
    case Rule::no_items: return add.set("persist_items", "true");
    case Rule::node_full: return add.make_room();
    case Rule::pending: return add.approve();
    default: return;
  }
}

/// What is to be done otherwise, or by an operator.
void add_other_remedies(Remedies& add, Rule rule, const Inquiry& inquiry, const Error& refusal) {
  switch (rule) {
    case Rule::no_node:
      return add.say("Whoever may create nodes can create it: crier node create {}", add.name());
    case Rule::moved: return add.say("It is asked for where it is now: {}", refusal.address);
    case Rule::no_item: return add.say("These items are there: crier item list {}", add.name());
    case Rule::name_taken:
    case Rule::service_name: return add.say("Another name can be chosen.");
    case Rule::collection: return add.say("A node in the collection can be named instead.");
    case Rule::no_subscription:
      return add.say("{} can subscribe: crier subscription add {}", add.bare(), add.name());
    case Rule::several_subscriptions:
      return add.say("The request can name one of them: crier subscription list {}", add.name());
    case Rule::subscription_type:
      return add.say("{} can end the other subscription, or ask for another depth.", add.bare());
    case Rule::admin: return add.make_admin();
    case Rule::banned: return add.lift_ban();
    case Rule::creators: return add.let_create();
    case Rule::reserved:
      add.create_for();
      return add.say("An operator can take the name out of --reserve.");
    case Rule::anonymous:
      return add.say("An operator can take {} out of --anonymous.", inquiry.who.domain());
    case Rule::node_quota:
      add.say("{} can delete a node that it has created.", add.bare());
      return add.say("An operator can raise the --quota of nodes, or --max-nodes.");
    case Rule::subscription_quota:
      add.say("{} can end a subscription: crier subscription remove NODE", add.bare());
      return add.say(
          "An operator can raise the --quota of subscriptions, or --max-account-subscriptions.");
    case Rule::item_quota:
      add.retract_own();
      return add.say("An operator can raise the --quota of items.");
    case Rule::bytes_quota:
      // What goes leaves room in the pages of the database, not always whole pages.
      if (*refusal.kind != errors::resource_constraint) add.retract_own();
      return add.say("An operator can raise the --quota of bytes.");
    case Rule::subscription_limit:
      add.say("{} can end a subscription: crier subscription remove {}", add.bare(), add.name());
      return add.say("An operator can raise --max-jid-subscriptions, or --max-subscriptions.");
    case Rule::defaults:
      return add.say(
          "The request can configure the node otherwise; an operator can change "
          "--node-default and --node-force.");
    default: return;
  }
}

}  // namespace

std::vector<std::string> remedies(Turn& turn, const Inquiry& inquiry, const Node* node, Rule rule,
                                  const Error& refusal, bool in_full) {
  Remedies add(turn, inquiry, node);
  add_node_remedies(add, rule);
  add_other_remedies(add, rule, inquiry, refusal);
  const bool by_rosters =
      rule == Rule::presence || rule == Rule::roster_group || rule == Rule::concealed;
  if (in_full && by_rosters) add.name_unknown_rosters();
  return add.take();
}

}  // namespace crier
