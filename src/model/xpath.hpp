#pragma once
/// A subset of XPath 1.0, for filters on the content of payloads. XEP-0060 §12.20.
///
///     /entry/title                      the payload is an entry that has a title
///     //Q{urn:example:shop}price        an element of that namespace, as XPath 3.0 spells it
///     contains(//title, 'x') and //price < 10
///     /entry[@lang = "en"][not(draft)]/link[last()]
///
/// - Paths: `/`, `//`, names, `*`, `@name`, `.`, `text()`. The first step of an absolute path is
///   the payload's element; a relative one at the top starts inside of it. A name without `Q{…}` is
///   the local name, in any namespace: there are no prefixes.
/// - Predicates: any expression; a number is a position among what the step finds below one node.
/// - Operators: `or`, `and`, `=`, `!=`, `<`, `<=`, `>`, `>=`, parentheses. A comparison of nodes
///   holds when it does for one of them. Where no side is a number, `<` and its kind compare as
///   numbers what reads as numbers on both sides, and other texts by their bytes, which puts dates
///   into their order. A boolean is compared with the other side taken as a boolean.
/// - Functions: not, contains, starts-with, string-length, normalize-space, count, position, last.
///   Where they want a text, nodes give that of the first in document order:
///   `contains(//p, 'x')` looks at the first p, `//p[contains(., 'x')]` at all.
/// - Literals in either quotes, numbers with a `-` if need be.

#include <crier/element.hpp>

#include "model/xpath_expression.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace crier {

class XPath {
 public:
  static constexpr std::size_t max_bytes = 1024;
  /// Of parentheses, arguments and predicates inside of each other.
  static constexpr std::size_t max_nesting = 32;
  /// What one evaluation may cost: a unit for each node looked at and for each 16 bytes of text.
  /// All of it is some milliseconds.
  static constexpr std::size_t max_work = 200'000;

  /// The expression that `text` spells, or a sentence for people that says what is wrong with it.
  static std::variant<XPath, std::string> parse(std::string_view text);

  /// Whether the expression, taken as a boolean, holds for `payload`; what it is part of is not
  /// seen. False when to find out costs more than max_work. Recurses only as the expression does.
  bool matches(const Element& payload) const;

 private:
  explicit XPath(xpath::Expression expression) : expression_(std::move(expression)) {}

  xpath::Expression expression_;
};

}  // namespace crier
