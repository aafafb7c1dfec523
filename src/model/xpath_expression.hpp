#pragma once
/// What an expression of the subset of XPath in xpath.hpp says, as a tree.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace crier::xpath {

struct Expression;

struct NameTest {
  /// Nothing: in any namespace.
  std::optional<std::string> ns = std::nullopt;
  /// Empty: any.
  std::string name = {};
};

enum class Axis { self, child, descendant_or_self, attribute, text };

struct Step {
  Axis axis = Axis::self;
  /// Of a child or an attribute.
  NameTest test = {};
  std::vector<Expression> predicates;
};

struct Path {
  /// From the document that the payload is the root of.
  bool absolute = false;
  std::vector<Step> steps = {};
};

enum class Operation {
  literal,
  number,
  path,
  any_of,
  all_of,
  equal,
  not_equal,
  less,
  at_most,
  greater,
  at_least,
  negation,
  contains,
  starts_with,
  string_length,
  normalize_space,
  count,
  position,
  last,
};

struct Expression {
  Operation operation = Operation::path;
  std::vector<Expression> operands = {};
  /// Of a literal.
  std::string text = {};
  double number = 0;
  Path path = {};
};

/// Reads an expression that is nested at most `max_nesting` deep, or says in a sentence for people
/// what is wrong with it.
std::variant<Expression, std::string> parse(std::string_view text, std::size_t max_nesting);

/// The number that `text` spells, with white space around it; NaN when it spells none.
/// XPath 1.0 §4.4.
double number_of(std::string_view text);

}  // namespace crier::xpath
