#pragma once
/// The nodes in memory: as many as the budget has room for, those used last.

#include <crier/node.hpp>

#include <cstdint>
#include <list>
#include <memory>
#include <unordered_map>
#include <vector>

namespace crier {

/// Keeps whole nodes, least recently used ones going first. Nothing goes while a batch is open, so
/// references stay valid until trim(). A node whose subscriptions a broadcast still walks over is
/// kept, so that whoever leaves the node leaves that broadcast too.
class NodeCache {
 public:
  explicit NodeCache(std::size_t budget_bytes) : budget_(budget_bytes) {}

  /// The node, now the most recently used; null when it is not in memory.
  Node* find(std::string_view host, std::string_view name);
  Node& insert(std::shared_ptr<Node> node);
  /// The node is out of date or gone; nobody finds it any more. It lives until trim().
  void drop(const Node& node);

  /// The node will be changed by the open turn.
  void touch(Node& node);
  /// The nodes that were touched since the last settle().
  const std::vector<Node*>& touched() const { return touched_; }
  /// What was touched is stored, and agrees with the store.
  void settle();
  /// What was touched may disagree with the store: drops it.
  void drop_touched();

  /// Frees all nodes but those that somebody else holds, which are returned. Between batches.
  std::vector<Node*> drop_unheld();

  /// Frees what was dropped, and the nodes used least recently until the budget is met.
  void trim();

  /// Another budget counts from the next trim() on.
  void set_budget(std::size_t bytes) { budget_ = bytes; }
  std::size_t size() const { return nodes_.size(); }
  /// Memory in use, in bytes, about.
  std::size_t bytes() const { return bytes_; }
  /// How often find() found a node, or none, and how many nodes trim() freed to meet the budget.
  std::uint64_t hits() const { return hits_; }
  std::uint64_t misses() const { return misses_; }
  std::uint64_t evictions() const { return evictions_; }

 private:
  struct Entry {
    std::shared_ptr<Node> node;
    std::size_t bytes = 0;
  };
  using List = std::list<Entry>;
  /// The view of a NodeKey; that of a cached node lives as long as the node.
  struct KeyView {
    std::string_view host;
    std::string_view name;
    bool operator==(const KeyView&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const KeyView& key) const {
      const std::hash<std::string_view> hash;
      return hash(key.name) * 31 + hash(key.host);
    }
  };

  static KeyView view(const NodeKey& key) { return {key.host, key.name}; }
  /// The node is as the store has it: notes its counts and its size.
  void agree_with_store(Entry& entry);

  std::size_t budget_;
  std::size_t bytes_ = 0;
  std::uint64_t hits_ = 0;
  std::uint64_t misses_ = 0;
  std::uint64_t evictions_ = 0;
  /// Most recently used first.
  List list_;
  std::unordered_map<KeyView, List::iterator, KeyHash> nodes_;
  std::vector<Node*> touched_;
  std::vector<std::shared_ptr<Node>> dropped_;
};

}  // namespace crier
