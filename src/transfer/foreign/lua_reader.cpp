#include "transfer/foreign/lua_reader.hpp"

#include <limits>

namespace crier::transfer {

namespace {

bool is_digit(int byte) {
  return byte >= '0' && byte <= '9';
}

bool is_name(int byte) {
  return byte == '_' || is_digit(byte) || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z');
}

class LuaReader {
 public:
  explicit LuaReader(TextSource& source) : source_(source), budget_(source) {}

  Term value() {
    const TermBudget::Level level(budget_);
    skip();
    const int first = source_.peek();
    if (first == '{') return table();
    if (first == '"' || first == '\'') return string();
    if (first == '-' || is_digit(first)) return number();
    if (first == '(') return infinity();
    return word(name());
  }

  /// White space and comments. Only comments to the end of a line are written by people.
  void skip() {
    source_.skip_space();
    while (source_.peek() == '-') {
      const auto place = source_.place();
      source_.get();
      if (source_.peek() != '-') return source_.go_to(place);
      while (source_.peek() != '\n' && source_.peek() != TextSource::end) source_.get();
      source_.skip_space();
    }
  }

 private:
  std::string name() {
    std::string text;
    while (is_name(source_.peek())) {
      if (text.size() > 64) source_.refuse("this is no value");
      text += static_cast<char>(source_.get());
    }
    return text;
  }

  Term word(const std::string& name) {
    Term term;
    if (name == "nil") return term;
    if (name != "true" && name != "false") source_.refuse("a value is missing");
    term.kind = Term::Kind::boolean;
    term.integer = name == "true";
    return term;
  }

  /// `(1/0)`, `(-1/0)` and `(0/0)`.
  Term infinity() {
    source_.expect("(");
    Term term{.kind = Term::Kind::real};
    term.real = std::numeric_limits<double>::infinity();
    if (source_.take('-'))
      term.real = -term.real;
    else if (source_.peek() == '0')
      term.real = std::numeric_limits<double>::quiet_NaN();
    source_.expect(source_.peek() == '0' ? "0/0)" : "1/0)");
    return term;
  }

  Term number() {
    std::string text;
    const auto belongs = [](int byte) {
      return is_digit(byte) || byte == '.' || byte == 'e' || byte == 'E' || byte == '+' ||
             byte == '-';
    };
    while (belongs(source_.peek()) && text.size() < 40) text += static_cast<char>(source_.get());
    auto term = number_term(text);
    if (!term) source_.refuse("this is no number");
    return *std::move(term);
  }

  Term string() {
    Term term{.kind = Term::Kind::text};
    const int quote = source_.get();
    while (source_.peek() != quote) {
      const int byte = source_.get();
      if (byte == TextSource::end || byte == '\n') source_.refuse("a string does not end");
      budget_.spend(1);
      if (byte == '\\')
        escape(term.text);
      else
        term.text += static_cast<char>(byte);
    }
    source_.get();
    return term;
  }

  void escape(std::string& out) {
    if (is_digit(source_.peek())) {
      int code = 0;
      for (int digits = 0; digits < 3 && is_digit(source_.peek()); ++digits)
        code = code * 10 + (source_.get() - '0');
      if (code > 255) source_.refuse("a string has an escape that is no byte");
      out += static_cast<char>(code);
      return;
    }
    static constexpr std::string_view letters = "abfnrtv\\\"'\n";
    static constexpr std::string_view meanings = "\a\b\f\n\r\t\v\\\"'\n";
    const int letter = source_.get();
    const auto at = letter == TextSource::end ? std::string_view::npos
                                              : letters.find(static_cast<char>(letter));
    if (at == std::string_view::npos) source_.refuse("a string has an unknown escape");
    out += meanings[at];
  }

  Term table() {
    Term term{.kind = Term::Kind::table};
    source_.expect("{");
    for (skip(); !source_.take('}'); skip()) {
      entry(term);
      skip();
      if (!source_.take(';') && !source_.take(',') && source_.peek() != '}')
        source_.refuse("a table's entry does not end");
    }
    return term;
  }

  void entry(Term& table) {
    std::string key;
    if (source_.take('[')) {
      key = key_of(value());
      skip();
      source_.expect("]");
    } else if (is_name(source_.peek()) && !is_digit(source_.peek())) {
      key = name();
      skip();
      if (source_.peek() != '=') return table.items.push_back(word(key));
    } else {
      return table.items.push_back(value());
    }
    skip();
    source_.expect("=");
    table.members.emplace_back(std::move(key), value());
  }

  std::string key_of(Term term) {
    if (term.is(Term::Kind::integer)) return std::to_string(term.integer);
    if (!term.is(Term::Kind::text)) source_.refuse("a key is neither a string nor a number");
    return std::move(term.text);
  }

  TextSource& source_;
  TermBudget budget_;
};

}  // namespace

std::optional<Term> next_lua_value(TextSource& source) {
  LuaReader reader(source);
  reader.skip();
  if (source.peek() == TextSource::end) return {};
  const bool is_item = source.peek() == 'i';
  source.expect(is_item ? "item" : "return");
  reader.skip();
  if (is_item) source.expect("(");
  auto term = reader.value();
  reader.skip();
  if (is_item) source.expect(")");
  source.take(';');
  return term;
}

}  // namespace crier::transfer
