#include "cli/command.hpp"
#include "cli/serve.hpp"

namespace crier::cli {

namespace {

constexpr Command all[] = {
    {"serve", "run the pubsub service", serve},
};

}  // namespace

std::span<const Command> commands() {
  return all;
}

}  // namespace crier::cli
