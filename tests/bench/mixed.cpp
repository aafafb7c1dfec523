/// A service's day: many nodes, everybody does something else, and most only read.

#include "conversation.hpp"
#include "node_group.hpp"
#include "scenario.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

namespace crier::bench {

namespace {

constexpr std::size_t in_flight = 64;
constexpr unsigned asked_for = 10;
constexpr NodeGroup::Shape shape{
    .nodes = 1000, .subscribers_each = 10, .max_items = 20, .items = 20};

enum class Kind { publish, retrieve, subscription, disco_info, disco_items, configuration };

/// What of a hundred requests, up to which number.
struct Share {
  std::uint64_t below;
  Kind kind;
};
constexpr Share shares[] = {{10, Kind::publish},      {70, Kind::retrieve},
                            {80, Kind::subscription}, {90, Kind::disco_info},
                            {95, Kind::disco_items},  {100, Kind::configuration}};

/// Spreads numbers evenly over all values; the same in each run. Sebastiano Vigna's splitmix64.
std::uint64_t scattered(std::uint64_t number) {
  number += 0x9e3779b97f4a7c15;
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9;
  number = (number ^ (number >> 27)) * 0x94d049bb133111eb;
  return number ^ (number >> 31);
}

Kind kind_of(std::uint64_t number) {
  const auto of_hundred = scattered(number) % 100;
  for (const auto& share : shares)
    if (of_hundred < share.below) return share.kind;
  return Kind::retrieve;
}

/// One of the places in flight: a user, and what he waits for.
struct Lane {
  Kind kind = Kind::retrieve;
  std::size_t node = 0;
  /// Published.
  std::uint64_t item = 0;
  /// How many items of the node were acknowledged when he asked.
  std::uint64_t acknowledged = 0;
  /// To which he has a subscription.
  std::optional<std::size_t> subscribed = {};
  /// The item of which he may hear next.
  std::uint64_t next = 0;
};

class Day {
 public:
  Day(Stage& stage, NodeGroup& nodes, Stint& stint)
      : stage_(stage),
        nodes_(nodes),
        stint_(stint),
        users_("mixer", stage.users),
        lanes_(in_flight) {}

  Conversation conversation() {
    return {.in_flight = in_flight,
            .ask = [this](std::string& out, std::string_view id,
                          const Asked& asked) { ask(out, id, asked); },
            .accept = [this](const Stanza& result,
                             const Asked& asked) { return accept(result, lanes_[asked.lane]); },
            .hear = [this](const Stanza& message) { hear(message); }};
  }

  void hear(const Stanza& message);
  /// Notifications in the time that counts.
  std::uint64_t notified() const { return notified_; }

  Faults faults;

 private:
  void ask(std::string& out, std::string_view id, const Asked& asked);
  void change_subscription(std::string& out, const Envelope& envelope, Lane& lane);
  bool accept(const Stanza& result, Lane& lane);
  void hear_as_passer(const Stanza& message, Lane& lane);

