#pragma once
/// Requests that wait until rosters are known.

#include <cstddef>
#include <deque>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace crier {

/// A request that can not be answered before some rosters are known.
struct WaitingRequest {
  /// The whole stanza.
  std::string xml;
  /// Bare JIDs of the owners of those rosters.
  std::set<std::string, std::less<>> owners;
};

/// The requests that wait, bounded in number and bytes. Each waits for questions that the service
/// has asked, so that the deadlines of those are its own: when the last of them is answered, or
/// will not be, the request is handled again from its start. Nothing else waits for it: what the
/// same entity asks behind it, or others ask of the same node, is answered before.
class WaitingRequests {
 public:
  static constexpr std::size_t most = 1000;
  static constexpr std::size_t most_bytes = std::size_t{4} << 20;

  /// Whether there is room for one of that size beside `more` others that have `more_bytes`.
  bool has_room(std::size_t bytes, std::size_t more, std::size_t more_bytes) const;
  void add(WaitingRequest request);
  /// The roster of that owner is known, or will not be.
  void settle(std::string_view owner);
  bool has_ready() const { return !ready_.empty(); }
  /// The stanza of one that waits no more, in the order in which they became ready. There must be
  /// one.
  std::string take_ready();
  std::size_t size() const { return waiting_.size() + ready_.size(); }

 private:
  std::vector<WaitingRequest> waiting_;
  std::deque<std::string> ready_;
  std::size_t bytes_ = 0;
};

}  // namespace crier
