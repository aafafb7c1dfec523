#pragma once
/// What a service tells its subscribers. XEP-0060 §7.1.2, §7.2.2, §8.2.5.3, §8.4.2, §8.5.2, §8.8.4;
/// XEP-0248 §5.3.

#include <crier/element.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "cli/json.hpp"
#include "cli/responses.hpp"

namespace crier::cli {

/// One thing that happened to a node.
struct Event {
  /// `published`, `retracted`, `purged`, `created`, `deleted`, `configured`, `subscription`,
  /// `associated` or `dissociated`.
  std::string_view kind;
  std::string node;
  /// Of `published` and `retracted`.
  Item item = {};
  /// Of `subscription`.
  Subscription subscription = {};
  /// Of `deleted`: where the node went; of `associated` and `dissociated`: the other node.
  std::string target = {};
  /// The collection through which the event came; empty for none. XEP-0248
  std::string collection = {};
  /// When it happened, if that was earlier (XEP-0203); else empty.
  std::string stamp = {};
};

/// The events of `message`, in their order; none when it is not a notification.
std::vector<Event> read_events(const Element& message);

/// A line that says what happened and, below it, the payload exactly; with a line end.
std::string to_text(const Event& event);

/// One object, its members as they are documented in `crier watch --help`.
Json to_json(const Event& event);

}  // namespace crier::cli
