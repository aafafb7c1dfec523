#include "model/xpath.hpp"

#include <fmt/format.h>

#include "model/utf8.hpp"
#include "model/white_space.hpp"
#include "model/xpath_tree.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>
#include <vector>

namespace crier {

namespace xpath {

namespace {

/// In document order, each once.
using NodeSet = std::vector<Node>;
using Value = std::variant<bool, double, std::string, NodeSet>;

/// What an expression is evaluated for: a node, and where among how many a predicate finds it.
struct Context {
  Node node;
  std::size_t position = 1;
  std::size_t size = 1;
};

/// A value to compare, as text and as number; a number has no text.
struct Comparable {
  std::string text;
  double number;
};

bool passes(const NameTest& test, std::string_view name, std::string_view ns) {
  return (test.name.empty() || test.name == name) && (!test.ns || *test.ns == ns);
}

template <class T>
bool compares(Operation operation, const T& left, const T& right) {
  switch (operation) {
    case Operation::equal: return left == right;
    case Operation::not_equal: return left != right;
    case Operation::less: return left < right;
    case Operation::at_most: return left <= right;
    case Operation::greater: return left > right;
    default: return left >= right;
  }
}

bool compares(Operation operation, bool as_numbers, const Comparable& left,
              const Comparable& right) {
  const bool is_order = operation != Operation::equal && operation != Operation::not_equal;
  if (is_order && !std::isnan(left.number) && !std::isnan(right.number)) as_numbers = true;
  return as_numbers ? compares(operation, left.number, right.number)
                    : compares(operation, left.text, right.text);
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return !continues_character(byte); }));
}

bool is_number(const Value& value) {
  return std::holds_alternative<double>(value);
}

