/// `crier item`: what is published to a node. XEP-0060 §5.5, §6.5, §7.1, §7.2.

#include <crier/fault.hpp>

#include <fmt/format.h>

#include <cstdio>

#include "cli/client_command.hpp"
#include "cli/client_session.hpp"
#include "cli/disco.hpp"
#include "cli/exit_status.hpp"

#include "cli/nouns.hpp"
#include "cli/payload.hpp"
#include "cli/printable.hpp"
#include "cli/responses.hpp"

namespace crier::cli {

namespace {

struct ItemOptions {
  std::string node;
  std::string id;
  std::vector<std::string> ids;
  std::string file = "-";
  int max = 0;
  bool notify = false;
};

void declare_list(CLI::App& app, ItemOptions& options) {
  declare_node(app, options.node);
  declare_count(app, "--max", options.max, "only the newest ones, at most so many");
}

void declare_show(CLI::App& app, ItemOptions& options) {
  declare_node(app, options.node);
  app.add_option("ID", options.id, "the item's id")->required();
}

void declare_publish(CLI::App& app, ItemOptions& options) {
  declare_node(app, options.node);
  app.add_option("FILE", options.file,
                 "holds the payload, one XML element; - is the standard input");
  app.add_option("--id", options.id, "the item's id; without it the service chooses one")
      ->type_name("ID")
      ->configurable(false);
}

void declare_retract(CLI::App& app, ItemOptions& options) {
  declare_node(app, options.node);
  app.add_option("ID", options.ids, "the items' ids")->required();
  app.add_flag("--notify", options.notify, "tell the subscribers")->configurable(false);
}

/// The ids in the order of the service.
std::vector<std::string> ids_of(ClientSession& session, const ItemOptions& options) {
  std::vector<std::string> ids;
  if (options.max > 0) {
    const auto answer = session.request(newest_items(options.node, options.max));
    for (auto& item : read_items(answer.root())) ids.push_back(std::move(item.id));
  } else {
    for (auto& item : discover_all_items(session, options.node))
      ids.push_back(std::move(item.name));
  }
  return ids;
}

/// §5.5, or §6.5.7 with --max
void list(const Call& call, const ItemOptions& options) {
  ClientSession session(call.connection);
  const auto ids = ids_of(session, options);
  if (call.json) {
    print_json(Json(ids));
    return;
  }
  for (const auto& id : ids) print(printable(id) + '\n');
}

/// §6.5.8
void show(const Call& call, const ItemOptions& options) {
  ClientSession session(call.connection);
  const auto answer = session.request(particular_item(options.node, options.id));
  const auto items = read_items(answer.root());
  if (items.empty())
    throw Fault(exit_status::refused, fmt::format("node \"{}\" has no item \"{}\"",
                                                  printable(options.node), printable(options.id)));
  const auto& found = items.front();
  if (call.json) {
    Json json{{"node", options.node}, {"item", found.id}};
    if (!found.publisher.empty()) json["publisher"] = found.publisher;
    json["payload"] = found.payload ? Json(*found.payload) : Json();
    print_json(json);
  } else if (found.payload) {
    print(printable_xml(*found.payload) + '\n');
  }
}

/// §7.1
void publish(const Call& call, const ItemOptions& options) {
  const auto source = options.file == "-" ? "the standard input" : options.file;
  const auto payload = check_payload(read_payload_file(options.file), source);
  ClientSession session(call.connection);
  const auto answer = session.request(publish_item(options.node, options.id, payload));
  const auto items = read_items(answer.root());
  const auto id = items.empty() ? options.id : items.front().id;
  if (call.json)
    print_json(Json{{"node", options.node}, {"item", id}, {"done", "published"}});
  else
    print(printable(id) + '\n');
}

/// §7.2; a request for each item, since services differ in what they make of several.
void retract(const Call& call, const ItemOptions& options) {
  ClientSession session(call.connection);
  for (const auto& id : options.ids) {
    session.request(retract_item(options.node, id, options.notify));
    if (call.json)
      print_json(Json{{"node", options.node}, {"item", id}, {"done", "retracted"}});
    else
      print(fmt::format("retracted {}\n", printable(id)));
  }
}

constexpr Verb<ItemOptions> verbs[] = {
    {"list", "list the ids of a node's items",
     "  crier item list princely_musings\n"
     "  crier item list princely_musings --max 10\n",
     declare_list, list},
    {"show", "print the payload of an item, exactly as it was published",
     "  crier item show princely_musings soliloquy > entry.xml\n", declare_show, show},
    {"publish", "publish an item and print its id",
     "  crier item publish princely_musings entry.xml\n"
     "  crier item publish princely_musings --id soliloquy < entry.xml\n",
     declare_publish, publish},
    {"retract", "remove items from a node",
     "  crier item retract princely_musings soliloquy --notify\n", declare_retract, retract},
};

}  // namespace

std::unique_ptr<Subcommand> item() {
  return make_noun("crier item", "Sees and changes what is published to a node.", verbs);
}

}  // namespace crier::cli
