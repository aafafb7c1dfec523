#pragma once
/// Text without the difference between large and small letters.

#include <string>
#include <string_view>

namespace crier {

/// `text`, which must be UTF-8, with every letter in the form that stands for all of its cases:
/// "STRASSE" and "Straße" become "strasse". Of all scripts of Unicode 3.2; nothing is composed or
/// decomposed. Linear. RFC 3454 §B.3.
std::string fold_case(std::string_view text);

}  // namespace crier
