#pragma once
/// Many nodes alike, each with a publisher and subscribers of its own, and the account of what
/// these hear.

#include "faults.hpp"
#include "ledger.hpp"
#include "preparation.hpp"
#include "requests.hpp"
#include "scenario.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crier::bench {

/// A node's items are numbered from 0 in the order of publication. Only the node's publisher
/// publishes to it, so that this is the order in which everything must come.
class NodeGroup {
 public:
  struct Shape {
    std::size_t nodes;
    std::uint64_t subscribers_each = 0;
    /// That a node keeps.
    std::uint64_t max_items = 100;
    /// That a node holds before anybody subscribes to it: the items from 0 on.
    std::uint64_t items = 0;
  };
  /// A notification that came for one of these nodes.
  struct Notification {
    std::size_t node;
    std::uint64_t item;
  };

  /// Creates the nodes, whose names begin with `name`, fills them and subscribes to them. Throws
  /// std::runtime_error.
  NodeGroup(Stage& stage, std::string_view name, const Shape& shape);

  std::size_t size() const { return nodes_.size(); }
  const OwnedNode& node(std::size_t index) const { return nodes_[index]; }

  /// Asks for the next item of the node to be published, and tells which that is.
  std::uint64_t publish(std::size_t node, std::string_view id);
  /// Books that a publish to the node was answered: they are answered in order. False when this is
  /// not the answer to the publish of `item`.
  bool acknowledge(std::size_t node, std::uint64_t item, const Stanza& result);
  /// How many items of the node are stored, for all that is known.
  std::uint64_t acknowledged(std::size_t node) const { return acknowledged_[node]; }

  /// What may be there when `acknowledged` items of the node were stored at the time of asking.
  Published published(std::size_t node, std::uint64_t acknowledged) const {
    return {.acknowledged = acknowledged, .asked = published_[node]};
  }

  /// What a message tells; nothing when it tells nothing of these nodes.
  std::optional<Notification> read(const Stanza& message);
  /// Books a message to one of the subscribers; one that is no notification is an error.
  void take(const Stanza& message);
  /// How many notifications came to subscribers.
  std::uint64_t notified() const { return notified_; }

  /// Waits for notifications, as long as any comes within ten seconds, and a moment for what must
  /// not come; then deletes the nodes. The account; publishes that were not acknowledged are not in
  /// it. Messages go to `hear`, if it is given, which takes those of the subscribers.
  Faults close(const std::function<void(const Stanza& message)>& hear = {});

 private:
  std::optional<Notification> notification_in(std::string_view content) const;
  void subscribe();
  /// How many notifications should come.
  std::uint64_t due() const;

  Stage& stage_;
  std::string prefix_;
  Users subscribers_;
  Shape shape_;
  std::vector<OwnedNode> nodes_;
  std::vector<Ledger> ledgers_;
  std::vector<std::uint64_t> published_;
  std::vector<std::uint64_t> acknowledged_;
  std::uint64_t notified_ = 0;
  /// Of the content of the last message.
  std::optional<Notification> last_;
  Faults faults_;
};

}  // namespace crier::bench
