#include "pubsub/rate_limiter.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace crier;
using namespace std::chrono_literals;

namespace {

constexpr Demand one_request{1, 0, 0, 0};

Demand items(std::uint64_t count) {
  return {0, count, 0, 0};
}

/// A limiter under a clock that only the test moves.
struct Clock {
  std::vector<RateRule> rules;
  RateLimiter limiter{};
  Time now{std::chrono::sys_days{std::chrono::year{2024} / 5 / 1}};

  /// "" when it was let in, else the refusal's text.
  std::string take(std::string_view from, const Demand& demand = one_request) {
    const auto taken = limiter.take(rules, *Jid::parse(from), demand, now);
    if (taken) return "";
    CHECK(taken.error().kind->type == ErrorType::wait);
    CHECK(taken.error().kind->condition == "policy-violation");
    return taken.error().text;
  }
  /// How many are let in at once.
  int burst(std::string_view from) {
    int count = 0;
    while (take(from).empty()) ++count;
    return count;
  }
};

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@a.example/x";
constexpr auto carol = "carol@b.example/x";

RateRule requests(Scope scope, std::uint64_t most, std::uint64_t burst, std::string pattern = "*",
                  std::chrono::seconds within = 1s) {
  return {Rate::requests, scope, std::move(pattern), most, within, burst};
}

}  // namespace

TEST_CASE("a bucket holds its burst, and gets exactly as many tokens as its rate says") {
  Clock clock{{requests(Scope::account, 10, 5)}};
  CHECK(clock.burst(alice) == 5);
  clock.now += 99'999us;
  CHECK(clock.burst(alice) == 0);
  clock.now += 1us;
  CHECK(clock.burst(alice) == 1);
  clock.now += 250ms;
  CHECK(clock.burst(alice) == 2);
  clock.now += 50ms;  // The half of a token is not lost.
  CHECK(clock.burst(alice) == 1);
  clock.now += 1h;  // No more than the burst is kept.
  CHECK(clock.burst(alice) == 5);
}

TEST_CASE("over a long time exactly the rate is let in, whatever it is") {
  for (const auto within : {1s, 60s, 3600s})
    for (const std::uint64_t most : {1u, 3u, 7u, 1000u}) {
      Clock clock{{requests(Scope::account, most, 1, "*", within)}};
      CHECK(clock.burst(alice) == 1);
      int count = 0;
      // Looked at so often that no token overflows the bucket.
      const auto step = std::chrono::microseconds(within) / 4000;
      for (int i = 0; i < 40'000; ++i) {
        clock.now += step;
        count += clock.take(alice).empty();
      }
      CHECK(count <= static_cast<int>(10 * most));
      CHECK(count >= static_cast<int>(10 * most) * 99 / 100 - 1);
    }
}

TEST_CASE("who is refused pays nothing, and is told the limit and when to come again") {
  Clock clock{{requests(Scope::account, 2, 6, "*", 60s)}};
  CHECK(clock.burst(alice) == 6);
  CHECK(clock.take(alice) == "Too many requests: 2/min for an account; try again in 30 s.");
  clock.now += 29s;
  CHECK(clock.take(alice) == "Too many requests: 2/min for an account; try again in 1 s.");
  clock.now += 1s;
  CHECK(clock.take(alice) == "");
}

TEST_CASE("an account is a bare JID, a domain all its accounts, the service everybody") {
  Clock accounts{{requests(Scope::account, 1, 1)}};
  CHECK(accounts.take(alice).empty());
  CHECK_FALSE(accounts.take("alice@a.example/y").empty());
  CHECK(accounts.take(bob).empty());
  Clock domains{{requests(Scope::domain, 1, 1)}};
  CHECK(domains.take(alice).empty());
  CHECK(domains.take(bob) == "Too many requests: 1/s for a domain; try again in 1 s.");
  CHECK(domains.take(carol).empty());
  Clock service{{requests(Scope::service, 1, 1)}};
  CHECK(service.take(alice).empty());
  CHECK(service.take(carol) == "Too many requests: 1/s for the service; try again in 1 s.");
}

