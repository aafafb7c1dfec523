/// Importing nodes, their place among collections, and their affiliations.

#include <crier/fault.hpp>

#include "pubsub/node_form.hpp"
#include "transfer/importer.hpp"

#include <fmt/format.h>
#include <sysexits.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace crier::transfer {

namespace {

/// What an operator may allow is for the service to say; here is what none could.
const Policy& widest_policy() {
  static const Policy policy = [] {
    Policy widest;
    widest.max_items = Count::max;
    widest.max_payload_size = Count::max;
    widest.max_children = Count::max;
    return widest;
  }();
  return policy;
}

NodeConfig checked_config(NodeRecord& record, const Lost& lost) {
  for (const auto& [var, values] : record.config)
    for (const auto& value : values) check_text(value, "the field " + var);
  if (const auto var = invalid_field(record))
    throw Fault(EX_DATAERR, fmt::format("the field {} of the node {} can not have this value", *var,
                                        record.node));
  normalise(record, lost);
  auto config = within_limits(config_of(record), widest_policy());
  if (!config)
    throw Fault(EX_DATAERR, fmt::format("the node {}: {}", record.node, config.error().text));
  return config.take();
}

}  // namespace

bool Importer::enter(const std::string& name) {
  // The root has no name. XEP-0248 §8.1
  const auto& prepared = name.empty() ? name : prepared_name(name_, name);
  if (node_ && node_->key.name == prepared) return true;
  leave();
  if (is_kept_name(prepared)) return false;
  node_ = store_.load({host_, prepared});
  if (!node_)
    throw Fault(EX_DATAERR, fmt::format("there is no node {}; its record must come first", name));
  node_->stored = *node_;
  return true;
}

void Importer::leave() {
  if (!node_) return;
  if (items_added_) {
    schedule_expiry();
    // Durable subscriptions begin behind what is imported, unless they are behind already.
    const auto durable = node_->subscriptions.durable() > 0;
    if (durable && node_->level == node_->head) node_->head = node_->level = store_.next_seq();
    if (node_->subscriptions.every_version() > 0 && node_->versions_start == Seq{})
      node_->versions_start = store_.next_seq();
  }
  if (node_->counts_changed()) store_.save_counts(*node_);
  items_added_ = false;
  added_subscriptions_.clear();
  node_.reset();
  if (!options_.items_apart) settle();
}

Importer::Outcome Importer::import(const NodeRecord& given) {
  leave();
  check_host();
  NodeRecord record = given;
  const bool is_root = given.node.empty() && given.type == NodeType::collection;
  if (!is_root) record.node = prepared_name(name_, given.node);
  if (is_kept_name(record.node)) {
    lose("a node of a name that the service keeps for itself, with all that it has");
    return Outcome::kept;
  }
  Prepared creator, parent;
  record.creator = prepared_bare(creator, given.creator);
  for (auto& name : record.parents) name = prepared_name(parent, name);
  const auto config = checked_config(record, [this](std::string_view what) { lose(what); });
  node_ = store_.load({host_, record.node});
  if (!node_) return create(record, config);
  node_->stored = *node_;
  return compare(record, config);
}

Importer::Outcome Importer::create(const NodeRecord& record, NodeConfig config) {
  node_ = std::make_shared<Node>();
  node_->key = {host_, record.node};
  node_->config = std::move(config);
  node_->creator = record.creator;
  node_->created = record.created;
  store_.create(*node_);
  node_->stored = *node_;
  for (const auto& parent : record.parents) associate(node_->key, parent);
  return Outcome::added;
}

