#pragma once
/// Characters of UTF-8. RFC 3629 §3.

#include <cstdint>
#include <string>

namespace crier {

/// Whether `byte` is not the first of its character.
inline bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U;
}

/// Appends the bytes of `character`, which is below U+110000.
void append_character(std::string& out, std::uint32_t character);

}  // namespace crier
