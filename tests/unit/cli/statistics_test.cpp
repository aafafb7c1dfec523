#include "cli/statistics.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace crier;
using namespace crier::cli;
using namespace std::chrono_literals;

namespace {

constexpr auto told =
    "<iq type='result'><command xmlns='http://jabber.org/protocol/commands' status='completed'>"
    "<x xmlns='jabber:x:data' type='result'>"
    "<field var='version'><value>0.1.0</value></field>"
    "<field var='uptime_seconds'><value>100</value></field>"
    "<field var='server'><value>127.0.0.1:5347</value></field>"
    "<field var='database'><value>/var/lib/crier/crier.db</value></field>"
    "<field var='stream_up'><value>1</value></field>"
    "<field var='requests'><value>12345</value></field>"
    "<field var='commit_p99_seconds'><value>0.0025</value></field>"
    "<field var='sent_bytes'><value>2048</value></field>"
    "<reported><field var='kind'/><field var='name'/><field var='node'/>"
    "<field var='events_per_second'/><field var='messages'/><field var='events'/></reported>"
    "<item><field var='kind'><value>node</value></field><field var='name'><value>quiet</value>"
    "</field><field var='events_per_second'><value>0.5</value></field><field var='messages'>"
    "<value>40</value></field><field var='events'><value>4</value></field></item>"
    "<item><field var='kind'><value>node</value></field><field var='name'><value>loud</value>"
    "</field><field var='events_per_second'><value>2.5</value></field></item>"
    "<item><field var='kind'><value>bouncing</value></field><field var='name'><value>c@c.example"
    "</value></field><field var='node'><value>loud</value></field><field var='events'>"
    "<value>3</value></field></item>"
    "</x></command></iq>";

Snapshot snapshot() {
  const auto iq = parse_xml(told);
  REQUIRE(iq);
  return read_statistics(read_command_answer(iq->root()));
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

}  // namespace

TEST_CASE("status is one screen with rates since the start") {
  const auto text = status_text(snapshot());
  CHECK(text.starts_with("crier 0.1.0, up 00:01:40\n"));
  CHECK(has(text, "Stream     up to 127.0.0.1:5347; 0 reconnects\n"));
  CHECK(has(text, "Database   /var/lib/crier/crier.db\n"));
  CHECK(has(text, "12,345 (123/s), 0 refused"));
  CHECK(has(text, "p99 2.5 ms"));
  CHECK(std::ranges::count(text, '\n') <= 24);
}

TEST_CASE("a stream that is down and a disk that fails catch the eye") {
  auto told_now = snapshot();
  for (auto& [name, value] : told_now.values)
    if (name == "stream_up") value = "0";
  told_now.values.emplace_back("storage_failing", "1");
  CHECK(has(status_text(told_now), "DOWN: 127.0.0.1:5347"));
  CHECK(has(status_text(told_now), "FAILING: /var/lib/crier/crier.db"));
}

TEST_CASE("--json has numbers as numbers, and the rows by their kinds") {
  const auto json = to_json(snapshot());
  CHECK(json["version"] == "0.1.0");
  CHECK(json["requests"] == 12345);
  CHECK(json["commit_p99_seconds"] == 0.0025);
  CHECK(json["nodes"].size() == 2);
  CHECK(json["nodes"][0]["name"] == "quiet");
  CHECK(json["bouncing"][0]["node"] == "loud");
  CHECK(json["behind"].empty());
}

TEST_CASE("top sorts nodes, shows rates between two frames, and fits the terminal") {
  auto before = snapshot();
  auto now = before;
  now.at = before.at + 2s;
  for (auto& [name, value] : now.values) {
    if (name == "requests") value = "12365";
    if (name == "uptime_seconds") value = "102";
  }
  const auto text = top_text(now, &before, TopOrder::publishes, {});
  CHECK(has(text, "12,365 (10.0/s)"));
  CHECK(text.find("loud") < text.find("quiet"));
  CHECK(has(text, "bounces"));
  CHECK(has(text, "10.0     quiet"));
  const auto small = top_text(now, &before, TopOrder::publishes, {5, 30});
  CHECK(std::ranges::count(small, '\n') == 5);
  for (std::size_t at = 0; at < small.size();) {
    const auto end = small.find('\n', at);
    CHECK(end - at <= 32);  // 29 letters and an ellipsis of three bytes
    at = end + 1;
  }
}

TEST_CASE("after a restart of the service rates are those since then") {
  auto before = snapshot();
  auto now = before;
  now.at = before.at + 10s;
  for (auto& [name, value] : now.values) {
    if (name == "requests") value = "50";
    if (name == "uptime_seconds") value = "5";
  }
  CHECK(has(top_text(now, &before, TopOrder::publishes, {}), "50 (10.0/s)"));
}

TEST_CASE("sizes and durations are for people") {
  CHECK(size_text(0) == "0 B");
  CHECK(size_text(1023) == "1023 B");
  CHECK(size_text(1536) == "1.5 KiB");
  CHECK(size_text(5.0 * 1024 * 1024 * 1024) == "5.0 GiB");
  CHECK(duration_text(59) == "00:00:59");
  CHECK(duration_text(3 * 86400 + 3661) == "3 d 01:01:01");
}
