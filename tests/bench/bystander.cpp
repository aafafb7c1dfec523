#include "bystander.hpp"

#include <fmt/format.h>

#include <utility>

namespace crier::bench {

Bystander::Bystander(Stint& stint, std::string name, Ask ask, Accept accept)
    : stint_(stint), name_(std::move(name)), ask_(std::move(ask)), accept_(std::move(accept)) {}

void Bystander::go_on() {
  if (waits_) return;
  waits_ = true;
  id_ = fmt::format("{}-{}", name_, ++asked_);
  begin_ = std::chrono::steady_clock::now();
  ask_(id_);
}

bool Bystander::take(const Stanza& stanza) {
  if (!waits_ || stanza.id != id_) return false;
  waits_ = false;
  if (stint_.counts()) times.add(milliseconds_since(begin_));
  if (stanza.type != "result")
    faults.error(describe_error(stanza.content));
  else if (!accept_(stanza))
    faults.error(fmt::format("not the answer that was due: {}", stanza.content));
  return true;
}

Bystander publisher_to(NodeGroup& nodes, Stint& stint) {
  return {
      stint, "other", [&](std::string_view id) { nodes.publish(0, id); },
      [&](const Stanza& result) { return nodes.acknowledge(0, nodes.acknowledged(0), result); }};
}

}  // namespace crier::bench