Importer::Outcome Importer::compare(const NodeRecord& record, const NodeConfig& config) {
  const auto what = fmt::format("the node {}", record.node);
  if (node_->config.node_type != config.node_type)
    return conflict(what, [&] {
      throw Fault(EX_DATAERR, fmt::format("{} is there already and is of the other type, which can "
                                          "not be changed; delete it first",
                                          what));
    });
  std::vector<std::string> parents, late;
  for (const auto& parent : record.parents) {
    const auto collection = store_.place({host_, parent});
    if (!collection)
      late.push_back(parent);
    else if (collection->type == NodeType::collection)
      parents.push_back(parent);
    else
      lose_place_in_leaf();
  }
  const auto there = node_->config.collection.names;
  const bool is_same = fields_of(node_->config) == fields_of(config) && there == parents;
  const auto wait = [&] {
    for (const auto& parent : late) unassociated_.push_back({node_->key, parent, is_same});
  };
  if (is_same) {
    wait();
    return Outcome::unchanged;
  }
  return conflict(what, [&] {
    auto changed = config;
    changed.collection = node_->config.collection;
    changed.children = node_->config.children;
    node_->config = std::move(changed);
    store_.save_config(*node_);
    for (const auto& parent : there)
      if (std::ranges::find(parents, parent) == parents.end())
        store_.dissociate(store_.place({host_, parent})->id, node_->id);
    for (const auto& parent : parents)
      if (std::ranges::find(there, parent) == there.end()) associate(node_->key, parent);
    wait();
    items_added_ = true;  // The time after which items go may be another.
  });
}

void Importer::associate(const NodeKey& child, const std::string& parent) {
  const auto collection = store_.place({child.host, parent});
  if (!collection) return void(unassociated_.push_back({child, parent}));
  if (collection->type != NodeType::collection) return lose_place_in_leaf();
  if (is_below({child.host, parent}, child.name))
    throw Fault(EX_DATAERR, fmt::format("the node {} would be below itself", child.name));
  store_.associate(collection->id, store_.place(child)->id);
  if (node_ && node_->key == child) {
    auto& names = node_->config.collection.names;
    names.insert(std::ranges::upper_bound(names, parent), parent);
  }
}

void Importer::lose_place_in_leaf() {
  lose("that a node is in a node which is no collection");
}

/// A node that was there and the same, but for these collections, counted as unchanged: it is a
/// conflict now, counted once.
void Importer::associate_late() {
  std::optional<NodeKey> counted;
  for (const auto& [child, parent, is_conflict] : std::exchange(unassociated_, {})) {
    const auto collection = store_.place({child.host, parent});
    if (!collection) {
      lose("that a node is in a collection which is not there");
    } else if (!is_conflict || collection->type != NodeType::collection) {
      associate(child, parent);
    } else {
      const auto outcome =
          conflict(fmt::format("the node {}", child.name), [&] { associate(child, parent); });
      if (counted == child) continue;
      --tally_of<NodeRecord>().unchanged;
      count(tally_of<NodeRecord>(), outcome);
      counted = child;
    }
  }
}

bool Importer::is_below(const NodeKey& node, const std::string& above) {
  std::set<std::string> seen;
  std::vector<std::string> next{node.name};
  while (!next.empty()) {
    const auto at = std::move(next.back());
    next.pop_back();
    if (at == above) return true;
    if (!seen.insert(at).second) continue;
    if (const auto place = store_.place({node.host, at}))
      std::ranges::copy(place->parents, std::back_inserter(next));
  }
  return false;
}

Importer::Outcome Importer::import(const AffiliationRecord& entry) {
  if (!enter(entry.node)) return Outcome::kept;
  Prepared jid;
  const auto& bare = prepared_bare(jid, entry.jid);
  const auto there = node_->affiliation_of(bare);
  if (there == entry.affiliation) return Outcome::unchanged;
  const auto set = [&] {
    store_.set_affiliation(node_->id, bare, entry.affiliation);
    node_->set_affiliation(bare, entry.affiliation);
  };
  if (there != Affiliation::none)
    return conflict(fmt::format("the affiliation of {} with {}", bare, entry.node), set);
  set();
  return Outcome::added;
}

}  // namespace crier::transfer
