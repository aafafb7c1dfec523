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
    {"pending", "list, approve and deny subscriptions that wait for an owner", pending},
    {"explain", "say who may do what, why, and what would change it", explain},
    {"watch", "print what happens to nodes, as it happens", watch},
};

constexpr Command service[] = {
    {"serve", "run the pubsub service", serve},
    {"doctor", "find out why the service does not work, and what to do", doctor},
    {"config", "check, show and explain the configuration of the service", config},
    {"status", "show what the service is doing, on one screen", status},
    {"top", "show what the service is doing, live", top},
    {"trace", "print stanzas of a JID, or about a node, as they come and go", trace},
    {"shutdown", "end the process of the service", shutdown},
};

constexpr Command administration[] = {
    {"ban", "refuse an account or a domain everything", ban},
    {"unban", "lift a ban", unban},
    {"announce", "send a message to all subscribers", announce},
    {"audit", "show what was changed, and by whom", audit},
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
    {"import", "bring an export, or another server's store, into the database", import_store},
};

constexpr CommandGroup groups[] = {
    {"Nodes and items", content},
    {"The service", service},
    {"Administration", administration},
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
