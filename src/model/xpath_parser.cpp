#include "model/white_space.hpp"
#include "model/xpath_expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace crier::xpath {

namespace {

struct Function {
  std::string_view name;
  Operation operation;
  std::size_t arguments;
};

constexpr std::array functions{
    Function{"contains", Operation::contains, 2},
    Function{"count", Operation::count, 1},
    Function{"last", Operation::last, 0},
    Function{"normalize-space", Operation::normalize_space, 1},
    Function{"not", Operation::negation, 1},
    Function{"position", Operation::position, 0},
    Function{"starts-with", Operation::starts_with, 2},
    Function{"string-length", Operation::string_length, 1},
};

/// What begins like another stands behind it.
constexpr std::array<std::pair<std::string_view, Operation>, 6> comparisons{{
    {"!=", Operation::not_equal},
    {"<=", Operation::at_most},
    {">=", Operation::at_least},
    {"=", Operation::equal},
    {"<", Operation::less},
    {">", Operation::greater},
}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool begins_name(char c) {
  const bool is_ascii = static_cast<unsigned char>(c) < 0x80;
  return !is_ascii || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool continues_name(char c) {
  return begins_name(c) || is_digit(c) || c == '-' || c == '.';
}

Expression path_of(Path path) {
  return {.operation = Operation::path, .path = std::move(path)};
}

/// Recursive descent. The first failure is kept and ends the text, so everything comes to its end.
class Parser {
 public:
  Parser(std::string_view text, std::size_t max_nesting)
      : size_(text.size()), rest_(text), max_nesting_(max_nesting) {}

  std::variant<Expression, std::string> whole() {
    auto expression = any_of();
    if (!at_end()) fail("this is not expected here");
    if (!problem_.empty()) return problem_;
    return expression;
  }

 private:
  Expression any_of() {
    if (++nesting_ > max_nesting_) fail(fmt::format("this is nested over {} deep", max_nesting_));
    auto expression = joined("or", Operation::any_of, &Parser::all_of);
    --nesting_;
    return expression;
  }

  Expression all_of() { return joined("and", Operation::all_of, &Parser::comparison); }

  /// What `part` reads, once or several times with `word` between them.
  Expression joined(std::string_view word, Operation operation, Expression (Parser::*part)()) {
    auto first = (this->*part)();
    if (!accept_word(word)) return first;
    Expression all{.operation = operation};
    all.operands.push_back(std::move(first));
    do all.operands.push_back((this->*part)());
    while (accept_word(word));
    return all;
  }

  /// One at the most, as in XPath 2.0: a chain would compare the outcome of a comparison.
  Expression comparison() {
    auto left = operand();
    const auto operation = accept_comparison();
    if (!operation) return left;
    Expression comparison{.operation = *operation};
    comparison.operands.push_back(std::move(left));
    comparison.operands.push_back(operand());
    if (accept_comparison()) fail("a comparison has two sides, parentheses make one of several");
    return comparison;
  }

  Expression operand() {
    if (accept("(")) {
      auto inner = any_of();
      expect(")");
      return inner;
    }
    if (at_end()) return failed("something is missing");
    if (rest_.front() == '\'' || rest_.front() == '"') return literal();
    if (at_number()) return number();
    const auto name = name_ahead();
    if (!name.empty() && name != "text" && is_called(name)) return call(name);
    return path_of(path());
  }

  Expression literal() {
    const auto end = rest_.find(rest_.front(), 1);
    if (end == rest_.npos) return failed("this text has no end");
    Expression literal{.operation = Operation::literal,
                       .text = std::string(rest_.substr(1, end - 1))};
    rest_.remove_prefix(end + 1);
    return literal;
  }

  bool at_number() const {
    const auto digits = rest_.substr(rest_.front() == '-' ? 1 : 0);
    if (digits.empty()) return false;
    return is_digit(digits[0]) || (digits[0] == '.' && digits.size() > 1 && is_digit(digits[1]));
  }

  Expression number() {
    const auto end = std::min(rest_.find_first_not_of("0123456789.", 1), rest_.size());
    const double value = number_of(rest_.substr(0, end));
    if (std::isnan(value)) return failed("this is no number that can be compared");
    rest_.remove_prefix(end);
    return {.operation = Operation::number, .number = value};
  }

  Expression call(std::string_view name) {
    const auto* function = std::ranges::find(functions, name, &Function::name);
    if (function == functions.end()) return failed(fmt::format("there is no function {}", name));
    rest_.remove_prefix(name.size());
    expect("(");
    Expression call{.operation = function->operation};
    for (std::size_t i = 0; i < function->arguments; ++i) {
      if (i > 0) expect(",");
      call.operands.push_back(any_of());
    }
    expect(")");
    if (call.operation == Operation::count && call.operands[0].operation != Operation::path)
      return failed("only the nodes of a path can be counted");
    return call;
  }

  Path path() {
    Path path;
    path.absolute = at("/");
    if (accept("//")) {
      path.steps.push_back({.axis = Axis::descendant_or_self, .predicates = {}});
    } else if (accept("/") && !at_step()) {
      return path;
    }
    while (problem_.empty()) {
      path.steps.push_back(step());
      if (accept("//"))
        path.steps.push_back({.axis = Axis::descendant_or_self, .predicates = {}});
      else if (!accept("/"))
        break;
    }
    return path;
  }

  bool at_step() {
    if (at_end()) return false;
    return begins_name(rest_.front()) || std::string_view(".@*").find(rest_.front()) != rest_.npos;
  }

  Step step() {
    Step step;
    if (accept("..")) fail("there is no way up");
    if (accept(".")) return step;
    if (accept("@")) {
      step = {.axis = Axis::attribute, .test = name_test(), .predicates = {}};
    } else if (name_ahead() == "text" && is_called("text")) {
      rest_.remove_prefix(std::string_view("text").size());
      expect("(");
      expect(")");
      step.axis = Axis::text;
    } else {
      step = {.axis = Axis::child, .test = name_test(), .predicates = {}};
    }
    while (accept("[")) {
      step.predicates.push_back(any_of());
      expect("]");
    }
    return step;
  }

  NameTest name_test() {
    NameTest test;
    if (accept("Q{")) {
      const auto end = std::min(rest_.find('}'), rest_.size());
      test.ns = normalize_space(rest_.substr(0, end));
      rest_.remove_prefix(end);
      expect("}");
    }
    if (accept("*")) return test;
    test.name = name_ahead();
    if (test.name.empty()) fail("the name of an element or an attribute is missing");
    rest_.remove_prefix(test.name.size());
    if (at("::")) fail("axes have no names here, write a, @a or //a");
    if (at(":")) fail("there are no prefixes here, write Q{namespace}name");
    return test;
  }

  void skip_space() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(white_space), rest_.size()));
  }
  bool at(std::string_view token) {
    skip_space();
    return rest_.starts_with(token);
  }
  bool at_end() {
    skip_space();
    return rest_.empty();
  }
  /// The name that comes next, or nothing.
  std::string_view name_ahead() {
    if (at_end() || !begins_name(rest_.front())) return {};
    const auto end = std::ranges::find_if_not(rest_, continues_name);
    return rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
  }
  /// Whether `name`, which comes next, is followed by arguments.
  bool is_called(std::string_view name) const {
    const auto next = rest_.find_first_not_of(white_space, name.size());
    return next != rest_.npos && rest_[next] == '(';
  }
  bool accept(std::string_view token) {
    if (!at(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  bool accept_word(std::string_view word) { return name_ahead() == word && accept(word); }
  std::optional<Operation> accept_comparison() {
    for (const auto& [token, operation] : comparisons)
      if (accept(token)) return operation;
    return std::nullopt;
  }
  void expect(std::string_view token) {
    if (!accept(token)) fail(fmt::format("'{}' is expected", token));
  }

  void fail(std::string_view what) {
    if (problem_.empty())
      problem_ = fmt::format("XPath, byte {}: {}.", size_ - rest_.size() + 1, what);
    rest_ = {};
  }
  Expression failed(std::string_view what) {
    fail(what);
    return {};
  }

  std::size_t size_;
  std::string_view rest_;
  std::size_t max_nesting_;
  std::size_t nesting_ = 0;
  std::string problem_;
};

}  // namespace

std::variant<Expression, std::string> parse(std::string_view text, std::size_t max_nesting) {
  return Parser(text, max_nesting).whole();
}

double number_of(std::string_view text) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  text.remove_prefix(std::min(text.find_first_not_of(white_space), text.size()));
  text = text.substr(0, text.find_last_not_of(white_space) + 1);
  // from_chars reads "inf" and "nan" as well.
  if (text.empty() || text.find_first_not_of("0123456789.-") != text.npos) return none;
  double value = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value, std::chars_format::fixed);
  return read.ec == std::errc() && read.ptr == end ? value : none;
}

}  // namespace crier::xpath
