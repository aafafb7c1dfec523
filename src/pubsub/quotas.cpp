#include "pubsub/quotas.hpp"

#include <crier/errors.hpp>

#include "base/glob.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace crier {

namespace {

constexpr std::array scopes{Scope::account, Scope::domain, Scope::service};

std::string_view name_in(Scope scope, std::string_view bare) {
  switch (scope) {
    case Scope::account: return bare;
    case Scope::domain: return domain_of(bare);
    case Scope::service: return {};
  }
  return {};
}

/// A number for each scope.
using ByScope = std::array<std::uint64_t, 3>;

std::uint64_t in(Scope scope, const ByScope& numbers) {
  return numbers[static_cast<std::size_t>(scope)];
}

/// How much of it the bare JID, its domain and the service may have; 0: without limit. The last
/// rule that matches counts, `otherwise` for an account that none matches.
ByScope quotas_of(const Policy& policy, Quantity what, std::string_view bare,
                  std::size_t otherwise = 0) {
  ByScope most{otherwise, 0, 0};
  for (const auto& rule : policy.quotas) {
    const bool matches =
        rule.what == what &&
        (rule.scope == Scope::service || matches_glob(rule.pattern, name_in(rule.scope, bare)));
    if (matches) most[static_cast<std::size_t>(rule.scope)] = rule.most;
  }
  return most;
}

/// What a refusal says, by Quantity.
struct Wording {
  std::string_view noun;
  std::string_view verb;
  Rule rule;
  /// Of an account or a domain, and of the service.
  const ErrorKind& theirs;
  const ErrorKind& ours;
};

constexpr std::array<Wording, 4> wordings{{
    {"node", "have", Rule::node_quota, errors::max_nodes_exceeded, errors::max_nodes_exceeded},
    {"subscription", "have", Rule::subscription_quota, errors::too_many_subscriptions,
     errors::too_many_subscriptions},
    {"item", "store", Rule::item_quota, errors::quota_exceeded, errors::resource_constraint},
    {"byte", "store", Rule::bytes_quota, errors::quota_exceeded, errors::resource_constraint},
}};

const Wording& wording_of(Quantity what) {
  return wordings[static_cast<std::size_t>(what)];
}

std::string described(Scope scope, std::string_view bare) {
  switch (scope) {
    case Scope::account: return fmt::format("The account {}", bare);
    case Scope::domain: return fmt::format("All accounts of {} together", domain_of(bare));
    case Scope::service: break;
  }
  return "The service";
}

/// Allows `more` beside what is `used`. What adds nothing is allowed, however low the quota has
/// become.
Verdict check(Quantity what, Scope scope, std::string_view bare, std::uint64_t most,
              std::uint64_t used, std::uint64_t more) {
  const auto& words = wording_of(what);
  if (most == 0 || more == 0 || (used <= most && more <= most - used))
    return Verdict::allow(words.rule);
  const auto& kind = scope == Scope::service ? words.ours : words.theirs;
  return Verdict::refuse(
      kind.because(fmt::format("{} may {} at most {} {}{}.", described(scope, bare), words.verb,
                               most, words.noun, most == 1 ? "" : "s")),
      words.rule);
}

/// Allows `more` beside what the account, its domain and all have. `used(scope, quota)` is asked
/// where there is a quota, and need not count further.
template <class Used>
Verdict check_scopes(Quantity what, std::string_view bare, const ByScope& most, const ByScope& more,
                     Used used) {
  for (const auto scope : scopes) {
    const auto quota = in(scope, most);
    if (quota == 0) continue;
    auto room = check(what, scope, bare, quota, used(scope, quota), in(scope, more));
    if (!room) return room;
  }
  return Verdict::allow(wording_of(what).rule);
}

struct Volume {
  std::uint64_t items = 0;
  std::uint64_t bytes = 0;
};

std::uint64_t less(std::uint64_t some, std::uint64_t gone) {
  return some - std::min(some, gone);
}

/// Decides about items, and looks at what they displace only when it must know.
class ItemQuotas {
 public:
  ItemQuotas(Turn& turn, std::string_view bare, const Node* node,
             std::span<const IncomingItem> items)
      : turn_(turn), bare_(bare), node_(node), items_(items), whole_{items.size(), 0} {
    for (const auto& item : items) whole_.bytes += item.bytes;
  }

