#include "app/exposition.hpp"

#include "app/metrics_server.hpp"

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <regex>
#include <set>
#include <sstream>

using namespace crier;
using namespace std::chrono_literals;

namespace {

Result<Reply> nothing(const Request&, Turn&) {
  return Reply{};
}

const std::vector<Route> routes{
    {Request::Type::set, "http://jabber.org/protocol/pubsub", "publish", nothing},
    {Request::Type::get, "urn:\"odd\\", "items", nothing},
    {Request::Type::get, "urn:\"odd\\", "items", nothing},
};

/// Reads the text format strictly; samples with their labels to values.
struct Exposed {
  std::map<std::string, std::string> types;
  std::map<std::string, double> samples;

  explicit Exposed(const std::string& text, bool open) {
    static const std::regex type_line("# TYPE ([a-z_]+) (counter|gauge|histogram|info)");
    static const std::regex help_line("# HELP ([a-z_]+) [^\\\\]+\\.");
    static const std::regex sample_line(
        "([a-z_]+)(\\{[a-z]+=\"(?:[^\"\\\\]|\\\\[\\\\\"n])*\"(?:,[a-z]+=\"(?:[^\"\\\\]|\\\\[\\\\"
        "\"n])*\")*\\})? ([0-9.e+-]+)");
    REQUIRE(text.ends_with('\n'));
    std::istringstream lines(text);
    std::string family;
    bool ended = false;
    for (std::string line; std::getline(lines, line);) {
      INFO(line);
      REQUIRE_FALSE(ended);
      std::smatch found;
      if (line == "# EOF") {
        ended = true;
      } else if (std::regex_match(line, found, help_line)) {
        family = found[1];
      } else if (std::regex_match(line, found, type_line)) {
        REQUIRE(found[1] == family);
        REQUIRE(types.emplace(found[1], found[2]).second);
      } else {
        REQUIRE(std::regex_match(line, found, sample_line));
        REQUIRE(found[1].str().starts_with(family));
        REQUIRE(samples.emplace(found[1].str() + found[2].str(), std::stod(found[3])).second);
      }
    }
    REQUIRE(ended == open);
  }
};

}  // namespace

TEST_CASE("OpenMetrics 1.0: families, samples and the end") {
  auto statistics = std::make_unique<Statistics>();
  statistics->requests[0][granted].add(3);
  statistics->requests[0][outcome_of("forbidden")].add();
  statistics->requests[Statistics::other_route][outcome_of("bad-request")].add(2);
  statistics->items_published.add(4);
  statistics->commit_seconds.observe(0.0002);
  statistics->commit_seconds.observe(20);
  statistics->sizes = [] { return Sizes{10, 20, 30}; };
  const Exposed exposed(expose(*statistics, routes, Exposition::openmetrics), true);
  const std::string publish =
      "crier_requests_total{namespace=\"http://jabber.org/protocol/pubsub\",action=\"publish\","
      "type=\"set\",outcome=";
  CHECK(exposed.samples.at(publish + "\"result\"}") == 3);
  CHECK(exposed.samples.at(publish + "\"forbidden\"}") == 1);
  CHECK(exposed.samples.at("crier_requests_total{namespace=\"urn:\\\"odd\\\\\",action=\"items\","
                           "type=\"get\",outcome=\"result\"}") == 0);
  CHECK(exposed.samples.at("crier_requests_total{namespace=\"\",action=\"other\",type=\"\","
                           "outcome=\"bad-request\"}") == 2);
  CHECK(exposed.types.at("crier_requests") == "counter");
  CHECK(exposed.types.at("crier_build") == "info");
  CHECK(exposed.samples.at("crier_items_published_total") == 4);
  CHECK(exposed.types.at("crier_commit_seconds") == "histogram");
  CHECK(exposed.samples.at("crier_commit_seconds_bucket{le=\"0.0001\"}") == 0);
  CHECK(exposed.samples.at("crier_commit_seconds_bucket{le=\"0.00025\"}") == 1);
  CHECK(exposed.samples.at("crier_commit_seconds_bucket{le=\"10.0\"}") == 1);
  CHECK(exposed.samples.at("crier_commit_seconds_bucket{le=\"+Inf\"}") == 2);
  CHECK(exposed.samples.at("crier_commit_seconds_count") == 2);
  CHECK(exposed.samples.at("crier_commit_seconds_sum") == doctest::Approx(20.0002));
  CHECK(exposed.samples.at("crier_database_bytes") == 10);
  CHECK(exposed.samples.at("crier_wal_bytes") == 20);
  CHECK(exposed.samples.at("process_resident_memory_bytes") == 30);
}

TEST_CASE("the text format of Prometheus names counters with their suffix") {
  const auto statistics = std::make_unique<Statistics>();
  const Exposed exposed(expose(*statistics, routes, Exposition::prometheus), false);
  CHECK(exposed.types.at("crier_requests_total") == "counter");
  CHECK(exposed.types.at("crier_build_info") == "gauge");
  CHECK(exposed.samples.count("crier_items_published_total") == 1);
}

TEST_CASE("the number of series is bounded, whatever was counted") {
  auto statistics = std::make_unique<Statistics>();
  for (auto& route : statistics->requests)
    for (auto& outcome : route) outcome.add();
  const std::vector<Route> many(200, routes[0]);
  std::vector<Route> different;
  std::vector<std::string> names;
  for (int i = 0; i < 200; ++i) names.push_back("a" + std::to_string(i));
  for (const auto& name : names) different.push_back({Request::Type::set, "urn:n", name, nothing});
  const Exposed alike(expose(*statistics, many, Exposition::openmetrics), true);
  const Exposed all(expose(*statistics, different, Exposition::openmetrics), true);
  CHECK(alike.samples.size() < 2 * Statistics::most_outcomes + 100);
  CHECK(all.samples.size() < Statistics::most_routes * Statistics::most_outcomes + 100);
}

TEST_CASE("the service is well while its loop turns, or waits") {
  Statistics statistics;
  const auto now = std::chrono::steady_clock::now();
  const auto busy_for = [&](std::chrono::nanoseconds time) {
    statistics.busy_since.set(static_cast<std::uint64_t>((now.time_since_epoch() - time).count()));
  };
  CHECK(ill_health(statistics, now).empty());
  busy_for(9s);
  CHECK(ill_health(statistics, now).empty());
  busy_for(12s);
  CHECK(ill_health(statistics, now) == "the service has not turned its loop for 12 s");
}

TEST_CASE("the service is ready while its stream is there and the disk takes what it writes") {
  Statistics statistics;
  statistics.server = "127.0.0.1:5347";
  CHECK(unreadiness(statistics) == "there is no stream to the server, 127.0.0.1:5347");
  statistics.stream_up.set(1);
  CHECK(unreadiness(statistics).empty());
  statistics.storage_failing.set(1);
  CHECK(unreadiness(statistics) == "the disk refused what was written last");
}