TEST_CASE("a refusal by one bucket takes nothing from the others") {
  Clock clock{{requests(Scope::account, 1, 1), requests(Scope::domain, 1, 3)}};
  CHECK(clock.burst(alice) == 1);
  CHECK(clock.burst("dave@a.example/x") == 1);
  CHECK(clock.burst(bob) == 1);
  CHECK(clock.take("erin@a.example/x").find("for a domain") != std::string::npos);
  clock.now += 1s;
  CHECK(clock.burst("erin@a.example/x") == 1);
}

TEST_CASE("of several rules the last that matches counts, and any lifts the limit") {
  Clock clock{{requests(Scope::account, 1, 1), requests(Scope::account, 1, 3, "*@b.example"),
               requests(Scope::account, 0, 0, "bob@*")}};
  CHECK(clock.burst(alice) == 1);
  CHECK(clock.burst(carol) == 3);
  for (int i = 0; i < 100; ++i) CHECK(clock.take(bob).empty());
}

TEST_CASE("more at once than a bucket holds passes when it is full, and is owed") {
  Clock clock{{{Rate::publishes, Scope::account, "*", 10, 1s, 20}}};
  CHECK(clock.take(alice, items(50)) == "");
  CHECK(clock.take(alice, items(1)) ==
        "Too many published items: 10/s for an account; try again in 4 s.");
  clock.now += 3100ms;
  CHECK(clock.take(alice, items(1)) == "");
  CHECK_FALSE(clock.take(alice, items(50)).empty());
  CHECK(clock.take(alice) == "");  // Requests are not published items.
}

TEST_CASE("bytes by the gigabyte are counted to the byte") {
  Clock clock{{{Rate::bytes, Scope::service, "*", std::uint64_t{1} << 30, 1s, 1024}}};
  CHECK(clock.take(alice, {0, 0, 1024, 0}).empty());
  CHECK_FALSE(clock.take(alice, {0, 0, 1, 0}).empty());
  clock.now += 1us;
  CHECK(clock.take(alice, {0, 0, 1024, 0}).empty());
}

TEST_CASE("buckets are bounded in number; one that is full goes before one that is not") {
  Clock clock{{requests(Scope::account, 1, 2, "*", 3600s)}, RateLimiter(100)};
  CHECK(clock.burst(alice) == 2);
  clock.now += 1h;  // One token of two.
  for (int i = 0; i < 10'000; ++i) {
    // Everybody else takes one token, and has it back sooner than alice is full.
    CHECK(clock.take(fmt::format("u{}@a.example", i)).empty());
    CHECK(clock.limiter.size() <= 100);
    clock.now += 1s;
    if (i % 10 == 0) clock.take(alice, {});
  }
  CHECK(clock.limiter.size() == 100);
}

TEST_CASE("a bucket that is not full stays while full ones can go") {
  Clock clock{
      {requests(Scope::account, 1, 3, "poor@*", 3600s), requests(Scope::account, 1000, 1, "u*")},
      RateLimiter(64)};
  CHECK(clock.burst("poor@a.example") == 3);
  // As long as the debt lasts nobody makes the limiter forget it by coming under many names.
  for (int i = 0; i < 1000; ++i) {
    CHECK(clock.take(fmt::format("u{}@a.example", i)).empty());
    clock.now += 1ms;
  }
  CHECK(clock.burst("poor@a.example") == 0);
}

TEST_CASE("clear() makes all buckets full") {
  Clock clock{{requests(Scope::account, 1, 2)}};
  CHECK(clock.burst(alice) == 2);
  clock.limiter.clear();
  CHECK(clock.limiter.size() == 0);
  CHECK(clock.burst(alice) == 2);
}
