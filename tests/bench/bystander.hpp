#pragma once
/// Somebody who asks for something else while a scenario keeps the service busy.

#include "faults.hpp"
#include "node_group.hpp"
#include "percentiles.hpp"
#include "scanner.hpp"
#include "stint.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace crier::bench {

inline double milliseconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
      .count();
}

/// Asks one thing at a time, and measures how long the answers take.
class Bystander {
 public:
  /// `ask` sends the request of that id; `accept` says whether the result is right.
  using Ask = std::function<void(std::string_view id)>;
  using Accept = std::function<bool(const Stanza& result)>;
  Bystander(Stint& stint, std::string name, Ask ask, Accept accept);

  /// Asks, unless an answer is still to come.
  void go_on();
  /// False when it is not for him.
  bool take(const Stanza& stanza);
  bool waits() const { return waits_; }

  /// Of the answers that came while the stint counted.
  Percentiles times;
  Faults faults;

 private:
  Stint& stint_;
  std::string name_;
  Ask ask_;
  Accept accept_;
  bool waits_ = false;
  std::uint64_t asked_ = 0;
  std::string id_;
  std::chrono::steady_clock::time_point begin_;
};

/// One who publishes to the first of the nodes.
Bystander publisher_to(NodeGroup& nodes, Stint& stint);

}  // namespace crier::bench
