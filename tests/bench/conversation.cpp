#include "conversation.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <vector>

namespace crier::bench {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

std::string id_of(const Asked& asked) {
  return fmt::format("c{}-{}", asked.lane, asked.number);
}

std::optional<Asked> asked_of(std::string_view id) {
  const auto dash = id.find('-');
  if (dash == std::string_view::npos) return {};
  const auto lane = number_in(id.substr(0, dash), "c");
  const auto number = number_in(id.substr(dash), "-");
  if (!lane || !number) return {};
  return Asked{.number = *number, .lane = *lane};
}

class Loop {
 public:
  Loop(Link& link, Stint& stint, const Conversation& conversation)
      : link_(link), stint_(stint), conversation_(conversation), lanes_(conversation.in_flight) {}

  Answers run() {
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) ask(lane, Clock::now());
    last_answer_ = Clock::now();
    const Link::OnStanza on_stanza = [this](const Stanza& stanza) {
      if (stanza.name == "iq")
        answered(stanza);
      else if (stanza.name == "message" && conversation_.hear)
        conversation_.hear(stanza);
    };
    while (in_flight_ > 0 && Clock::now() - last_answer_ < 10s) {
      link_.exchange(100ms, on_stanza);
      over_ = stint_.over();
    }
    stint_.finish();
    answers_.faults.lost += in_flight_;
    return std::move(answers_);
  }

 private:
  struct Lane {
    std::uint64_t number = 0;
    Clock::time_point since;
    bool waits = false;
  };

  void ask(std::size_t lane, Clock::time_point now) {
    if (over_ || begun_ >= stint_.limit()) return;
    const Asked asked{.number = begun_++, .lane = lane};
    lanes_[lane] = {.number = asked.number, .since = now, .waits = true};
    ++in_flight_;
    conversation_.ask(link_.out(), id_of(asked), asked);
  }

  void answered(const Stanza& stanza) {
    const auto asked = asked_of(stanza.id);
    if (!asked || asked->lane >= lanes_.size() || !lanes_[asked->lane].waits ||
        lanes_[asked->lane].number != asked->number) {
      answers_.faults.error(fmt::format("an answer to nothing that was asked: '{}'", stanza.id));
      return;
    }
    auto& lane = lanes_[asked->lane];
    lane.waits = false;
    --in_flight_;
    last_answer_ = Clock::now();
    if (stanza.type != "result")
      answers_.faults.error(describe_error(stanza.content));
    else if (!conversation_.accept(stanza, *asked))
      answers_.faults.error(fmt::format("not the answer that was due: {}", stanza.content));
    if (stint_.counts())
      answers_.times.add(
          std::chrono::duration<double, std::milli>(last_answer_ - lane.since).count());
    stint_.done();
    ask(asked->lane, last_answer_);
  }

  Link& link_;
  Stint& stint_;
  const Conversation& conversation_;
  std::vector<Lane> lanes_;
  Answers answers_;
  std::uint64_t begun_ = 0;
  std::uint64_t in_flight_ = 0;
  bool over_ = false;
  Clock::time_point last_answer_;
};

}  // namespace

Answers converse(Link& link, Stint& stint, const Conversation& conversation) {
  return Loop(link, stint, conversation).run();
}

void ask_all(Link& link, std::uint64_t count, const Conversation& conversation) {
  if (count == 0) return;
  auto stint = Stint::exactly(count);
  const auto faults = converse(link, stint, conversation).faults;
  if (faults.none()) return;
  throw std::runtime_error(faults.errors != 0
                               ? fmt::format("the preparation failed: {}", faults.first_error)
                               : fmt::format("{} answers never came while preparing", faults.lost));
}

}  // namespace crier::bench
