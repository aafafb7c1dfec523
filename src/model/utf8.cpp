#include "model/utf8.hpp"

namespace crier {

void append_character(std::string& out, std::uint32_t character) {
  const auto append = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  const auto tail = [&](unsigned shift) { append(0x80U | ((character >> shift) & 0x3fU)); };
  if (character < 0x80) return append(character);
  if (character < 0x800) {
    append(0xc0U | character >> 6U);
  } else if (character < 0x10000) {
    append(0xe0U | character >> 12U);
    tail(6);
  } else {
    append(0xf0U | character >> 18U);
    tail(12);
    tail(6);
  }
  tail(0);
}

}  // namespace crier
