#include "cli/command.hpp"
#include "cli/nouns.hpp"
#include "cli/serve.hpp"

namespace crier::cli {

namespace {

constexpr Command all[] = {
    {"serve", "run the pubsub service", serve},
    {"node", "list, show, create, configure, delete and purge nodes", node},
    {"item", "list, show, publish and retract items", item},
    {"subscription", "list, add and remove subscriptions", subscription},
    {"affiliation", "list, set and remove affiliations", affiliation},
    {"explain", "say who may do what, why, and what would change it", explain},
    {"watch", "print what happens to nodes, as it happens", watch},
};

}  // namespace

std::span<const Command> commands() {
  return all;
}

}  // namespace crier::cli
