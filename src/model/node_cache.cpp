#include "model/node_cache.hpp"

#include <utility>

namespace crier {

Node* NodeCache::find(std::string_view host, std::string_view name) {
  const auto found = nodes_.find(KeyView{host, name});
  if (found == nodes_.end()) {
    ++misses_;
    return nullptr;
  }
  ++hits_;
  list_.splice(list_.begin(), list_, found->second);
  return found->second->node.get();
}

Node& NodeCache::insert(std::shared_ptr<Node> node) {
  if (const auto found = nodes_.find(view(node->key)); found != nodes_.end())
    drop(*found->second->node);
  list_.push_front({std::move(node)});
  auto& entry = list_.front();
  nodes_.emplace(view(entry.node->key), list_.begin());
  agree_with_store(entry);
  return *entry.node;
}

void NodeCache::drop(const Node& node) {
  const auto found = nodes_.find(view(node.key));
  if (found == nodes_.end()) return;
  const auto entry = found->second;
  nodes_.erase(found);
  bytes_ -= entry->bytes;
  if (entry->node->touched) std::erase(touched_, entry->node.get());
  dropped_.push_back(std::move(entry->node));
  list_.erase(entry);
}

void NodeCache::touch(Node& node) {
  if (std::exchange(node.touched, true)) return;
  touched_.push_back(&node);
}

void NodeCache::settle() {
  for (auto* node : touched_) {
    node->touched = false;
    agree_with_store(*nodes_.find(view(node->key))->second);
  }
  touched_.clear();
}

void NodeCache::drop_touched() {
  while (!touched_.empty()) drop(*touched_.back());
}

void NodeCache::agree_with_store(Entry& entry) {
  Node& node = *entry.node;
  node.stored = node;
  bytes_ -= entry.bytes;
  entry.bytes = node.bytes();
  bytes_ += entry.bytes;
}

std::vector<Node*> NodeCache::drop_unheld() {
  std::vector<Node*> held;
  for (auto entry = list_.begin(); entry != list_.end();) {
    if (entry->node.use_count() > 1) {
      held.push_back(entry->node.get());
      ++entry;
      continue;
    }
    bytes_ -= entry->bytes;
    nodes_.erase(view(entry->node->key));
    entry = list_.erase(entry);
  }
  return held;
}

void NodeCache::trim() {
  dropped_.clear();
  auto entry = list_.end();
  while (bytes_ > budget_ && entry != list_.begin()) {
    --entry;
    if (entry->node.use_count() > 1) continue;
    bytes_ -= entry->bytes;
    nodes_.erase(view(entry->node->key));
    entry = list_.erase(entry);
    ++evictions_;
  }
}

}  // namespace crier
