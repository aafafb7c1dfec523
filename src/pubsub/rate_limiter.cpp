#include "pubsub/rate_limiter.hpp"

#include <crier/errors.hpp>

#include "base/glob.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <utility>

namespace crier {

namespace {

using std::chrono::nanoseconds;

/// So many of the buckets that were not used for the longest time are looked at for one to evict.
constexpr int candidates = 16;

constexpr std::array scopes{Scope::account, Scope::domain, Scope::service};
constexpr std::array<std::string_view, 3> scope_names{"an account", "a domain", "the service"};
constexpr std::array<std::string_view, 4> rate_names{"requests", "published items",
                                                     "published bytes", "subscriptions"};

std::string_view name_in(Scope scope, const Jid& from) {
  switch (scope) {
    case Scope::account: return from.bare();
    case Scope::domain: return from.domain();
    case Scope::service: return {};
  }
  return {};
}

/// How long it takes until so many tokens have come in. Within a century.
nanoseconds time_for(const RateRule& rule, std::uint64_t tokens) {
  constexpr double century = 3.15e18;
  const auto each =
      static_cast<double>(nanoseconds(rule.within).count()) / static_cast<double>(rule.most);
  return nanoseconds(std::llround(std::min(each * static_cast<double>(tokens), century)));
}

/// How long until a bucket that will be full at `full_at` holds what is to be taken.
nanoseconds wait_for(const RateRule& rule, nanoseconds missing, std::uint64_t tokens) {
  return missing - time_for(rule, rule.burst - std::min(tokens, rule.burst));
}

std::string unit_of(std::chrono::seconds within) {
  if (within == std::chrono::hours(1)) return "hour";
  return within == std::chrono::minutes(1) ? "min" : "s";
}

Error too_many(const RateRule& rule, nanoseconds wait) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  return errors::too_many_requests.because(
      fmt::format("Too many {}: {}/{} for {}; try again in {} s.",
                  rate_names[static_cast<std::size_t>(rule.what)], rule.most, unit_of(rule.within),
                  scope_names[static_cast<std::size_t>(rule.scope)], seconds));
}

}  // namespace

Result<void> RateLimiter::take(std::span<const RateRule> rules, const Jid& from,
                               const Demand& demand, Time time) {
  const Nanoseconds now = time;
  // A clock that was put back would let everybody wait for as long.
  if (now < last_) clear();
  last_ = now;
  std::array<std::pair<Bucket*, nanoseconds>, 12> taken;
  std::size_t count = 0;
  for (const auto scope : scopes)
    for (std::size_t i = 0; i < demand.size(); ++i) {
      const auto what = static_cast<Rate>(i);
      const auto is_about = [&](const RateRule& rule) {
        return rule.what == what && rule.scope == scope;
      };
      if (demand[i] == 0 || std::ranges::none_of(rules, is_about)) continue;
      auto& found = bucket(rules, {what, scope, name_in(scope, from)}, now);
      if (!found.rule) continue;
      const auto& rule = rules[*found.rule];
      const auto missing = std::max(found.full_at - now, nanoseconds(0));
      const auto wait = wait_for(rule, missing, demand[i]);
      if (wait > nanoseconds(0)) return too_many(rule, wait);
      taken[count++] = {&found, missing + time_for(rule, demand[i])};
    }
  for (const auto& [found, missing] : std::span(taken).first(count)) found->full_at = now + missing;
  return {};
}

void RateLimiter::clear() {
  by_key_.clear();
  buckets_.clear();
}

RateLimiter::Bucket& RateLimiter::bucket(std::span<const RateRule> rules, const Key& key,
                                         Nanoseconds now) {
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    buckets_.splice(buckets_.begin(), buckets_, found->second);
    return *found->second;
  }
  if (buckets_.size() >= most_) evict(now);
  Bucket made{key.what, key.scope, std::string(key.of), {}, now};
  for (std::size_t i = 0; i < rules.size(); ++i)
    if (rules[i].what == key.what && rules[i].scope == key.scope &&
        matches_glob(rules[i].pattern, key.of))
      made.rule = rules[i].most == 0 ? std::nullopt : std::optional(i);
  buckets_.push_front(std::move(made));
  by_key_.emplace(buckets_.front().key(), buckets_.begin());
  return buckets_.front();
}

void RateLimiter::evict(Nanoseconds now) {
  auto fullest = std::prev(buckets_.end());
  auto at = fullest;
  // Those in front may be of the stanza that is being judged.
  for (int i = 0; i < candidates && fullest->full_at > now && at != buckets_.begin(); ++i, --at)
    if (at->full_at < fullest->full_at) fullest = at;
  by_key_.erase(fullest->key());
  buckets_.erase(fullest);
}

}  // namespace crier
