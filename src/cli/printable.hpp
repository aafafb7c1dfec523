#pragma once
/// Text from strangers, made fit for a terminal. What others named their nodes, or wrote into an
/// item, must neither move the cursor nor turn the line around.

#include <cstddef>
#include <string>
#include <string_view>

namespace crier::cli {

/// `text` on one line: control characters, characters that change the direction of writing, and
/// bytes that are not UTF-8 stand there as `\n`, `\t`, `\u202e` or `\xff`.
std::string printable(std::string_view text);

/// `xml` with the control characters that XML allows besides tab and line ends (U+007F to U+009F)
/// as references: the same XML to a parser, harmless to a terminal.
std::string printable_xml(std::string_view xml);

/// `json` with the same characters as escapes.
std::string printable_json(std::string_view json);

/// How many columns of a terminal `text` takes: two for a wide East Asian character, none for a
/// combining one.
std::size_t display_width(std::string_view text);

/// `text` if it fits into `columns`, else its beginning and `…`.
std::string fit(std::string_view text, std::size_t columns);

}  // namespace crier::cli
