#include "cli/node_discovery.hpp"

#include <fmt/format.h>

#include <set>

#include "cli/client_session.hpp"
#include "cli/disco.hpp"
#include "cli/responses.hpp"
#include "cli/tree.hpp"

namespace crier::cli {

namespace {

/// A node with what disco#info says; empty where the service does not say.
struct Discovered {
  DiscoItem item;
  NodeInfo info;
};

std::string metadata(const NodeInfo& info, std::string_view field) {
  const auto* found = info.metadata.field(fmt::format("pubsub#{}", field));
  return found && !found->values.empty() ? found->values.front() : "";
}

/// What may be asked: a node can be gone, or hidden, by the time that it is.
NodeInfo info_of(ClientSession& session, const std::string& node) {
  const auto answer = session.exchange(discover_info(node));
  return is_error(answer) ? NodeInfo() : read_node_info(answer.root());
}

std::vector<DiscoItem> nodes_in(ClientSession& session, const std::string& collection) {
  auto items = discover_all_items(session, collection);
  // An entry without a node is another service.
  std::erase_if(items, [](const DiscoItem& item) { return item.node.empty(); });
  return items;
}

/// The fields of meta-data that --long shows. §16.4.3
struct Detail {
  const char* header;
  const char* field;
};
constexpr Detail details[] = {{"ACCESS", "access_model"},
                              {"PUBLISH", "publish_model"},
                              {"SUBSCRIBERS", "num_subscribers"},
                              {"CREATED", "creation_date"}};

void add(Table& table, Json& json, const Discovered& node) {
  Json entry{{"node", node.item.node}, {"name", node.item.name}, {"type", node.info.type}};
  std::vector<std::string> row{node.item.node, node.info.type};
  for (const auto& detail : details) {
    auto value = metadata(node.info, detail.field);
    entry[detail.field] = value.empty() ? Json() : Json(value);
    row.push_back(std::move(value));
  }
  row.push_back(node.item.name);
  table.rows.push_back(std::move(row));
  json.push_back(std::move(entry));
}

/// Walks from collection to collection.
class Walk {
 public:
  Walk(ClientSession& session, const NodeTreeOptions& options)
      : session_(session), options_(options), walked_{options.root} {}

  /// What `collection` holds, and the JSON of it.
  std::vector<Tree> children(const std::string& collection, int depth, Json& json) {
    std::vector<Tree> trees;
    for (const auto& item : nodes_in(session_, collection)) {
      if (++drawn_ > options_.max) {
        trees.push_back({"…", {}});
        json.push_back({{"truncated", true}});
        return trees;
      }
      auto& entry = json.emplace_back(Json{{"node", item.node}, {"name", item.name}});
      trees.push_back(tree(item, depth, entry));
    }
    return trees;
  }

 private:
  Tree tree(const DiscoItem& item, int depth, Json& json) {
    const auto info = info_of(session_, item.node);
    json["type"] = info.type;
    auto text = item.name.empty() ? item.node : fmt::format("{}  {}", item.node, item.name);
    if (info.type != "collection") return {std::move(text), {}};
    json["children"] = Json::array();
    // In a second collection, or in itself, which a service must not but may allow.
    const bool again = !walked_.insert(item.node).second;
    if (again || depth >= options_.depth) {
      json["truncated"] = true;
      return {text + (again ? "/  (see above)" : "/  …"), {}};
    }
    auto below = children(item.node, depth + 1, json["children"]);
    return {text.insert(item.node.size(), "/"), std::move(below)};
  }

  ClientSession& session_;
  const NodeTreeOptions& options_;
  std::set<std::string, std::less<>> walked_;
  int drawn_ = 0;
};

}  // namespace

void list_nodes(const Call& call, const NodeListOptions& options) {
  ClientSession session(call.connection);
  Table table{{"NODE", "NAME"}, {}};
  if (options.detailed) {
    table.header = {"NODE", "TYPE"};
    for (const auto& detail : details) table.header.emplace_back(detail.header);
    table.header.emplace_back("NAME");
  }
  auto json = Json::array();
  for (auto& node : nodes_in(session, options.collection)) {
    if (options.detailed) {
      auto info = info_of(session, node.node);
      add(table, json, {std::move(node), std::move(info)});
      continue;
    }
    table.rows.push_back({node.node, node.name});
    json.push_back({{"node", node.node}, {"name", node.name}});
  }
  call.json ? print_json(json) : print_table(table);
}

void draw_nodes(const Call& call, const NodeTreeOptions& options) {
  ClientSession session(call.connection);
  Walk walk(session, options);
  auto json = Json::array();
  std::vector<Tree> trees;
  if (options.root.empty()) {
    trees = walk.children({}, 1, json);
  } else {
    auto below = Json::array();
    trees.push_back({options.root + '/', walk.children(options.root, 1, below)});
    json.push_back({{"node", options.root}, {"children", below}});
  }
  if (call.json)
    print_json(json);
  else
    print(to_text(trees, terminal_columns()));
}

}  // namespace crier::cli
