#include "transfer/foreign/erlang_reader.hpp"

#include <charconv>

#include <fmt/format.h>

namespace crier::transfer {

namespace {

bool is_digit(int byte) {
  return byte >= '0' && byte <= '9';
}

bool is_atom_start(int byte) {
  return byte >= 'a' && byte <= 'z';
}

bool is_atom(int byte) {
  return is_atom_start(byte) || is_digit(byte) || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
         byte == '@';
}

/// White space and comments.
void skip(TextSource& source) {
  source.skip_space();
  while (source.peek() == '%') {
    while (source.peek() != '\n' && source.peek() != TextSource::end) source.get();
    source.skip_space();
  }
}

class ErlangReader {
 public:
  explicit ErlangReader(TextSource& source) : source_(source), budget_(source) {}

  Term value() {
    const TermBudget::Level level(budget_);
    skip(source_);
    const int first = source_.peek();
    if (first == '{') return sequence(Term::Kind::tuple, "{", '}');
    if (first == '[') return sequence(Term::Kind::list, "[", ']');
    if (first == '<') return binary();
    if (first == '"') return string();
    if (first == '\'') return Term{.kind = Term::Kind::atom, .text = joined(quoted('\''), true)};
    if (first == '$') return character();
    if (first == '-' || is_digit(first)) return number();
    if (is_atom_start(first)) return Term{.kind = Term::Kind::atom, .text = name()};
    source_.refuse("a term is missing");
  }

  /// The atom at the beginning of a tuple; empty when there is none.
  std::string record_name() {
    skip(source_);
    if (!source_.take('{')) return {};
    skip(source_);
    if (source_.peek() == '\'') return joined(quoted('\''), true);
    return name();
  }

  /// To behind the full stop, whatever is before it.
  void skip_rest() {
    for (int byte = source_.get(); byte != TextSource::end; byte = source_.get()) {
      if (byte == '"' || byte == '\'') {
        pass_quoted(byte);
      } else if (byte == '$') {
        if (source_.get() == '\\') source_.get();
      } else if (byte == '.' && !is_digit(source_.peek())) {
        return;
      }
    }
    source_.refuse("the file ends within a term");
  }

 private:
  std::string name() {
    std::string text;
    while (is_atom(source_.peek())) {
      budget_.spend(1);
      text += static_cast<char>(source_.get());
    }
    return text;
  }

  Term sequence(Term::Kind kind, std::string_view open, char close) {
    Term term{.kind = kind};
    source_.expect(open);
    skip(source_);
    if (source_.take(close)) return term;
    do {
      term.items.push_back(value());
      skip(source_);
    } while (source_.take(','));
    if (!source_.take(close)) source_.refuse(fmt::format("'{}' is missing", close));
    return term;
  }

  Term number() {
    std::string text;
    const auto belongs = [&](int byte) {
      return is_digit(byte) || byte == 'e' || byte == '#' || byte == '-' || byte == '+';
    };
    for (;;) {
      while (belongs(source_.peek()) && text.size() < 64) text += static_cast<char>(source_.get());
      // A full stop may follow a number.
      if (source_.peek() != '.') break;
      const auto place = source_.place();
      source_.get();
      if (!is_digit(source_.peek())) {
        source_.go_to(place);
        break;
      }
      text += '.';
    }
    auto term = number_term(text);
    if (!term) source_.refuse("this is no number");
    return *std::move(term);
  }

  Term character() {
    source_.expect("$");
    Term term{.kind = Term::Kind::integer};
    const int byte = source_.get();
    if (byte == TextSource::end) source_.refuse("a character is missing");
    term.integer = byte == '\\' ? escape() : byte;
    return term;
  }

  /// One string after the other is one string.
  Term string() {
    Term term{.kind = Term::Kind::text};
    while (source_.peek() == '"') {
      term.text += joined(quoted('"'), true);
      skip(source_);
    }
    return term;
  }

  Term binary() {
    source_.expect("<<");
    Term term{.kind = Term::Kind::text};
    skip(source_);
    if (source_.peek() != '>') {
      do {
        segment(term.text);
        skip(source_);
      } while (source_.take(','));
    }
    source_.expect(">>");
    return term;
  }

  void segment(std::string& out) {
    budget_.spend(1);
    skip(source_);
    if (source_.peek() == '"') {
      const auto characters = quoted('"');
      const bool is_utf8 = source_.peek() == '/';
      if (is_utf8) source_.expect("/utf8");
      out += joined(characters, is_utf8);
      return;
    }
    std::uint32_t byte = 0;
    if (!is_digit(source_.peek())) source_.refuse("a binary is neither of bytes nor of text");
    while (is_digit(source_.peek()) && byte < 256)
      byte = byte * 10 + static_cast<std::uint32_t>(source_.get() - '0');
    if (byte > 255) source_.refuse("a binary has a number that is no byte");
    out += static_cast<char>(byte);
  }

