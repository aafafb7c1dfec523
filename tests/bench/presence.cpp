/// Changes of presence a second: many users who come online and then change their status in turn.

#include "requests.hpp"
#include "scenario.hpp"

#include <fmt/format.h>

#include <chrono>

namespace crier::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t online = 100'000;
/// Behind so many changes comes a request whose answer says that they were taken; so many of those
/// are in flight.
constexpr std::uint64_t group = 100;
constexpr std::uint64_t groups_in_flight = 16;
constexpr std::string_view statuses[] = {"", "<show>away</show>", "<show>dnd</show>"};

/// Sends the changes and counts those that were taken.
class Crowd {
 public:
  explicit Crowd(Stage& stage) : stage_(stage), users_("contact", stage.users) {}

  void change_some() {
    for (std::uint64_t i = 0; i < group; ++i, ++changed_)
      append_available(stage_.link.out(), users_.full(changed_ % online), stage_.service,
                       statuses[changed_ / online % std::size(statuses)]);
    ask();
  }

  void leave() {
    auto& out = stage_.link.out();
    for (std::uint64_t user = 0; user < std::min(changed_, online); ++user)
      fmt::format_to(std::back_inserter(out), "<presence type='unavailable' from='{}' to='{}'/>",
                     users_.full(user), stage_.service);
    ask();
  }

  /// True when it is the answer to a request.
  bool take(const Stanza& stanza) {
    if (stanza.name != "iq" || stanza.id != fmt::format("g{}", taken_)) return false;
    ++taken_;
    if (stanza.type != "result") faults.error(fmt::format("an answer of type {}", stanza.type));
    return true;
  }

  std::uint64_t changed() const { return changed_; }
  std::uint64_t in_flight() const { return asked_ - taken_; }

  Faults faults;

 private:
  void ask() {
    fmt::format_to(std::back_inserter(stage_.link.out()),
                   "<iq type='get' from='{}' to='{}' id='g{}'><ping xmlns='urn:xmpp:ping'/></iq>",
                   users_.full(0), stage_.service, asked_++);
  }

  Stage& stage_;
  Users users_;
  std::uint64_t changed_ = 0;
  std::uint64_t asked_ = 0;
  std::uint64_t taken_ = 0;
};

/// Waits until no request is in flight, as long as answers come.
void drain(Stage& stage, Crowd& crowd, const Link::OnStanza& on_stanza) {
  using namespace std::chrono_literals;
  auto last = Clock::now();
  for (auto before = crowd.in_flight(); before > 0 && Clock::now() - last < 10s;) {
    stage.link.exchange(100ms, on_stanza);
    if (crowd.in_flight() != before) last = Clock::now();
    before = crowd.in_flight();
  }
}

}  // namespace

Outcome presence(Stage& stage) {
  using namespace std::chrono_literals;
  Crowd crowd(stage);
  Stint stint(stage.span, stage.pid);
  const Link::OnStanza on_stanza = [&](const Stanza& stanza) {
    if (!crowd.take(stanza)) return;
    for (std::uint64_t i = 0; i < group; ++i) stint.done();
  };
  auto last = Clock::now();
  for (auto before = crowd.in_flight(); !stint.over() && Clock::now() - last < 10s;) {
    while (crowd.in_flight() < groups_in_flight && crowd.changed() < stint.limit())
      crowd.change_some();
    stage.link.exchange(100ms, on_stanza);
    if (crowd.in_flight() != before) last = Clock::now();
    before = crowd.in_flight();
  }
  const auto& measurement = stint.finish();
  crowd.leave();
  drain(stage, crowd, [&](const Stanza& stanza) { crowd.take(stanza); });
  crowd.faults.lost += crowd.in_flight();
  return {.figures = {{"presence_changes_per_s", "presence changes/s", measurement.rate()}},
          .measurement = measurement,
          .faults = std::move(crowd.faults)};
}

}  // namespace crier::bench
