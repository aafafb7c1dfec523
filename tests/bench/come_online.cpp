/// All durable subscribers of a node come online at once, having missed some items: how long
/// others wait meanwhile. The presence of all stands in one write, and a publish behind it.

#include "bystander.hpp"
#include "conversation.hpp"
#include "ledger.hpp"
#include "node_group.hpp"
#include "preparation.hpp"
#include "scenario.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>

namespace crier::bench {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t usual_subscribers = 50'000;
constexpr std::uint64_t missed = 20;
constexpr NodeGroup::Shape beside{.nodes = 1, .items = 100};

/// Those who were away.
class Absentees {
 public:
  Absentees(Stage& stage, std::uint64_t count)
      : stage_(stage),
        node_{fmt::format("{}/come-online", stage.nodes), Users("publisher", stage.users).full(0)},
        users_("subscriber", stage.users),
        count_(count),
        ledger_(count) {
    create_node(stage, node_.name, node_.owner, {.max_items = "100", .durable = true});
    subscribe_all(stage, node_.name, users_, count);
    be_contacts();
    fill_nodes(stage, std::array{node_}, missed);
  }

  /// All let the service see their presence, which it has asked for: they are offline.
  /// RFC 6121 §3.1.5. Whoever is the last to do so then asks for something, and is answered when
  /// all have been heard.
  void be_contacts() {
    for (std::uint64_t user = 0; user < count_; ++user)
      fmt::format_to(std::back_inserter(stage_.link.out()),
                     "<presence type='subscribed' from='{}' to='{}'/>", users_.bare(user),
                     stage_.service);
    const auto ask = [&](std::string& out, std::string_view id, const Asked&) {
      append_disco_info(out, {.from = users_.full(count_ - 1), .to = stage_.service, .id = id}, {});
    };
    const auto accept = [](const Stanza&, const Asked&) { return true; };
    ask_all(stage_.link, 1, {.in_flight = 1, .ask = ask, .accept = accept});
  }

  void come_online() {
    for (std::uint64_t user = 0; user < count_; ++user)
      append_available(stage_.link.out(), users_.full(user), stage_.service, {});
  }

  /// Books what came. True when it tells one of them of an item.
  bool take(const Stanza& stanza) {
    if (stanza.name != "message") return false;
    const auto item = find_tag(stanza.content, "item");
    const auto number = item ? item_number(item->attribute("id")) : UINT64_MAX;
    const auto subscriber = users_.number_of(stanza.to.substr(0, stanza.to.find('/')));
    if (number >= missed || subscriber >= count_ || !holds_entry(stanza.content, number)) {
      faults_.error(
          fmt::format("a message that was not due: to='{}': {}", stanza.to, stanza.content));
      return false;
    }
    ledger_.arrived(subscriber, number);
    return true;
  }

  Faults close() {
    auto faults = ledger_.close(missed);
    faults += faults_;
    remove_node(stage_, node_.name, node_.owner);
    return faults;
  }

 private:
  Stage& stage_;
  OwnedNode node_;
  Users users_;
  std::uint64_t count_;
  Ledger ledger_;
  Faults faults_;
};

}  // namespace

Outcome come_online(Stage& stage) {
  NodeGroup elsewhere(stage, "elsewhere", beside);
  const auto count = stage.subscribers.value_or(usual_subscribers);
  Absentees subscribers(stage, count);
  Stint stint({.count = count * missed}, stage.pid);
  auto publisher = publisher_to(elsewhere, stint);
  auto last = Clock::now();
  const Link::OnStanza on_stanza = [&](const Stanza& stanza) {
    if (publisher.take(stanza) || !subscribers.take(stanza)) return;
    last = Clock::now();
    stint.done();
  };
  subscribers.come_online();
  publisher.go_on();
  const auto begin = Clock::now();
  double first = 0;
  while (!stint.over() && Clock::now() - last < 10s) {
    stage.link.exchange(100ms, on_stanza);
    if (first == 0 && !publisher.waits()) first = milliseconds_since(begin);
    publisher.go_on();
  }
  const auto& measurement = stint.finish();
  while (publisher.waits() && Clock::now() - last < 10s) stage.link.exchange(100ms, on_stanza);
  auto faults = subscribers.close();
  faults += publisher.faults;
  faults.lost += publisher.waits();
  faults += elsewhere.close();
  return {
      .figures = {{"notifications_per_s", "notifications/s", measurement.rate()},
                  {"first_publish_ms", "ms for the first publish elsewhere", first},
                  {"other_publish_p50_ms", "ms p50", publisher.times.at(50)},
                  {"other_publish_p99_ms", "p99", publisher.times.at(99)},
                  {"other_publish_max_ms", "max of publishes elsewhere", publisher.times.at(100)}},
      .measurement = measurement,
      .faults = std::move(faults)};
}

}  // namespace crier::bench
