#pragma once
/// Who is busiest: of many names those with most activity, in a table whose size is fixed.
///
/// Names are spread over sets of eight places. One that is met for the first time takes the place
/// of the least active one of its set and begins with that one's score, so that what is busy stays
/// (as in the space-saving sketch of Metwally et al.), at the cost of eight comparisons. Rates
/// fade: each second a tenth of them is gone.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace crier {

/// What was done for a name.
struct Activity {
  /// What the table is about: publications, or notifications that came back.
  double events = 0;
  /// Notifications that left, and their bytes.
  double messages = 0;
  double bytes = 0;
};

/// A table of at most 256 names; names are cut at 1,023 bytes.
class Busiest {
 public:
  struct Entry {
    std::string name;
    /// A second thing to know it by; may be empty.
    std::string detail;
    /// For each second, over about the last ten.
    Activity rate;
    /// Since the name is in the table.
    Activity total;
  };

  /// Takes note of what was done. O(1); allocates only for a name longer than any at its place.
  void add(std::string_view name, const Activity& activity, std::string_view detail = {});
  /// It is that second now, of a clock that never goes back; what is old fades.
  void advance(std::int64_t second) {
    if (second != second_) fade(second);
  }
  /// The `most` names with most activity, the most active first; those of which nothing was heard
  /// for long are left out.
  std::vector<Entry> top(std::size_t most) const;

 private:
  static constexpr std::size_t sets = 32;
  static constexpr std::size_t ways = 8;

  struct Place {
    std::uint64_t hash = 0;
    /// By which places are compared: messages and events, faded; and what was inherited.
    double score = 0;
    Activity faded;
    Activity total;
    std::string name;
    std::string detail;
  };

  Place& place_of(std::string_view name, std::string_view detail);
  void fade(std::int64_t second);

  std::array<Place, sets * ways> places_;
  std::int64_t second_ = 0;
};

}  // namespace crier
