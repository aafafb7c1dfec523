#include <crier/audit.hpp>

namespace crier {

std::string audit_text(std::string_view text) {
  constexpr std::size_t most = 1024;
  if (text.size() <= most) return std::string(text);
  auto end = most;
  // Not amid a character of UTF-8.
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace crier
