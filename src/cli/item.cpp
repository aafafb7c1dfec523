/// `crier item`: what is published to a node. XEP-0060 §5.5, §6.5, §7.1, §7.2.

#include <crier/element.hpp>
#include <crier/fault.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>

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
  std::vector<std::string> files;
  int max = 0;
  bool detailed = false;
  bool unwrap = false;
  bool json_payload = false;
  bool lines = false;
  bool notify = false;
};

void declare_switch(Arguments arguments, const char* name, bool& value, const char* description) {
  arguments.add_flag(name, value, description).not_configurable();
}

void declare_list(Arguments arguments, ItemOptions& options) {
  arguments.add_node(options.node);
  arguments.add_count("--max", options.max, "only the newest ones, at most so many");
  declare_switch(arguments, "--long", options.detailed,
                 "with publisher, size in bytes and date, if they are known");
}

void declare_show(Arguments arguments, ItemOptions& options) {
  arguments.add_node(options.node);
  arguments.add_option("ID", options.id, "the item's id").required();
  declare_switch(arguments, "--unwrap", options.unwrap, "print the JSON in the payload (XEP-0335)");
}

void declare_publish(Arguments arguments, ItemOptions& options) {
  arguments.add_node(options.node);
  arguments.add_option("FILE", options.files,
                       "holds a payload, one XML element or JSON; - is the standard input");
  arguments.add_option("--id", options.id, "the item's id; without it the service chooses one")
      .type_name("ID")
      .not_configurable();
  declare_switch(arguments, "--json-payload", options.json_payload,
                 "the payload is JSON, whatever it looks like; sent as in XEP-0335");
  declare_switch(arguments, "--lines", options.lines, "each line of a FILE is an item");
  arguments.add_notes(
      "A FILE is XML or JSON as its name ends (.xml, .json, .jsonl, .ndjson), else as it begins.\n"
      "JSON is published as <json xmlns='urn:xmpp:json:0'>. All is checked before the first item\n"
      "is sent.\n\n");
}

void declare_retract(Arguments arguments, ItemOptions& options) {
  arguments.add_node(options.node);
  arguments.add_option("ID", options.ids, "the items' ids").required();
  declare_switch(arguments, "--notify", options.notify, "tell the subscribers");
}

/// The newest `max` items, oldest first, page by page.
std::vector<Item> newest(ClientSession& session, const std::string& node, int max) {
  std::vector<Item> items;
  std::string before;
  while (true) {
    const auto left = max - static_cast<int>(items.size());
    const auto answer = session.request(items_before(node, left, before));
    auto page = read_items(answer.root());
    const auto ends = read_page_ends(answer.root());
    const bool last = page.empty() || ends.first.empty() || ends.first == before;
    items.insert(items.begin(), std::make_move_iterator(page.begin()),
                 std::make_move_iterator(page.end()));
    if (last || items.size() >= static_cast<std::size_t>(max)) break;
    before = ends.first;
  }
  const auto surplus = items.size() - std::min(items.size(), static_cast<std::size_t>(max));
  items.erase(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(surplus));
  return items;
}

/// Calls `take` with each page of the items, oldest first.
void for_each_page(ClientSession& session, const std::string& node,
                   const std::function<void(const std::vector<Item>&)>& take) {
  std::string after;
  while (true) {
    const auto answer = session.request(items_after(node, after));
    const auto page = read_items(answer.root());
    const auto ends = read_page_ends(answer.root());
    if (!page.empty()) take(page);
    // A service that does not page answers everything at once.
    if (page.empty() || ends.last.empty() || ends.last == after) return;
    after = ends.last;
  }
}

/// What the payload itself says about when: RFC 4287 §4.2.9, §4.2.15.
std::string date_of(const Item& item) {
  const auto document = item.payload ? parse_xml(*item.payload) : std::nullopt;
  if (!document) return "";
  for (const auto* name : {"published", "updated"})
    if (const auto* child = document->root().child(name, document->root().ns)) return child->text();
  return "";
}

void add(Table& table, Json& json, const Item& item) {
  const auto size = item.payload ? item.payload->size() : 0;
  const auto date = date_of(item);
  table.rows.push_back({item.id, item.publisher, std::to_string(size), date});
  json.push_back({{"item", item.id},
                  {"publisher", item.publisher.empty() ? Json() : Json(item.publisher)},
                  {"bytes", size},
                  {"published", date.empty() ? Json() : Json(date)}});
}

