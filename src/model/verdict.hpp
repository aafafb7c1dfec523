#pragma once
/// What a decision is: yes or no, and by which rule.
///
/// Every function that decides about a request gives a Verdict, so that a refusal says why, and
/// that the one who explains (pubsub/explanation.hpp) need not decide a second time.

#include <crier/error.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace crier {

/// What decided. Each has a row in verdict.cpp.
enum class Rule : std::uint8_t {
  // Who asks, and what the node is told to be.
  admin,
  affiliation,
  access_model,
  /// The access models `presence` and `roster`.
  presence,
  roster_group,
  publish_model,
  /// The node takes no subscriptions.
  no_subscriptions,
  subscription,
  own_item,
  // What is there.
  no_node,
  /// The policy keeps from the asker that the node is there.
  concealed,
  moved,
  no_item,
  name_taken,
  service_name,
  collection,
  no_items,
  node_full,
  pending,
  no_subscription,
  several_subscriptions,
  subscription_type,
  // What the operator says.
  banned,
  creators,
  reserved,
  anonymous,
  node_quota,
  subscription_quota,
  item_quota,
  bytes_quota,
  subscription_limit,
  /// What new nodes are can not be.
  defaults,
  /// Rosters must be read first.
  rosters,
};

/// How a rule is called, for programs: `access_model`.
std::string_view name_of(Rule rule);

/// Allowed, or the error that refuses; either way the rule that decided. Works with TRY.
class [[nodiscard]] Verdict {
 public:
  static Verdict allow(Rule rule) { return Verdict(std::nullopt, rule); }
  /// Refused, with the sentence that belongs to the rule unless the error has a text of its own.
  static Verdict refuse(Error error, Rule rule) { return Verdict(std::move(error), rule); }

  explicit operator bool() const { return !refusal_; }
  /// The refusal, with a sentence that names the rule, and nothing that the asker may not know.
  Error error() const;
  void take() const {}
  Rule rule() const { return rule_; }

 private:
  Verdict(std::optional<Error> refusal, Rule rule) : refusal_(std::move(refusal)), rule_(rule) {}

  std::optional<Error> refusal_;
  Rule rule_;
};

}  // namespace crier
