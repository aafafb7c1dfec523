#pragma once
/// Records of a store that nobody has thought of.

#include "transfer/record.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace crier::transfer::test {

class RandomStore {
 public:
  explicit RandomStore(unsigned seed) : random_(seed) {}

  /// Those of a whole store, in an order in which they can be imported.
  std::vector<Record> records();

 private:
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }
  Time time();
  std::string jid(unsigned number);
  std::string text();
  void node(std::vector<Record>& records, unsigned number, bool collection);
  void subscription(std::vector<Record>& records, const NodeRecord& node);
  void item(std::vector<Record>& records, const NodeRecord& node, unsigned number);

  std::mt19937_64 random_;
  std::int64_t subid_ = 0;
};

}  // namespace crier::transfer::test
