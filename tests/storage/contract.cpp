#include "contract.hpp"

#include "storage/sqlite_store.hpp"

#include <array>

namespace crier::test {

namespace {

constexpr std::array<Engine, 1> engines{{
    {"sqlite",
     [](const std::filesystem::path& directory) -> std::unique_ptr<Store> {
       return SqliteStore::open(directory / "crier.db");
     }},
}};

}  // namespace

Contract::Contract(const Engine& engine) : engine_(engine), store_(engine.open(scratch_.path())) {
  store_->begin();
}

void Contract::commit() {
  store_->commit();
  store_->begin();
}

void Contract::rollback() {
  store_->rollback();
  store_->begin();
}

void Contract::reopen() {
  store_.reset();
  store_ = engine_.open(scratch_.path());
  store_->begin();
}

void Contract::sweep() {
  while (store_->sweep(3)) commit();
  commit();
}

std::shared_ptr<Node> Contract::create(std::string_view name, const NodeConfig& config) {
  auto node = std::make_shared<Node>();
  node->key = {std::string(host), std::string(name)};
  node->config = config;
  node->creator = "owner@a.example";
  node->created = at(5);
  store_->create(*node);
  return node;
}

std::shared_ptr<Node> Contract::load(std::string_view name) {
  return store_->load({std::string(host), std::string(name)});
}

Seq Contract::put(const Node& node, std::string_view id, std::int64_t microseconds) {
  return store_->put(node, {id, "publisher@a.example", "<e/>", at(microseconds)}).seq;
}

Strings Contract::ids(const Node& node, const ItemRange& range) {
  Strings ids;
  store_->items(node, range, [&](const StoredItem& item) {
    ids.emplace_back(item.id);
    return true;
  });
  return ids;
}

void on_every_engine(const std::function<void(Contract&)>& check) {
  for (const auto& engine : engines) {
    CAPTURE(engine.name);
    Contract contract(engine);
    check(contract);
  }
}

}  // namespace crier::test
