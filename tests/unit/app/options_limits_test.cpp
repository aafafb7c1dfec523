#include "app/options.hpp"

#include <doctest/doctest.h>

#include <array>

#include "app/place.hpp"

using namespace crier;
using crier::test::Place;
using namespace std::chrono_literals;

TEST_CASE("--limit: what, for whom, a pattern, a rate, a burst") {
  const Place place;
  const auto rates = place
                         .read({"--limit", "requests account 20/s burst 100", "--limit",
                                "publishes domain Partner.example 500/min", "--limit",
                                "bytes service 10M/s", "--limit", "presence domain *.EXAMPLE 5/h",
                                "--limit", "requests account bot@a.example any"})
                         .policy.rates;
  const std::vector<RateRule> expected = {
      {Rate::requests, Scope::account, "*", 20, 1s, 100},
      {Rate::publishes, Scope::domain, "partner.example", 500, 60s, 500},
      {Rate::bytes, Scope::service, "*", 10 * 1024 * 1024, 1s, 10 * 1024 * 1024},
      {Rate::presence, Scope::domain, "*.example", 5, 3600s, 5},
      {Rate::requests, Scope::account, "bot@a.example", 0, 1s, 0}};
  CHECK(rates == expected);
}

TEST_CASE("--quota: what, for whom, a pattern, how much") {
  const Place place;
  const auto quotas =
      place
          .read({"--quota", "nodes account *@a.example 100", "--quota", "subscriptions account 1K",
                 "--quota", "bytes service 50G", "--quota", "nodes account bot@a.example any"})
          .policy.quotas;
  const std::vector<QuotaRule> expected = {
      {Quantity::nodes, Scope::account, "*@a.example", 100},
      {Quantity::subscriptions, Scope::account, "*", 1024},
      {Quantity::bytes, Scope::service, "*", std::uint64_t{50} << 30},
      {Quantity::nodes, Scope::account, "bot@a.example", 0}};
  CHECK(quotas == expected);
}

TEST_CASE("--quota: everything that is counted, for accounts, domains and the service") {
  const Place place;
  constexpr std::array things{Quantity::nodes, Quantity::subscriptions, Quantity::items,
                              Quantity::bytes};
  constexpr std::array scopes{Scope::account, Scope::domain, Scope::service};
  constexpr std::array thing_names{"nodes", "subscriptions", "items", "bytes"};
  constexpr std::array scope_names{"account", "domain", "service"};
  for (std::size_t thing = 0; thing < things.size(); ++thing)
    for (std::size_t scope = 0; scope < scopes.size(); ++scope) {
      const auto rule = std::string(thing_names[thing]) + " " + scope_names[scope] + " 5M";
      CAPTURE(rule);
      CHECK(place.read({"--quota", rule}).policy.quotas ==
            std::vector<QuotaRule>{{things[thing], scopes[scope], "*", 5 * 1024 * 1024}});
    }
  CHECK(place.read({"--quota", "items domain Partner.example 7"}).policy.quotas ==
        std::vector<QuotaRule>{{Quantity::items, Scope::domain, "partner.example", 7}});
}

TEST_CASE("limits in the environment and in a file: a rule a line, a list") {
  Place place;
  place.write("crier.toml", "limit = [\"requests account 5/s\", \"requests service 50/s\"]\n");
  CHECK(place.read({"--config", place.path("crier.toml")}).policy.rates.size() == 2);
  place.set("CRIER_LIMIT", "requests account 5/s\nrequests domain 10/s\nrequests service 50/s");
  CHECK(place.read().policy.rates.size() == 3);
}

TEST_CASE("there are no limits unless they are given") {
  const Place place;
  CHECK(place.read().policy.rates.empty());
  CHECK(place.read().policy.quotas.empty());
}

TEST_CASE("a limit that is wrong is refused in one line that names the option") {
  const Place place;
  for (const auto* rule :
       {"requests", "requests account", "speed account 5/s", "requests user 5/s",
        "requests account 5", "requests account 0/s", "requests account 5/day",
        "requests account -5/s", "requests account a.example 5/s", "requests account a@b/c 5/s",
        "requests domain a@b 5/s", "requests domain *@b 5/s", "requests service a.example 5/s",
        "requests account 5/s burst", "requests account 5/s burst 0", "requests account 5/s 7",
        "requests account 99999999999999999999/s", "requests account 5/s burst 7 8"}) {
    CAPTURE(rule);
    CHECK(place.refusal({"--limit", rule}).starts_with("--limit: "));
  }
  for (const auto* rule :
       {"nodes account 5/s", "nodes account 0", "requests account 5", "nodes service a.example 5",
        "nodes domain a@a.example 5", "items account a.example 5", "bytes account 5T"}) {
    CAPTURE(rule);
    CHECK(place.refusal({"--quota", rule}).starts_with("--quota: "));
  }
  CHECK(place.refusal({"--limit", "speed account 5/s"}) ==
        "--limit: 'speed' is not known; choose one of requests, publishes, bytes, presence");
  CHECK(place.refusal({"--limit", "requests account 5"}) ==
        "--limit: there is no rate such as 20/s, 100/min, 5/h or any in 'requests account 5'; "
        "write it such as 'requests account 20/s burst 100' or 'publishes domain partner.example "
        "500/min'");
}
