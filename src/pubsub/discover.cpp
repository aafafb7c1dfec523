/// Discovery of the service, its nodes and their items. XEP-0060 §5.1 to §5.5, XEP-0030 §3 and §4.

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "base/result_set.hpp"
#include "model/node_fields.hpp"
#include "model/rights.hpp"
#include "pubsub/acquaintance.hpp"
#include "pubsub/item_expiry.hpp"
#include "pubsub/item_page.hpp"
#include "pubsub/node_form.hpp"
#include "pubsub/service_info.hpp"
#include "pubsub/use_cases.hpp"

#include <algorithm>
#include <functional>

namespace crier {

namespace {

void write_known(XmlWriter& out, std::string_view var, std::string_view type,
                 const Values& values) {
  if (!values.empty()) write_field(out, var, type, {}, values);
}

/// What is shown of those who are this or that to a node: a form is not the place for thousands.
Values some_of(const std::set<std::string, std::less<>>& jids) {
  constexpr std::ptrdiff_t most = 100;
  return {jids.begin(), std::ranges::next(jids.begin(), most, jids.end())};
}

/// The configuration's fields that stand in the meta-data form too. §16.4.
constexpr std::string_view described[] = {
    "pubsub#title",   "pubsub#description",  "pubsub#type",          "pubsub#language",
    "pubsub#contact", "pubsub#access_model", "pubsub#publish_model", "pubsub#max_items"};

/// §5.4.
void write_meta_data(XmlWriter& out, const Node& node) {
  auto x = out.open("x", ns::data_forms);
  x.attr("type", "result");
  write_form_type(out, ns::meta_data);
  for (const auto var : described) {
    const auto& field = *find_field(node_fields(), var);
    write_known(out, var, field.type, field.get(node.config));
  }
  write_known(out, "pubsub#creation_date", "text-single", {format_datetime(node.created)});
  write_known(out, "pubsub#creator", "jid-single", {node.creator});
  write_known(out, "pubsub#owner", "jid-multi", some_of(node.owners));
  write_known(out, "pubsub#publisher", "jid-multi", some_of(node.publishers));
  write_known(out, "pubsub#num_subscribers", "text-single",
              {std::to_string(node.subscriptions.subscribed())});
}

Reply service_info(const Service& service) {
  return Reply{written([&](XmlWriter& out) {
    auto query = out.open("query", ns::disco_info);
    write_service_info(out, service);
  })};
}

Result<Reply> node_info(const Request& request, Turn& turn) {
  const Node& node = *TRY(turn.visible_node(request));
  return Reply{written([&](XmlWriter& out) {
    auto query = out.open("query", ns::disco_info);
    query.attr("node", node.key.name);
    const bool leaf = node.config.node_type == NodeType::leaf;
    write_identity(out, {"pubsub", leaf ? "leaf" : "collection", node.config.title});
    out.open("feature").attr("var", ns::disco_info);
    out.open("feature").attr("var", ns::disco_items);
    out.open("feature").attr("var", ns::pubsub);
    write_meta_data(out, node);
  })};
}

/// A list of nodes by name, as the store gives it.
using NodeSource = std::function<std::vector<NodeSummary>(const ListRange&)>;

/// How many more nodes are loaded for one list, to see who may see them.
struct Loads {
  std::size_t left = 200;
};

/// Whether the asker may see the node. Where rosters decide the node itself must be looked at;
/// those for which there is no room are not shown.
bool is_visible(const NodeSummary& summary, const Jid& who, Turn& turn, Loads& loads) {
  if (may_see(summary.config, summary.affiliation, false)) return true;
  if (!summary.config.follows_rosters() || summary.affiliation != Affiliation::none) return false;
  const Node* node = turn.in_memory(summary.name);
  if (!node && loads.left > 0) {
    --loads.left;
    node = turn.find(summary.name);
  }
  return node && may_see(turn, *node, who);
}

/// The nodes of the range that the asker may see. Looks at a bounded number of nodes, so that
/// private ones in great number do not hold up the service: behind so many in a row the list ends,
/// because the place to go on from would be the name of a private node.
std::vector<NodeSummary> visible_nodes(const NodeSource& source, const Request& request, Turn& turn,
                                       ListRange range) {
  constexpr std::size_t most_looked_at = 10'000;
  constexpr std::size_t most_at_once = 1'000;
  const Policy& policy = turn.policy();
  const bool admin = policy.is_admin(request.from.bare());
  Loads loads;
  std::vector<NodeSummary> visible;
  const auto wanted = range.limit;
  // Few are wanted for a page of few, and many may be hidden.
  constexpr std::size_t least_at_once = 100;
  range.limit = std::clamp(wanted, least_at_once, most_at_once);
  for (std::size_t looked_at = 0; visible.size() < wanted && looked_at < most_looked_at;) {
    auto nodes = source(range);
    const bool last = nodes.size() < range.limit;
    looked_at += nodes.size();
    if (!nodes.empty()) range.from = nodes.back().name;
    for (auto& node : nodes) {
      node.config = forced_config(std::move(node.config), node.name, policy);
      if (admin || is_visible(node, request.from, turn, loads)) visible.push_back(std::move(node));
    }
    if (last) break;
  }
  if (visible.size() > wanted) visible.resize(wanted);
  return visible;
}

/// §5.2. Names are the paging ids: a page starts where the last one ended, whatever came or went.
Result<Reply> node_list(const Request& request, Turn& turn, const NodeSource& source) {
  const Policy& policy = turn.policy();
  auto page = TRY(ListPage::parse(request.payload, policy.page_items, policy.page_bytes));
  const auto visible = visible_nodes(source, request, turn, page.range());
  const auto write_node = [&](XmlWriter& out, const NodeSummary& node) {
    auto item = out.open("item");
    item.attr("jid", policy.domain).attr("node", node.name);
    if (!node.config.title.empty()) item.attr("name", node.config.title);
  };
  return Reply{written([&](XmlWriter& out) {
    auto query = out.open("query", ns::disco_items);
    if (!request.node.empty()) query.attr("node", request.node);
    page.write_entries(
        out, visible, [](const NodeSummary& node) { return node.name; }, write_node);
    page.write_set(out, {});
  })};
}

/// The nodes that are in no collection. XEP-0248 §5.2.
Result<Reply> first_level(const Request& request, Turn& turn) {
  return node_list(request, turn, [&](const ListRange& range) {
    return turn.store().nodes(turn.policy().domain, range, request.from.bare());
  });
}

Result<Reply> children_list(const Request& request, Turn& turn, const Node& collection) {
  return node_list(request, turn, [&](const ListRange& range) {
    std::vector<NodeSummary> nodes;
    for (const auto& name : part_of(collection.config.children.names, range, std::identity()))
      nodes.push_back(*turn.store().summary({turn.policy().domain, name}, request.from.bare()));
    return nodes;
  });
}

/// §5.5.
Result<Reply> item_list(const Request& request, Turn& turn) {
  const Node& node = *TRY(turn.visible_node(request));
  if (node.config.node_type == NodeType::collection) return children_list(request, turn, node);
  TRY(may_retrieve(node, request.from, turn.policy(),
                   known_acquaintance(turn, node, request.from.bare())));
  expire_items(turn, node);
  auto page = TRY(ItemPage::parse(request.payload, {}, node, turn.policy()));
  return Reply{written([&](XmlWriter& out) {
    auto query = out.open("query", ns::disco_items);
    query.attr("node", node.key.name);
    std::string items;
    page.write_items(items, turn, node, [&](XmlWriter& list, const StoredItem& item) {
      list.open("item").attr("jid", node.key.host).attr("name", item.id);
    });
    out.raw(items);
    page.write_set(out, node);
  })};
}

/// What is found under a name that is no node's.
Reply named_reply(std::string_view ns, const Request& request, const std::string& content) {
  return Reply{written([&](XmlWriter& out) {
    auto query = out.open("query", ns);
    query.attr("node", request.node);
    out.raw(content);
  })};
}

}  // namespace

Result<Reply> disco_info(const Request& request, Turn& turn) {
  if (request.node.empty()) return service_info(turn.service());
  if (const auto* other = turn.service().disco_node(request.node))
    return named_reply(ns::disco_info, request, TRY(other->info(request, turn)));
  return node_info(request, turn);
}

Result<Reply> disco_items(const Request& request, Turn& turn) {
  if (request.node.empty()) return first_level(request, turn);
  if (const auto* other = turn.service().disco_node(request.node)) {
    if (!other->items) return named_reply(ns::disco_items, request, {});
    return named_reply(ns::disco_items, request, TRY(other->items(request, turn)));
  }
  return item_list(request, turn);
}

}  // namespace crier