bool to_boolean(const Value& value) {
  if (const auto* boolean = std::get_if<bool>(&value)) return *boolean;
  if (const auto* number = std::get_if<double>(&value)) return *number != 0 && !std::isnan(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return !text->empty();
  return !std::get<NodeSet>(value).empty();
}

/// One evaluation for one payload. Once the budget is exhausted, what comes out means nothing.
class Evaluation {
 public:
  explicit Evaluation(const Element& payload) : tree_(payload, budget_) {}

  bool holds(const Expression& expression) {
    const bool holds = to_boolean(value(expression, {Tree::root}));
    return holds && !budget_.exhausted();
  }

 private:
  Value value(const Expression& expression, const Context& context) {
    if (!budget_.spend()) return false;
    switch (expression.operation) {
      case Operation::literal: return expression.text;
      case Operation::number: return expression.number;
      case Operation::path: return nodes(expression.path, context);
      case Operation::position: return static_cast<double>(context.position);
      case Operation::last: return static_cast<double>(context.size);
      case Operation::any_of:
        return std::ranges::any_of(expression.operands, [&](const Expression& operand) {
          return to_boolean(value(operand, context));
        });
      case Operation::all_of:
        return std::ranges::all_of(expression.operands, [&](const Expression& operand) {
          return to_boolean(value(operand, context));
        });
      default: break;
    }
    const auto& operands = expression.operands;
    auto first = value(operands[0], context);
    if (operands.size() == 1) return applied(expression.operation, first);
    return applied(expression.operation, first, value(operands[1], context));
  }

  Value applied(Operation function, const Value& argument) {
    switch (function) {
      case Operation::negation: return !to_boolean(argument);
      case Operation::count: return count(argument);
      case Operation::string_length: return static_cast<double>(count_characters(text(argument)));
      default: return normalize_space(text(argument));
    }
  }

  Value applied(Operation operation, const Value& left, const Value& right) {
    switch (operation) {
      case Operation::contains: return contains(text(left), text(right));
      case Operation::starts_with: return text(left).starts_with(text(right));
      default: return compare(operation, left, right);
    }
  }

  /// What is counted is a set, unless the budget was exhausted.
  static double count(const Value& value) {
    const auto* set = std::get_if<NodeSet>(&value);
    return set ? static_cast<double>(set->size()) : 0;
  }

  /// By memmem, which unlike find() does not cost the product of both sizes.
  bool contains(const std::string& text, const std::string& part) {
    return budget_.spend_on_text(text.size()) &&
           memmem(text.data(), text.size(), part.data(), part.size()) != nullptr;
  }

  /// Holds when it does for one of the left and one of the right. XPath 1.0 §3.4.
  bool compare(Operation operation, const Value& left, const Value& right) {
    if (std::holds_alternative<bool>(left) || std::holds_alternative<bool>(right))
      return compares(operation, to_boolean(left), to_boolean(right));
    const bool as_numbers = is_number(left) || is_number(right);
    const auto others = comparables(right);
    for (const auto& one : comparables(left))
      for (const auto& other : others) {
        if (!budget_.spend_on_text(std::min(one.text.size(), other.text.size()))) return false;
        if (compares(operation, as_numbers, one, other)) return true;
      }
    return false;
  }

  std::vector<Comparable> comparables(const Value& value) {
    if (is_number(value)) return {{"", std::get<double>(value)}};
    const auto* set = std::get_if<NodeSet>(&value);
    if (!set) return {comparable(text(value))};
    std::vector<Comparable> all;
    for (const auto& node : *set) {
      all.push_back(comparable(tree_.string_value(node, budget_)));
      if (budget_.exhausted()) break;
    }
    return all;
  }

  Comparable comparable(std::string text) {
    const double number = number_of(text);
    return {std::move(text), number};
  }

  /// XPath 1.0 §4.2, string: of the first node, in document order.
  std::string text(const Value& value) {
    if (const auto* boolean = std::get_if<bool>(&value)) return *boolean ? "true" : "false";
    if (const auto* number = std::get_if<double>(&value)) return fmt::format("{}", *number);
    if (const auto* text = std::get_if<std::string>(&value))
      return budget_.spend_on_text(text->size()) ? *text : "";
    const auto& set = std::get<NodeSet>(value);
    return set.empty() ? "" : tree_.string_value(set.front(), budget_);
  }

  NodeSet nodes(const Path& path, const Context& context) {
    NodeSet set{path.absolute ? Tree::document : context.node};
    for (const auto& step : path.steps) set = behind(step, set);
    return set;
  }

  /// What `step` finds from each of `from`. Only nodes below each other are found out of order, and
  /// none is found twice.
  NodeSet behind(const Step& step, const NodeSet& from) {
    if (step.axis == Axis::descendant_or_self) return all_below(from);
    NodeSet all;
    for (const auto& node : from) {
      const auto found = selected(step.predicates, found_from(step, node));
      all.insert(all.end(), found.begin(), found.end());
      if (budget_.exhausted()) break;
    }
    if (!std::ranges::is_sorted(all)) std::ranges::sort(all);
    return all;
  }

  NodeSet all_below(const NodeSet& from) {
    NodeSet all;
    std::uint32_t end = 0;
    for (const auto& node : from) {
      if (node.attribute > 0) all.push_back(node);
      if (node.attribute > 0 || node.place < end) continue;
      end = tree_.end(node.place);
      if (!budget_.spend(end - node.place)) break;
      for (auto place = node.place; place < end; ++place) all.push_back({place});
    }
    return all;
  }

  NodeSet found_from(const Step& step, Node node) {
    if (step.axis == Axis::self) return {node};
    if (node.attribute > 0) return {};
    if (step.axis == Axis::attribute) return attributes(step.test, node.place);
    NodeSet found;
    const auto end = tree_.end(node.place);
    for (auto place = node.place + 1; place < end; place = tree_.end(place)) {
      if (!budget_.spend()) break;
      const Element* element = tree_.element(place);
      const bool is_found = step.axis == Axis::text
                                ? tree_.is_text(place)
                                : element && passes(step.test, element->name, element->ns);
      if (is_found) found.push_back({place});
    }
    return found;
  }

  NodeSet attributes(const NameTest& test, std::uint32_t place) {
    const Element* element = tree_.element(place);
    if (!element || !budget_.spend(element->attributes.size())) return {};
    NodeSet found;
    for (std::uint32_t i = 0; i < element->attributes.size(); ++i) {
      const auto& attribute = element->attributes[i];
      if (passes(test, attribute.name, attribute.ns)) found.push_back({place, i + 1});
    }
    return found;
  }

  /// What of `nodes` all predicates, one after the other, select. XPath 1.0 §2.4.
  NodeSet selected(const std::vector<Expression>& predicates, NodeSet nodes) {
    for (const auto& predicate : predicates) {
      NodeSet kept;
      for (std::size_t i = 0; i < nodes.size() && !budget_.exhausted(); ++i) {
        const Context context{nodes[i], i + 1, nodes.size()};
        const auto outcome = value(predicate, context);
        const auto* position = std::get_if<double>(&outcome);
        if (position ? *position == static_cast<double>(i + 1) : to_boolean(outcome))
          kept.push_back(nodes[i]);
      }
      nodes = std::move(kept);
    }
    return nodes;
  }

  Budget budget_{XPath::max_work};
  Tree tree_;
};

}  // namespace

}  // namespace xpath

std::variant<XPath, std::string> XPath::parse(std::string_view text) {
  if (text.size() > max_bytes)
    return fmt::format("An XPath expression has at most {} bytes.", max_bytes);
  auto parsed = xpath::parse(text, max_nesting);
  if (auto* expression = std::get_if<xpath::Expression>(&parsed))
    return XPath(std::move(*expression));
  return std::get<std::string>(std::move(parsed));
}

bool XPath::matches(const Element& payload) const {
  return xpath::Evaluation(payload).holds(expression_);
}

}  // namespace crier
