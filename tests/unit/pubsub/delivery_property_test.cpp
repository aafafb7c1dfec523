/// A day in the life of durable subscriptions: random connects, publications, bans, lost streams
/// and restarts, against a model of what each subscriber should have received.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <set>

#include "pubsub/options_requests.hpp"
#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr int subscribers = 8;
constexpr int item_ids = 12;

/// What happened at a node, as one text each: "id=payload", "-id", "purge".
using History = std::vector<std::string>;

/// What somebody knows of a node's items: id to payload.
using Replica = std::map<std::string, std::string>;

void apply(Replica& replica, const std::string& news) {
  const auto split = news.find('=');
  if (news == "purge")
    replica.clear();
  else if (news[0] == '-')
    replica.erase(news.substr(1));
  else
    replica[news.substr(0, split)] = news.substr(split + 1);
}

/// What one notification says.
History read(const Heard& heard) {
  History news;
  const auto ids = attributes_of(heard.xml, "item", "id");
  const auto payloads = texts_of(heard.xml, "e");
  for (std::size_t i = 0; i < ids.size(); ++i) news.push_back(ids[i] + "=" + payloads.at(i));
  for (const auto& id : attributes_of(heard.xml, "retract", "id")) news.push_back("-" + id);
  if (heard.xml.find("<purge") != std::string::npos) news.emplace_back("purge");
  return news;
}

/// Where one is not as the other, and what stands there; empty when they are equal.
std::string first_difference(const History& one, const History& other) {
  const auto [a, b] = std::ranges::mismatch(one, other);
  const auto context = [](const History& history, auto at) {
    std::string text;
    for (auto each = at - std::min<std::ptrdiff_t>(2, at - history.begin());
         each != history.end() && each != at + 3; ++each)
      (text += ' ') += *each;
    return text;
  };
  if (a == one.end() && b == other.end()) return {};
  return fmt::format("at {} of {} and {}:{} instead of{}", a - one.begin(), one.size(),
                     other.size(), context(one, a), context(other, b));
}

struct Subscriber {
  std::string jid;
  bool every_version;
  bool subscribed = false;
  bool online = false;
  History expected = {};
  /// As it came, but what has a stanza-id that came before.
  History received = {};
  std::set<std::string> known = {};
  Replica replica = {};

  void hear(const Heard& heard) {
    const auto stanza_ids = attributes_of(heard.xml, "stanza-id", "id");
    REQUIRE(stanza_ids.size() == 1);
    if (!known.insert(stanza_ids[0]).second) return;
    for (const auto& news : read(heard)) {
      received.push_back(news);
      apply(replica, news);
    }
  }
};

class Day {
 public:
  explicit Day(std::uint64_t seed) : dice_(seed) {
    scene_.create(alice, "n", {"notify_retract=1"});
    for (int i = 0; i < subscribers; ++i) {
      everybody_.push_back({fmt::format("user{}@b.example", i), i % 2 == 0});
      subscribe(everybody_.back());
    }
  }

  void step() {
    scene_.wait(std::chrono::minutes(1));
    switch (dice(12)) {
      case 0:
      case 1:
      case 2:
      case 3: publish(); break;
      case 4: retract(); break;
      case 5: come_or_go(somebody()); break;
      case 6: come_or_go(somebody()); break;
      case 7:
        if (dice(20) == 0) purge();
        break;
      case 8:
        if (dice(6) == 0) ban_or_forgive(somebody());
        break;
      case 9: scene_.server_answers = dice(2) == 0; break;
      case 10:
        if (dice(4) == 0) restart();
        break;
      case 11:
        if (dice(4) == 0) lose_stream();
        break;
    }
    scene_.settle();
    if (scene_.server_answers) deliver();
  }

  void end() {
    scene_.server_answers = true;
    for (auto& each : everybody_)
      if (!each.online) come_or_go(each);
    scene_.settle();
    deliver();
    for (const auto& each : everybody_)
      if (each.subscribed) check(each);
    REQUIRE(checked_ > 0);
  }

 private:
  int dice(int sides) { return static_cast<int>(dice_() % static_cast<unsigned>(sides)); }
  Subscriber& somebody() { return everybody_[static_cast<std::size_t>(dice(subscribers))]; }

