#include "transfer/foreign/json_term.hpp"

#include <charconv>

namespace crier::transfer {

namespace {

class JsonTermReader {
 public:
  explicit JsonTermReader(TextSource& source) : source_(source), budget_(source) {}

  Term value() {
    const TermBudget::Level level(budget_);
    source_.skip_space();
    switch (source_.peek()) {
      case '{': return object();
      case '[': return array();
      case '"': return Term{.kind = Term::Kind::text, .text = string()};
      case 't': return word("true", Term{.kind = Term::Kind::boolean, .integer = 1});
      case 'f': return word("false", Term{.kind = Term::Kind::boolean});
      case 'n': return word("null", Term());
      default: return number();
    }
  }

 private:
  Term word(std::string_view text, Term term) {
    source_.expect(text);
    return term;
  }

  Term object() {
    Term term{.kind = Term::Kind::table};
    source_.expect("{");
    source_.skip_space();
    if (source_.take('}')) return term;
    do {
      source_.skip_space();
      if (source_.peek() != '"') source_.refuse("a member's name is missing");
      auto name = string();
      source_.skip_space();
      source_.expect(":");
      term.members.emplace_back(std::move(name), value());
      source_.skip_space();
    } while (source_.take(','));
    source_.expect("}");
    return term;
  }

  Term array() {
    Term term{.kind = Term::Kind::list};
    source_.expect("[");
    source_.skip_space();
    if (source_.take(']')) return term;
    do {
      term.items.push_back(value());
      source_.skip_space();
    } while (source_.take(','));
    source_.expect("]");
    return term;
  }

  Term number() {
    std::string text;
    while (std::string_view("+-.0123456789eE").find(static_cast<char>(source_.peek())) !=
               std::string_view::npos &&
           text.size() < 40)
      text += static_cast<char>(source_.get());
    auto term = number_term(text);
    if (!term) source_.refuse("this is no JSON");
    return *std::move(term);
  }

  std::string string() {
    std::string text;
    source_.expect("\"");
    while (!source_.take('"')) {
      const int byte = source_.get();
      if (byte == TextSource::end || (byte >= 0 && byte < 0x20))
        source_.refuse("a string does not end");
      budget_.spend(1);
      if (byte == '\\')
        escape(text);
      else
        text += static_cast<char>(byte);
    }
    return text;
  }

  void escape(std::string& out) {
    static constexpr std::string_view letters = "\"\\/bfnrt";
    static constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    const int letter = source_.get();
    if (letter == 'u') return character(out);
    const auto at = letter == TextSource::end ? std::string_view::npos
                                              : letters.find(static_cast<char>(letter));
    if (at == std::string_view::npos) source_.refuse("a string has an unknown escape");
    out += meanings[at];
  }

  void character(std::string& out) {
    auto code = hexadecimal();
    if (code >= 0xd800 && code < 0xdc00) {
      source_.expect("\\u");
      const auto low = hexadecimal();
      if (low < 0xdc00 || low > 0xdfff) source_.refuse("a string has half a character");
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    if (!append_utf8(out, code)) source_.refuse("a string has half a character");
  }

  std::uint32_t hexadecimal() {
    std::string digits;
    while (digits.size() < 4 && source_.peek() != TextSource::end)
      digits += static_cast<char>(source_.get());
    std::uint32_t code = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (digits.size() < 4 || read.ptr != digits.data() + 4)
      source_.refuse("a string has an unknown escape");
    return code;
  }

  TextSource& source_;
  TermBudget budget_;
};

}  // namespace

Term read_json_term(TextSource& source) {
  JsonTermReader reader(source);
  auto term = reader.value();
  source.skip_space();
  if (source.peek() != TextSource::end) source.refuse("there is more than one value");
  return term;
}

}  // namespace crier::transfer