/// §6.5: a payload must come before its size is known.
void list_detailed(const Call& call, ClientSession& session, const ItemOptions& options) {
  Table table{{"ITEM", "PUBLISHER", "BYTES", "PUBLISHED"}, {}};
  auto json = Json::array();
  const auto take = [&](const std::vector<Item>& items) {
    for (const auto& item : items) add(table, json, item);
  };
  if (options.max > 0)
    take(newest(session, options.node, options.max));
  else
    for_each_page(session, options.node, take);
  call.json ? print_json(json) : print_table(table);
}

/// The ids in the order of the service.
std::vector<std::string> ids_of(ClientSession& session, const ItemOptions& options) {
  std::vector<std::string> ids;
  if (options.max > 0) {
    for (auto& item : newest(session, options.node, options.max)) ids.push_back(std::move(item.id));
  } else {
    for (auto& item : discover_all_items(session, options.node))
      ids.push_back(std::move(item.name));
  }
  return ids;
}

/// §5.5, or §6.5.7 with --max
void list(const Call& call, const ItemOptions& options) {
  ClientSession session(call.connection);
  if (options.detailed) return list_detailed(call, session, options);
  const auto ids = ids_of(session, options);
  if (call.json) {
    print_json(Json(ids));
    return;
  }
  for (const auto& id : ids) print(printable(id) + '\n');
}

/// The JSON that the item carries.
std::string unwrapped(const Item& item) {
  auto json = item.payload ? json_in(*item.payload) : std::nullopt;
  if (!json || !Json::accept(*json))
    throw Fault(exit_status::bad_data,
                fmt::format("item \"{}\" carries no JSON; leave --unwrap out", printable(item.id)));
  return *std::move(json);
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
    if (options.unwrap) json["payload"] = Json::parse(unwrapped(found));
    print_json(json);
  } else if (options.unwrap) {
    print(printable_json(unwrapped(found)) + '\n');
  } else if (found.payload) {
    print(printable_xml(*found.payload) + '\n');
  }
}

std::vector<Payload> payloads_of(const ItemOptions& options) {
  const auto kind = options.json_payload ? PayloadKind::json : PayloadKind::automatic;
  auto files = options.files;
  if (files.empty()) files.emplace_back("-");
  std::vector<Payload> payloads;
  for (const auto& file : files) {
    const bool lines = options.lines || file.ends_with(".jsonl") || file.ends_with(".ndjson");
    std::ranges::move(read_payloads(file, kind, lines), std::back_inserter(payloads));
  }
  if (!options.id.empty() && payloads.size() > 1)
    throw Fault(exit_status::usage,
                fmt::format("--id: {} items can not have one id", payloads.size()));
  return payloads;
}

/// §7.1
void publish(const Call& call, const ItemOptions& options) {
  const auto payloads = payloads_of(options);
  ClientSession session(call.connection);
  for (const auto& payload : payloads) {
    const auto request = publish_item(options.node, options.id, payload.xml);
    const auto answer = session.exchange(request);
    if (is_error(answer)) {
      const auto refused = session.refused(answer, request);
      if (payloads.size() == 1) throw refused;
      throw Fault(refused.status(),
                  fmt::format("{}: {}", printable(payload.source), refused.what()));
    }
    const auto items = read_items(answer.root());
    const auto id = items.empty() ? options.id : items.front().id;
    if (call.json)
      print_json(Json{{"node", options.node}, {"item", id}, {"done", "published"}});
    else
      print(printable(id) + '\n');
  }
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
     "  crier item list princely_musings --max 10 --long\n",
     declare_list, list},
    {"show", "print the payload of an item, exactly as it was published",
     "  crier item show princely_musings soliloquy > entry.xml\n"
     "  crier item show weather today --unwrap | jq .temperature\n",
     declare_show, show},
    {"publish", "publish an item and print its id",
     "  crier item publish princely_musings entry.xml\n"
     "  crier item publish princely_musings --id soliloquy < entry.xml\n"
     "  echo '{\"temperature\": 21}' | crier item publish weather --id today\n"
     "  crier item publish readings --lines < readings.jsonl\n",
     declare_publish, publish},
    {"retract", "remove items from a node",
     "  crier item retract princely_musings soliloquy --notify\n", declare_retract, retract},
};

}  // namespace

std::unique_ptr<Subcommand> item() {
  return make_noun("crier item", "Sees and changes what is published to a node.", verbs);
}

}  // namespace crier::cli
