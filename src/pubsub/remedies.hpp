#pragma once
/// What would lift a refusal, in sentences for people, with the command that does it.

#include <string>
#include <vector>

#include "pubsub/explanation.hpp"

namespace crier {

/// What would lift `refusal`, which is the verdict on `inquiry`; `rule` is what is said to have
/// decided, and nothing is told that does not follow from it, unless the asker is told all
/// (`in_full`): then also which rosters are not known. `node` may be null.
std::vector<std::string> remedies(Turn& turn, const Inquiry& inquiry, const Node* node, Rule rule,
                                  const Error& refusal, bool in_full);

}  // namespace crier
