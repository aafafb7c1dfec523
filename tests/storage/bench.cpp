/// How fast the store takes items: nodes that are full, so that each publication pushes one out.
///
///     storage-bench [DIRECTORY [PUBLICATIONS [BATCH]]]

#include <fmt/format.h>

#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "storage/sqlite_store.hpp"

using namespace crier;

namespace {

constexpr std::size_t node_count = 16;
constexpr std::uint64_t max_items = 100;

std::vector<std::shared_ptr<Node>> create_nodes(Store& store) {
  std::vector<std::shared_ptr<Node>> nodes;
  store.begin();
  for (std::size_t i = 0; i < node_count; ++i) {
    auto node = std::make_shared<Node>();
    node->key = {"pubsub.a.example", fmt::format("node-{}", i)};
    node->creator = "owner@a.example";
    store.create(*node);
    nodes.push_back(std::move(node));
  }
  store.commit();
  return nodes;
}

/// What the process has used of the processors.
double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void publish(Store& store, Node& node, std::size_t number) {
  const auto id = fmt::format("{:016x}", number * 0x9e3779b97f4a7c15u);
  const auto publisher = fmt::format("user{}@a.example", number % 100);
  static const std::string payload = "<entry>" + std::string(486, 'x') + "</entry>";
  const auto put =
      store.put(node, {id, publisher, payload, Time(std::chrono::microseconds(number))});
  node.item_count += !put.replaced;
  if (node.item_count <= max_items) return;
  store.evict_oldest(node, node.item_count - max_items);
  node.item_count = max_items;
}

}  // namespace

int main(int argc, char** argv) {
  const auto directory = std::filesystem::path(argc > 1 ? argv[1] : ".") / "storage-bench";
  const std::size_t publications = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 300'000;
  const std::size_t batch = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 100;
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  const auto store = SqliteStore::open(directory / "crier.db");
  const auto nodes = create_nodes(*store);

  const auto run = [&](std::size_t from, std::size_t to) {
    for (auto number = from; number < to;) {
      store->begin();
      for (std::size_t i = 0; i < batch; ++i, ++number)
        publish(*store, *nodes[number % node_count], number);
      store->commit();
    }
  };
  run(0, 20'000);
  const auto busy = processor_seconds();
  const auto start = std::chrono::steady_clock::now();
  run(20'000, 20'000 + publications);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  const auto count = static_cast<double>(publications);
  fmt::print(
      "{} publications of 500 bytes in batches of {}, {} nodes of {} items: {:.0f}/s, "
      "{:.2f} µs of a processor each\n",
      publications, batch, node_count, max_items, count / seconds.count(),
      (processor_seconds() - busy) / count * 1e6);
  std::filesystem::remove_all(directory);
}
