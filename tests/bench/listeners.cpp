#include "listeners.hpp"

#include "preparation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace crier::bench {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

Listeners::Listeners(Stage& stage, std::string_view name, std::uint64_t count)
    : stage_(stage),
      node_(fmt::format("{}/{}", stage.nodes, name)),
      owner_(Users("publisher", stage.users).full(0)),
      users_("subscriber", stage.users),
      count_(count),
      ledger_(count) {
  create_node(stage_, node_, owner_, {.max_items = "100"});
  subscribe_all(stage_, node_, users_, count);
}

void Listeners::publish() {
  const auto id = fmt::format("p{}", published_);
  append_publish(stage_.link.out(), {.from = owner_, .to = stage_.service, .id = id}, node_,
                 published_);
  ++published_;
}

bool Listeners::take(const Stanza& stanza) {
  if (stanza.name != "message") {
    if (stanza.name == "iq") take_answer(stanza);
    return false;
  }
  if (!stanza.repeats || !item_) item_ = item_in(stanza.content);
  const auto subscriber = users_.number_of(stanza.to);
  if (!item_ || subscriber >= count_ || stanza.type == "error") {
    faults_.error(fmt::format("a message that is no notification: to='{}' type='{}': {}", stanza.to,
                              stanza.type, stanza.content));
    return false;
  }
  ledger_.arrived(subscriber, *item_);
  return true;
}

void Listeners::take_answer(const Stanza& stanza) {
  // Requests of one user are answered in order: so they were sent (RFC 6120 §10.1).
  if (number_in(stanza.id, "p") != acknowledged_ || acknowledged_ >= published_)
    faults_.error(fmt::format("an answer that was not due: '{}'", stanza.id));
  else if (stanza.type != "result")
    faults_.error(describe_error(stanza.content));
  ++acknowledged_;
}

std::optional<std::uint64_t> Listeners::item_in(std::string_view content) const {
  const auto items = find_tag(content, "items");
  const auto item = find_tag(content, "item");
  if (!items || !item || items->attribute("node") != node_) return {};
  const auto number = item_number(item->attribute("id"));
  if (number >= published_ || !holds_entry(content, number)) return {};
  return number;
}

std::uint64_t Listeners::done() const {
  return std::min(acknowledged_, ledger_.arrivals() / count_);
}

Faults Listeners::close() {
  auto last = Clock::now();
  const Link::OnStanza on_stanza = [&](const Stanza& stanza) {
    take(stanza);
    last = Clock::now();
  };
  while (!complete() && Clock::now() - last < 10s) stage_.link.exchange(100ms, on_stanza);
  while (Clock::now() - last < 200ms) stage_.link.exchange(50ms, on_stanza);
  auto faults = ledger_.close(published_);
  if (acknowledged_ < published_) faults.lost += published_ - acknowledged_;
  faults += faults_;
  remove_node(stage_, node_, owner_);
  return faults;
}

}  // namespace crier::bench
