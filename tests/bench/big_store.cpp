/// What a big store costs: publishes and requests on a service that holds millions of items, beside
/// one that holds none, and how soon the big one is ready after it was started again.
///
/// Both services run at the same time and are asked in turn, for short times, so that whatever else
/// the machine does meets both.

#include "conversation.hpp"
#include "node_group.hpp"
#include "running_service.hpp"
#include "scenario.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <utility>
#include <vector>

namespace crier::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t items_each = 100;
constexpr std::uint64_t subscribers_each = 100;
constexpr unsigned asked_for = 10;
/// How often the services are asked in turn.
constexpr std::uint64_t turns = 5;
constexpr std::size_t publishes_in_flight = 512;
constexpr std::size_t retrieves_in_flight = 32;
/// The nodes that are measured on both services; as many as publish has.
constexpr NodeGroup::Shape busy{.nodes = 16, .max_items = items_each, .items = items_each};
/// Coprime to the number of any nodes here: a walk with this step visits all of them.
constexpr std::uint64_t step = 7919;

/// Publishes to all nodes of a group, and requests for what is new there.
class Load {
 public:
  Load(Stage& stage, NodeGroup& nodes)
      : stage_(stage), nodes_(nodes), readers_("reader", stage.users) {}

  void publish(Span span);
  void retrieve(Span span);

  Measurement publishes;
  Measurement retrieves;
  Faults faults;

 private:
  struct Place {
    std::size_t node;
    /// That was published, or how many were acknowledged.
    std::uint64_t item;
  };

  std::size_t next_node() { return visited_++ * step % nodes_.size(); }
  Measurement converse_for(Span span, const Conversation& conversation);

  Stage& stage_;
  NodeGroup& nodes_;
  Users readers_;
  std::uint64_t visited_ = 0;
};

Measurement Load::converse_for(Span span, const Conversation& conversation) {
  Stint stint(span, stage_.pid);
  faults += converse(stage_.link, stint, conversation).faults;
  return stint.finish();
}

void Load::publish(Span span) {
  std::vector<Place> places(publishes_in_flight);
  const auto ask = [&](std::string&, std::string_view id, const Asked& asked) {
    const auto node = next_node();
    places[asked.lane] = {.node = node, .item = nodes_.publish(node, id)};
  };
  const auto accept = [&](const Stanza& result, const Asked& asked) {
    return nodes_.acknowledge(places[asked.lane].node, places[asked.lane].item, result);
  };
  publishes += converse_for(span, {.in_flight = publishes_in_flight, .ask = ask, .accept = accept});
}

void Load::retrieve(Span span) {
  std::vector<Place> places(retrieves_in_flight);
  const auto ask = [&](std::string& out, std::string_view id, const Asked& asked) {
    const auto node = next_node();
    places[asked.lane] = {.node = node, .item = nodes_.acknowledged(node)};
    const auto from = readers_.full(asked.lane);
    append_retrieve(out, {.from = from, .to = stage_.service, .id = id}, nodes_.node(node).name,
                    asked_for);
  };
  const auto accept = [&](const Stanza& result, const Asked& asked) {
    const auto& [node, acknowledged] = places[asked.lane];
    return holds_newest(result.content, asked_for, nodes_.published(node, acknowledged));
  };
  retrieves += converse_for(span, {.in_flight = retrieves_in_flight, .ask = ask, .accept = accept});
}

/// One of the turns of all that is measured.
Span turn_of(const Span& span) {
  return {.warm_up = span.warm_up / turns,
          .measured = span.measured / turns,
          .count = span.count == 0 ? 0 : std::max<std::uint64_t>(1, span.count / turns)};
}

double milliseconds(Clock::duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

/// A directory's files, in MiB.
double size_of(const std::filesystem::path& directory) {
  std::uintmax_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory))
    bytes += entry.file_size();
  return static_cast<double>(bytes) / (1024 * 1024);
}

/// What is compared, in turn; which of the two comes first changes.
void take_turns(const Span& span, Load& small, Load& big) {
  auto* first = &small;
  auto* second = &big;
  for (std::uint64_t turn = 0; turn < turns; ++turn) {
    for (auto* load : {first, second}) load->publish(turn_of(span));
    for (auto* load : {first, second}) load->retrieve(turn_of(span));
    std::swap(first, second);
  }
}

std::vector<Figure> rates(const Load& small, const Load& big, const Load& all) {
  return {{"publishes_per_s", "publishes/s", big.publishes.rate()},
          {"publish_ratio", "of empty", big.publishes.rate() / small.publishes.rate()},
          {"retrieves_per_s", "retrieves/s", big.retrieves.rate()},
          {"retrieve_ratio", "of empty", big.retrieves.rate() / small.retrieves.rate()},
          {"empty_publishes_per_s", "", small.publishes.rate()},
          {"empty_retrieves_per_s", "", small.retrieves.rate()},
          {"all_publishes_per_s", "publishes/s to all nodes", all.publishes.rate()},
          {"all_retrieves_per_s", "retrieves/s of all nodes", all.retrieves.rate()}};
}

/// From the start of the program until its handshake is accepted, and until the answer to the first
/// request; then looks whether the store is as it was.
void start_again(Stage& stage, NodeGroup& nodes, std::vector<Figure>& figures, Faults& faults) {
  auto& service = *stage.own;
  service.restart();
  stage.pid.service = service.pid();
  Load load(stage, nodes);
  load.retrieve({.count = 1});
  const auto answered = Clock::now();
  load.retrieve({.count = 1000});
  faults += load.faults;
  figures.push_back(
      {"restart_ready_ms", "ms to ready", milliseconds(service.ready() - service.started())});
  figures.push_back({"restart_first_answer_ms", "ms to the first answer",
                     milliseconds(answered - service.started())});
}

}  // namespace

Outcome big_store(Stage& stage) {
  if (!stage.own) throw std::runtime_error("big-store needs a service that it can start again");
  const auto begin = Clock::now();
  NodeGroup items(
      stage, "store",
      {.nodes = stage.store.items / items_each, .max_items = items_each, .items = items_each});
  const auto fill_seconds = milliseconds(Clock::now() - begin) / 1000;
  NodeGroup subscribed(stage, "subscribed",
                       {.nodes = stage.store.subscriptions / subscribers_each,
                        .subscribers_each = subscribers_each});
  NodeGroup busy_nodes(stage, "busy", busy);

  const auto empty = stage.own->another();
  auto empty_stage = stage.on(*empty);
  NodeGroup empty_nodes(empty_stage, "busy", busy);

  Load small(empty_stage, empty_nodes);
  Load big(stage, busy_nodes);
  Load all(stage, items);
  take_turns(stage.span, small, big);
  empty->end();
  all.publish(stage.span);
  all.retrieve(stage.span);

  auto figures = rates(small, big, all);
  auto faults = small.faults;
  faults += big.faults;
  faults += all.faults;
  start_again(stage, items, figures, faults);
  figures.push_back(
      {"fill_items_per_s", "", static_cast<double>(stage.store.items) / fill_seconds});
  figures.push_back({"database_mib", "", size_of(stage.own->directory())});
  return {.figures = std::move(figures), .measurement = big.publishes, .faults = std::move(faults)};
}

}  // namespace crier::bench
