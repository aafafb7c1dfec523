#include "cli/printable.hpp"

#include <fmt/format.h>

#include <cwchar>
#include <cwctype>

#include <locale.h>
#include <clocale>

namespace crier::cli {

namespace {

/// The C library's tables of characters, whatever the locale of the user; C.UTF-8 is always there
/// (part of Debian's C library).
class Utf8 {
 public:
  Utf8() : locale_(newlocale(LC_CTYPE_MASK, "C.UTF-8", locale_t{})) {
    if (locale_) before_ = uselocale(locale_);
  }
  ~Utf8() {
    if (!locale_) return;
    uselocale(before_);
    freelocale(locale_);
  }
  Utf8(const Utf8&) = delete;
  Utf8& operator=(const Utf8&) = delete;

 private:
  locale_t locale_;
  locale_t before_{};
};

/// One character of a text and the bytes that it takes; `valid` is false for a byte that is not
/// UTF-8.
struct Character {
  wchar_t code = 0;
  std::string_view bytes;
  bool valid = false;
};

Character first_character(std::string_view text) {
  Character character;
  std::mbstate_t state{};
  const auto length = std::mbrtowc(&character.code, text.data(), text.size(), &state);
  character.valid = length <= text.size();
  // A NUL is one byte long, and mbrtowc says 0.
  character.bytes = text.substr(0, character.valid && length > 0 ? length : 1);
  return character;
}

template <class Visit>
void for_each_character(std::string_view text, Visit visit) {
  while (!text.empty()) {
    const auto character = first_character(text);
    if (!visit(character)) return;
    text.remove_prefix(character.bytes.size());
  }
}

bool turns_writing(wchar_t code) {
  return code == 0x061c || code == 0x200e || code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

void append_printable(std::string& out, const Character& character) {
  const auto code = static_cast<unsigned>(character.code);
  if (!character.valid)
    out += fmt::format("\\x{:02x}", static_cast<unsigned char>(character.bytes.front()));
  else if (character.code == L'\n')
    out += "\\n";
  else if (character.code == L'\t')
    out += "\\t";
  else if (turns_writing(character.code) || !std::iswprint(static_cast<std::wint_t>(code)))
    out += fmt::format("\\u{:04x}", code);
  else
    out += character.bytes;
}

std::size_t width_of(const Character& character) {
  const int width = character.valid ? wcwidth(character.code) : 1;
  return width > 0 ? static_cast<std::size_t>(width) : 0;
}

/// Replaces U+007F to U+009F by what `escape` makes of their numbers.
template <class Escape>
std::string replace_late_controls(std::string_view text, Escape escape) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const auto next = at + 1 < text.size() ? static_cast<unsigned char>(text[at + 1]) : 0u;
    if (byte == 0x7f) {
      out += escape(0x7fu);
    } else if (byte == 0xc2 && next >= 0x80 && next < 0xa0) {  // U+0080 to U+009F in UTF-8
      out += escape(next);
      ++at;
    } else {
      out += text[at];
    }
  }
  return out;
}

}  // namespace

std::string printable(std::string_view text) {
  const Utf8 utf8;
  std::string out;
  out.reserve(text.size());
  for_each_character(text, [&](const Character& character) {
    append_printable(out, character);
    return true;
  });
  return out;
}

std::string printable_xml(std::string_view xml) {
  return replace_late_controls(xml, [](unsigned code) { return fmt::format("&#x{:x};", code); });
}

std::string printable_json(std::string_view json) {
  return replace_late_controls(json, [](unsigned code) { return fmt::format("\\u{:04x}", code); });
}

std::size_t display_width(std::string_view text) {
  const Utf8 utf8;
  std::size_t width = 0;
  for_each_character(text, [&](const Character& character) {
    width += width_of(character);
    return true;
  });
  return width;
}

std::string fit(std::string_view text, std::size_t columns) {
  const Utf8 utf8;
  std::size_t width = 0;       // of what was visited
  std::size_t kept_bytes = 0;  // fit into one column less, which the ellipsis needs
  for_each_character(text, [&](const Character& character) {
    width += width_of(character);
    if (width < columns) kept_bytes += character.bytes.size();
    return width <= columns;
  });
  if (width <= columns) return std::string(text);
  return std::string(text.substr(0, kept_bytes)) + "…";
}

}  // namespace crier::cli
