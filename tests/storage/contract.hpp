#pragma once
/// The contract of a Store, and the engines that it is checked on. A new engine is one more row in
/// contract.cpp.

#include <crier/store.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "../unit/strings.hpp"
#include "scratch.hpp"

namespace crier::test {

/// A storage engine.
struct Engine {
  std::string_view name;
  /// Opens what the directory holds, or makes it.
  std::unique_ptr<Store> (*open)(const std::filesystem::path& directory);
};

/// A fresh store of one engine, with a transaction open.
class Contract {
 public:
  explicit Contract(const Engine& engine);

  Store* operator->() { return store_.get(); }

  /// Ends the transaction one way or the other, and opens the next.
  void commit();
  void rollback();
  /// Closes the store without ending its transaction, as a process that ends, and opens it again.
  void reopen();
  /// Sweeps until nothing is left, a few rows at a time.
  void sweep();

  /// A new node of that name.
  std::shared_ptr<Node> create(std::string_view name, const NodeConfig& config = {});
  std::shared_ptr<Node> load(std::string_view name);
  /// Puts an item with the payload `<e/>`, published at `microseconds`; its number.
  Seq put(const Node& node, std::string_view id, std::int64_t microseconds = 1);
  /// Ids of the items of the range, in the order in which they are visited.
  Strings ids(const Node& node, const ItemRange& range = {.limit = 1000, .newest = false});

 private:
  Scratch scratch_;
  const Engine& engine_;
  std::unique_ptr<Store> store_;
};

/// Where all nodes of these tests are.
constexpr std::string_view host = "pubsub.a.example";

constexpr Time at(std::int64_t microseconds) {
  return Time(std::chrono::microseconds(microseconds));
}

/// Checks a promise of the contract on every engine.
void on_every_engine(const std::function<void(Contract&)>& check);

}  // namespace crier::test
