#include "cli/command.hpp"
#include "cli/database_commands.hpp"
#include "cli/nouns.hpp"
#include "cli/serve.hpp"

namespace crier::cli {

namespace {

constexpr Command content[] = {
    {"node", "list, draw, show, create, configure, delete and purge nodes", node},
    {"item", "list, show, publish and retract items", item},
    {"subscription", "list, add, remove and configure subscriptions", subscription},
    {"affiliation", "list, set and remove affiliations", affiliation},
    {"watch", "print what happens to nodes, as it happens", watch},
};

constexpr Command service[] = {
    {"serve", "run the pubsub service", serve},
    {"config", "check, show and explain the configuration of the service", config},
};

constexpr Command tools[] = {
    {"completion", "print the completion script for bash, zsh or fish", completion},
};

/// For the build.
constexpr Command hidden[] = {
    {"manual", "write the manual pages", manual},
};

constexpr Command database[] = {
    {"backup", "copy the database, while the service runs", backup},
    {"restore", "put a backup in its place", restore},
    {"verify", "check that the database is sound, or a backup", verify},
    {"export", "write nodes, items and all to a file: JSON, XEP-0227", export_store},
    {"import", "bring an export into the database", import_store},
};

constexpr CommandGroup groups[] = {
    {"Nodes and items", content},
    {"The service", service},
    {"The database", database},
    {"This program", tools},
    {"", hidden},
};

}  // namespace

std::span<const CommandGroup> command_groups() {
  return groups;
}

const Command* find_command(std::string_view name) {
  for (const auto& group : groups)
    for (const auto& command : group.commands)
      if (command.name == name) return &command;
  return nullptr;
}

}  // namespace crier::cli
