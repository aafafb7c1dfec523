#pragma once
/// Which items of a node a request gets, and how they are written: a page of the list in the order
/// of publication, oldest first. XEP-0060 §6.5.4, §6.5.7, §12.1; XEP-0059.
///
/// A paging id is the sequence number of an item. It stays valid when the item is published again
/// or deleted, because it names a place in the order of publication and not the item.

#include <crier/store.hpp>
#include <crier/turn.hpp>

#include "base/result_set.hpp"

#include <functional>
#include <optional>
#include <string>

namespace crier {

class ItemPage {
 public:
  using Write = std::function<void(XmlWriter&, const StoredItem&)>;

  /// The page that the `<set/>` in `parent` asks for, or the newest `max_items`, or everything.
  /// Never more than the policy's page.
  /// Refuses with item-not-found a paging id that was never given out, with feature-not-implemented
  /// a page by index that is far from both ends, and as PageRequest does.
  static Result<ItemPage> parse(const Element& parent, std::optional<std::uint64_t> max_items,
                                const Node& node, const Policy& policy);

  /// Appends the page's items to `out`, each as `write` puts it. O(page).
  void write_items(std::string& out, Turn& turn, const Node& node, const Write& write);

  /// Writes the `<set/>`, if a page was asked for, or not everything that was asked for fitted in.
  /// After write_items.
  void write_set(XmlWriter& out, const Node& node) const;

 private:
  /// The page begins behind so many of `count` items.
  Result<void> start_at(std::uint64_t index, std::uint64_t count);

  ItemRange range_;
  std::uint64_t index_ = 0;
  /// The request had a `<set/>`.
  bool paged_ = false;
  std::uint64_t asked_ = 0;
  std::size_t max_bytes_ = 0;
  // What write_items found.
  std::uint64_t written_ = 0;
  Seq oldest_{};
  Seq newest_{};
};

}  // namespace crier