  void happened(const std::string& news) {
    apply(items_, news);
    for (auto& each : everybody_)
      if (each.subscribed) each.expected.push_back(news);
  }

  void subscribe(Subscriber& who) {
    REQUIRE(scene_.subscribe(who.jid, "n").type == "result");
    set_options(scene_, who.jid, "n",
                {"x-durable=1", who.every_version ? "x-versions=every" : "x-versions=last"});
    scene_.share_presence(who.jid);
    scene_.heard(who.jid);
    who.subscribed = true;
    who.expected.clear();
    who.received.clear();
    who.replica = items_;
  }

  void publish() {
    const auto id = std::to_string(dice(item_ids));
    const auto payload = std::to_string(++versions_);
    scene_.publish(alice, "n", id, fmt::format("<e xmlns='u:e'>{}</e>", payload));
    happened(id + "=" + payload);
  }

  void retract() {
    if (items_.empty()) return;
    const auto id = std::next(items_.begin(), dice(static_cast<int>(items_.size())))->first;
    scene_.retract(alice, "n", id);
    happened("-" + id);
  }

  void purge() {
    scene_.purge(alice, "n");
    happened("purge");
  }

  void come_or_go(Subscriber& who) {
    // Who goes has what was sent to it; what is sent later waits.
    deliver();
    who.online = !who.online;
    if (who.online)
      scene_.come(who.jid + "/x");
    else
      scene_.leave(who.jid + "/x");
  }

  /// Of somebody who is online and to whom nothing is on its way.
  void check(const Subscriber& who) {
    CAPTURE(who.jid);
    CHECK(who.replica == items_);
    if (who.every_version) CHECK(first_difference(who.received, who.expected) == "");
    ++checked_;
  }

  void ban_or_forgive(Subscriber& who) {
    scene_.settle();
    deliver();
    if (who.subscribed) {
      if (who.online && scene_.server_answers) check(who);
      scene_.affiliate(alice, "n", who.jid, "outcast");
      who.subscribed = false;
      scene_.heard(who.jid);
    } else {
      scene_.affiliate(alice, "n", who.jid, "none");
      subscribe(who);
    }
  }

  /// Everybody receives what the server has taken.
  void deliver() {
    for (auto& each : everybody_)
      for (const auto& heard : scene_.heard(each.jid))
        if (each.subscribed && heard.xml.find("stanza-id") != std::string::npos) each.hear(heard);
  }

  /// Of what was not confirmed the server had taken a part.
  void lose_unconfirmed() {
    for (auto& each : everybody_) {
      auto messages = scene_.heard(each.jid);
      std::erase_if(messages, [](const auto& heard) {
        return heard.xml.find("stanza-id") == std::string::npos;
      });
      if (!messages.empty() && !scene_.server_answers)
        messages.resize(static_cast<std::size_t>(dice(static_cast<int>(messages.size()) + 1)));
      for (const auto& heard : messages)
        if (each.subscribed) each.hear(heard);
    }
  }

  /// Whoever was online is so still, and the service is told.
  void come_again() {
    for (const auto& each : everybody_)
      if (each.online) scene_.come(each.jid + "/x");
  }

  void restart() {
    lose_unconfirmed();
    scene_.restart();
    come_again();
  }

  void lose_stream() {
    lose_unconfirmed();
    scene_.lose_stream();
    scene_.connect();
    come_again();
  }

  Scene scene_;
  std::mt19937_64 dice_;
  std::vector<Subscriber> everybody_;
  Replica items_;
  int versions_ = 0;
  int checked_ = 0;
};

std::uint64_t first_seed() {
  const char* given = std::getenv("CRIER_SEED");
  return given ? std::strtoull(given, nullptr, 10) : std::random_device()();
}

}  // namespace

TEST_CASE(
    "over a day of connects, publications, bans, lost streams and restarts every durable "
    "subscriber receives what it should") {
  const auto seed = first_seed();
  INFO("CRIER_SEED=", seed);
  MESSAGE("CRIER_SEED=", seed);
  Day day(seed);
  for (int minute = 0; minute < 24 * 60; ++minute) day.step();
  day.end();
}

}  // namespace crier::test
