/// Nodes created and deleted again a second.

#include "conversation.hpp"
#include "requests.hpp"
#include "scenario.hpp"

#include <fmt/format.h>

#include <set>
#include <string>
#include <vector>

namespace crier::bench {

namespace {

constexpr std::size_t in_flight = 64;

/// Creates and deletes in turn, in each place in flight by another user.
class Builders {
 public:
  explicit Builders(Stage& stage)
      : stage_(stage), users_("builder", stage.users), nodes_(in_flight) {}

  Conversation conversation() {
    return {.in_flight = in_flight,
            .ask = [this](std::string& out, std::string_view id,
                          const Asked& asked) { ask(out, id, asked); },
            .accept = [this](const Stanza& result,
                             const Asked& asked) { return result.to == users_.full(asked.lane); }};
  }

  /// Whether exactly the nodes that were not deleted are there. XEP-0060 §5.2.
  Faults check_left() {
    std::set<std::string> due;
    for (const auto& node : nodes_)
      if (!node.empty()) due.insert(node);
    const auto ask = [&](std::string& out, std::string_view id, const Asked&) {
      append_disco_items(out, {.from = users_.full(0), .to = stage_.service, .id = id}, {});
    };
    const auto accept = [&](const Stanza& result, const Asked&) {
      std::set<std::string> left;
      auto content = result.content;
      while (const auto item = take_tag(content, "item"))
        if (item->attribute("node").starts_with(prefix_)) left.emplace(item->attribute("node"));
      return left == due;
    };
    auto stint = Stint::exactly(1);
    return converse(stage_.link, stint, {.in_flight = 1, .ask = ask, .accept = accept}).faults;
  }

  /// Deletes what is left.
  Faults clear() {
    auto stint = Stint::exactly(in_flight);
    auto deleting = conversation();
    deleting.ask = [this](std::string& out, std::string_view id, const Asked& asked) {
      const auto from = users_.full(asked.lane);
      if (nodes_[asked.lane].empty())
        append_disco_info(out, {.from = from, .to = stage_.service, .id = id}, {});
      else
        ask(out, id, asked);
    };
    return converse(stage_.link, stint, deleting).faults;
  }

 private:
  void ask(std::string& out, std::string_view id, const Asked& asked) {
    const auto from = users_.full(asked.lane);
    auto& node = nodes_[asked.lane];
    if (node.empty()) {
      node = fmt::format("{}{}", prefix_, asked.number);
      append_create(out, {.from = from, .to = stage_.service, .id = id}, node,
                    {{"pubsub#access_model", "open"}, {"pubsub#max_items", "100"}});
    } else {
      append_delete(out, {.from = from, .to = stage_.service, .id = id}, node);
      node.clear();
    }
  }

  Stage& stage_;
  Users users_;
  std::string prefix_ = stage_.nodes + "/create-delete/";
  /// The node that each of them has; empty for none.
  std::vector<std::string> nodes_;
};

}  // namespace

Outcome create_delete(Stage& stage) {
  Builders builders(stage);
  Stint stint(stage.span, stage.pid);
  auto answers = converse(stage.link, stint, builders.conversation());
  const auto& measurement = stint.finish();
  answers.faults += builders.check_left();
  answers.faults += builders.clear();
  answers.faults += builders.check_left();
  return {
      .figures = {{"creates_and_deletes_per_s", "created and deleted/s", measurement.rate() / 2},
                  {"answer_p50_ms", "ms p50", answers.times.at(50)},
                  {"answer_p99_ms", "ms p99", answers.times.at(99)}},
      .measurement = measurement,
      .faults = std::move(answers.faults)};
}

}  // namespace crier::bench
