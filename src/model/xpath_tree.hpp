#pragma once
/// A payload as XPath sees it, and what it may cost to look at it.

#include <crier/element.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace crier::xpath {

/// The work that is left. Once there is too little for something, there is none for anything.
class Budget {
 public:
  explicit Budget(std::size_t work) : left_(work) {}

  /// Takes `work` off; false when there is not as much.
  bool spend(std::size_t work = 1) {
    exhausted_ = exhausted_ || work > left_;
    left_ = exhausted_ ? 0 : left_ - work;
    return !exhausted_;
  }
  /// Takes off what it costs to look at that much text.
  bool spend_on_text(std::size_t bytes) { return spend(1 + bytes / bytes_per_unit); }
  bool exhausted() const { return exhausted_; }

 private:
  static constexpr std::size_t bytes_per_unit = 16;

  std::size_t left_;
  bool exhausted_ = false;
};

/// A node; they compare in document order.
struct Node {
  /// The document, an element or a text, counted in document order.
  std::uint32_t place = 0;
  /// Counted from 1; 0 for the place itself.
  std::uint32_t attribute = 0;

  auto operator<=>(const Node&) const = default;
};

/// The nodes of one payload, numbered, with all that is below one behind it in one piece.
class Tree {
 public:
  static constexpr Node document{0};
  static constexpr Node root{1};

  /// Numbers what is in `payload`, which must outlive this, until `budget` is exhausted.
  /// Does not recurse.
  Tree(const Element& payload, Budget& budget);

  /// The element at that place; null for the document and for a text.
  const Element* element(std::uint32_t place) const { return places_[place].element; }
  bool is_text(std::uint32_t place) const { return place > 0 && !places_[place].element; }
  /// The place behind all that is below.
  std::uint32_t end(std::uint32_t place) const { return places_[place].end; }

  /// An attribute's value, or all the text of and below a place. Linear. XPath 1.0 §5.
  std::string string_value(Node node, Budget& budget) const;

 private:
  struct Place {
    const Element* element = nullptr;
    std::string_view text = {};
    std::uint32_t end = 0;
  };

  /// Numbers one more and gives its number.
  std::uint32_t add(const Element* element, std::string_view text);

  std::vector<Place> places_;
};

}  // namespace crier::xpath