  Verdict decide(Scope scope, std::uint64_t most_items, std::uint64_t most_bytes) {
    if (most_items == 0 && most_bytes == 0) return Verdict::allow(Rule::item_quota);
    const auto used = turn_.store().usage(scope, name_in(scope, bare_));
    const auto is_room_for = [&](const Volume& more) {
      auto items = check(Quantity::items, scope, bare_, most_items, used.items, more.items);
      if (!items) return items;
      return check(Quantity::bytes, scope, bare_, most_bytes, used.bytes, more.bytes);
    };
    auto whole = is_room_for(whole_);
    return whole || !node_ ? whole : is_room_for(added_in(scope));
  }

 private:
  /// What is more than before: what goes was counted, if it was the scope's.
  Volume added_in(Scope scope) {
    if (!displaced_) look();
    const auto& gone = (*displaced_)[static_cast<std::size_t>(scope)];
    return {less(whole_.items, gone.items), less(whole_.bytes, gone.bytes)};
  }

  void look() {
    displaced_.emplace();
    visit_displaced(turn_, *node_, bare_, items_, [&](std::string_view publisher, auto bytes) {
      for (const auto scope : scopes) {
        if (name_in(scope, publisher) != name_in(scope, bare_)) continue;
        auto& gone = (*displaced_)[static_cast<std::size_t>(scope)];
        ++gone.items;
        gone.bytes += bytes;
      }
    });
  }

  Turn& turn_;
  std::string_view bare_;
  const Node* node_;
  std::span<const IncomingItem> items_;
  Volume whole_;
  /// By scope, once it was looked at.
  std::optional<std::array<Volume, 3>> displaced_;
};

/// The bytes of the service are those of its database, which what comes may fill up.
Verdict check_database(Turn& turn, std::string_view bare, std::uint64_t most) {
  if (most == 0) return Verdict::allow(Rule::bytes_quota);
  const auto used = turn.store().bytes_in_use();
  return check(Quantity::bytes, Scope::service, bare, most, used, 1);
}

}  // namespace

Verdict check_node_quota(Turn& turn, std::string_view bare) {
  const Policy& policy = turn.policy();
  if (policy.is_admin(bare)) return Verdict::allow(Rule::node_quota);
  const auto most = quotas_of(policy, Quantity::nodes, bare, policy.max_nodes_per_account);
  return check_scopes(Quantity::nodes, bare, most, {1, 1, 1}, [&](Scope scope, auto quota) {
    return scope == Scope::account ? turn.store().count_created(policy.domain, bare, quota)
                                   : turn.store().usage(scope, name_in(scope, bare)).nodes;
  });
}

Verdict check_subscription_quota(Turn& turn, std::string_view bare, const MoreSubscriptions& more) {
  const Policy& policy = turn.policy();
  if (policy.is_admin(bare)) return Verdict::allow(Rule::subscription_quota);
  const auto most =
      quotas_of(policy, Quantity::subscriptions, bare, policy.max_subscriptions_per_account);
  const ByScope asked{more.account, more.domain, more.service};
  return check_scopes(Quantity::subscriptions, bare, most, asked, [&](Scope scope, auto quota) {
    return scope == Scope::account ? turn.store().count_subscriptions(policy.domain, bare, quota)
                                   : turn.store().usage(scope, name_in(scope, bare)).subscriptions;
  });
}

Verdict check_item_quotas(Turn& turn, std::string_view bare, const Node* node,
                          std::span<const IncomingItem> items) {
  const Policy& policy = turn.policy();
  if (policy.is_admin(bare) || items.empty()) return Verdict::allow(Rule::item_quota);
  const auto most_items = quotas_of(policy, Quantity::items, bare);
  auto most_bytes = quotas_of(policy, Quantity::bytes, bare);
  const auto most_in_database = std::exchange(most_bytes.back(), 0);
  if (auto room = check_database(turn, bare, most_in_database); !room) return room;
  ItemQuotas quotas(turn, bare, node, items);
  for (const auto scope : scopes)
    if (auto room = quotas.decide(scope, in(scope, most_items), in(scope, most_bytes)); !room)
      return room;
  return Verdict::allow(Rule::item_quota);
}

}  // namespace crier