  Stage& stage_;
  NodeGroup& nodes_;
  Stint& stint_;
  Users users_;
  std::vector<Lane> lanes_;
  std::uint64_t notified_ = 0;
};

void Day::ask(std::string& out, std::string_view id, const Asked& asked) {
  auto& lane = lanes_[asked.lane];
  lane.kind = kind_of(asked.number);
  lane.node = scattered(~asked.number) % nodes_.size();
  lane.acknowledged = nodes_.acknowledged(lane.node);
  const auto& [name, owner] = nodes_.node(lane.node);
  const auto from = users_.full(asked.lane);
  const Envelope envelope{.from = from, .to = stage_.service, .id = id};
  switch (lane.kind) {
    case Kind::publish: lane.item = nodes_.publish(lane.node, id); break;
    case Kind::retrieve: append_retrieve(out, envelope, name, asked_for); break;
    case Kind::subscription: change_subscription(out, envelope, lane); break;
    case Kind::disco_info: append_disco_info(out, envelope, name); break;
    case Kind::disco_items: append_disco_items(out, envelope, name); break;
    case Kind::configuration:
      append_read_configuration(out, {.from = owner, .to = stage_.service, .id = id}, name);
      break;
  }
}

/// Each user subscribes to a node and, the next time, ends that.
void Day::change_subscription(std::string& out, const Envelope& envelope, Lane& lane) {
  if (lane.subscribed) {
    append_unsubscribe(out, envelope, nodes_.node(*lane.subscribed).name);
  } else {
    append_subscribe(out, envelope, nodes_.node(lane.node).name);
    lane.next = 0;
  }
}

bool Day::accept(const Stanza& result, Lane& lane) {
  const auto& node = nodes_.node(lane.node).name;
  switch (lane.kind) {
    case Kind::publish: return nodes_.acknowledge(lane.node, lane.item, result);
    case Kind::retrieve:
      return holds_newest(result.content, asked_for,
                          nodes_.published(lane.node, lane.acknowledged));
    case Kind::subscription: {
      if (lane.subscribed) return lane.subscribed.reset(), true;
      lane.subscribed = lane.node;
      const auto tag = find_tag(result.content, "subscription");
      return tag && tag->attribute("node") == node &&
             tag->attribute("subscription") == "subscribed";
    }
    case Kind::disco_info: {
      const auto identity = find_tag(result.content, "identity");
      return identity && identity->attribute("category") == "pubsub" &&
             identity->attribute("type") == "leaf";
    }
    case Kind::disco_items: {
      const auto item = find_tag(result.content, "item");
      return item && item_number(item->attribute("name")) < UINT64_MAX;
    }
    case Kind::configuration: {
      const auto tag = find_tag(result.content, "configure");
      return tag && tag->attribute("node") == node &&
             result.content.find("pubsub#max_items") != std::string_view::npos;
    }
  }
  return false;
}

void Day::hear(const Stanza& message) {
  if (stint_.counts()) ++notified_;
  const auto mixer = users_.number_of(message.to);
  if (mixer < lanes_.size())
    hear_as_passer(message, lanes_[mixer]);
  else
    nodes_.take(message);
}

/// Which items he hears of depends on when his subscription took effect: they must come in order.
void Day::hear_as_passer(const Stanza& message, Lane& lane) {
  const auto notification = nodes_.read(message);
  if (!notification) {
    faults.error(fmt::format("a message that is no notification: {}", message.content));
  } else if (const auto waits_for = lane.kind == Kind::subscription ? lane.node : SIZE_MAX;
             notification->node != lane.subscribed.value_or(waits_for)) {
    faults.error(fmt::format("told of a node without subscription: {}", message.content));
  } else if (notification->item < lane.next) {
    ++(notification->item + 1 == lane.next ? faults.duplicated : faults.reordered);
  } else {
    lane.next = notification->item + 1;
  }
}

}  // namespace

Outcome mixed(Stage& stage) {
  NodeGroup nodes(stage, "mixed", shape);
  Stint stint(stage.span, stage.pid);
  Day day(stage, nodes, stint);
  auto answers = converse(stage.link, stint, day.conversation());
  const auto& measurement = stint.finish();
  const auto notified = static_cast<double>(day.notified());
  answers.faults += nodes.close([&](const Stanza& message) { day.hear(message); });
  answers.faults += day.faults;
  return {.figures = {{"requests_per_s", "requests/s", measurement.rate()},
                      {"answer_p50_ms", "ms p50", answers.times.at(50)},
                      {"answer_p99_ms", "p99", answers.times.at(99)},
                      {"answer_max_ms", "max", answers.times.at(100)},
                      {"notifications_per_s", "notifications/s", notified / measurement.seconds}},
          .measurement = measurement,
          .faults = std::move(answers.faults)};
}

}  // namespace crier::bench
