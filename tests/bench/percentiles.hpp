#pragma once
/// Times, and how they are spread.

#include <algorithm>
#include <cstddef>
#include <vector>

namespace crier::bench {

/// Milliseconds of many operations.
class Percentiles {
 public:
  void add(double milliseconds) { values_.push_back(static_cast<float>(milliseconds)); }

  /// The value that `percent` of all are not above; 0 when there are none. O(number of values).
  double at(double percent) {
    if (values_.empty()) return 0;
    const auto place = percent / 100 * static_cast<double>(values_.size() - 1) + 0.5;
    const auto nth = values_.begin() + static_cast<std::ptrdiff_t>(place);
    std::nth_element(values_.begin(), nth, values_.end());
    return static_cast<double>(*nth);
  }

 private:
  std::vector<float> values_;
};

}  // namespace crier::bench