  /// The characters of a text in quotes. Bytes that are not escaped stand for themselves, beyond
  /// `raw`, so that they are told from characters that are to be encoded.
  static constexpr std::uint32_t raw = 0x80000000;
  std::u32string quoted(char quote) {
    std::u32string characters;
    source_.get();
    while (!source_.take(quote)) {
      const int byte = source_.get();
      if (byte == TextSource::end) source_.refuse("a text does not end");
      budget_.spend(sizeof(char32_t));
      characters += static_cast<char32_t>(byte == '\\' ? static_cast<std::uint32_t>(escape())
                                                       : raw | static_cast<unsigned>(byte));
    }
    return characters;
  }

  /// The bytes of those characters; escaped ones as UTF-8, or as a byte each.
  std::string joined(const std::u32string& characters, bool as_utf8) {
    std::string text;
    for (const std::uint32_t each : characters) {
      if ((each & raw) != 0 || (!as_utf8 && each < 256))
        text += static_cast<char>(each & 0xff);
      else if (!append_utf8(text, each))
        source_.refuse("a text has an escape that is no character");
    }
    return text;
  }

  std::int64_t escape() {
    const int letter = source_.get();
    if (letter >= '0' && letter <= '7') {
      int code = letter - '0';
      for (int digits = 1; digits < 3 && source_.peek() >= '0' && source_.peek() <= '7'; ++digits)
        code = code * 8 + (source_.get() - '0');
      return code;
    }
    if (letter == 'x') return hexadecimal();
    static constexpr std::string_view letters = "abdefnrstv";
    static constexpr std::string_view meanings = "\a\b\x7f\x1b\f\n\r \t\v";
    if (letter == TextSource::end) source_.refuse("a text does not end");
    const auto at = letters.find(static_cast<char>(letter));
    return at == std::string_view::npos ? letter : static_cast<unsigned char>(meanings[at]);
  }

  /// `\xHH` or `\x{H…}`.
  std::int64_t hexadecimal() {
    const bool braces = source_.take('{');
    std::string digits;
    const std::size_t most = braces ? 6 : 2;
    while (digits.size() < most && source_.peek() != '}' && source_.peek() != TextSource::end)
      digits += static_cast<char>(source_.get());
    if (braces) source_.expect("}");
    std::int64_t code = 0;
    const char* end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, code, 16);
    if (read.ec != std::errc() || read.ptr != end || code < 0)
      source_.refuse("a text has an unknown escape");
    return code;
  }

  void pass_quoted(int quote) {
    for (int byte = source_.get(); byte != quote; byte = source_.get()) {
      if (byte == '\\') byte = source_.get();
      if (byte == TextSource::end) source_.refuse("a text does not end");
    }
  }

  TextSource& source_;
  TermBudget budget_;
};

void append_erlang(std::string& out, const Term& term) {
  const auto sequence = [&](char open, char close) {
    out += open;
    for (const auto& each : term.items) {
      if (&each != &term.items.front()) out += ',';
      append_erlang(out, each);
    }
    out += close;
  };
  switch (term.kind) {
    case Term::Kind::integer: out += std::to_string(term.integer); break;
    case Term::Kind::real: out += fmt::format("{:e}", term.real); break;
    case Term::Kind::list: sequence('[', ']'); break;
    case Term::Kind::tuple: sequence('{', '}'); break;
    case Term::Kind::text: {
      out += "<<";
      for (const char& byte : term.text)
        out += fmt::format("{}{}", &byte == term.text.data() ? "" : ",",
                           static_cast<unsigned char>(byte));
      out += ">>";
      break;
    }
    default: {
      out += '\'';
      for (const char byte : term.text) {
        if (byte == '\'' || byte == '\\') out += '\\';
        out += byte;
      }
      out += '\'';
    }
  }
}

}  // namespace

std::optional<Term> next_erlang_term(TextSource& source) {
  skip(source);
  if (source.peek() == TextSource::end) return {};
  auto term = ErlangReader(source).value();
  skip(source);
  source.expect(".");
  return term;
}

bool find_erlang_record(TextSource& source, std::string_view prefix) {
  for (skip(source); source.peek() != TextSource::end; skip(source)) {
    const auto place = source.place();
    ErlangReader reader(source);
    const bool found = reader.record_name().starts_with(prefix);
    if (found) {
      source.go_to(place);
      return true;
    }
    reader.skip_rest();
  }
  return false;
}

Term read_erlang(std::string name, std::string text) {
  TextSource source(std::move(name), std::move(text));
  auto term = ErlangReader(source).value();
  skip(source);
  if (source.peek() != TextSource::end) source.refuse("there is more than one term");
  return term;
}

std::string to_erlang(const Term& term) {
  std::string text;
  append_erlang(text, term);
  return text;
}

}  // namespace crier::transfer
