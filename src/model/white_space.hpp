#pragma once
/// White space of XML.

#include <string>
#include <string_view>

namespace crier {

inline constexpr std::string_view white_space = " \t\r\n";

constexpr bool is_white_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// `text` without white space around it and with one space for every run of it inside. Linear.
/// XPath 1.0 §4.2, normalize-space.
std::string normalize_space(std::string_view text);

}  // namespace crier
