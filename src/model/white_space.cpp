#include "model/white_space.hpp"

namespace crier {

std::string normalize_space(std::string_view text) {
  std::string normal;
  normal.reserve(text.size());
  bool gap = false;
  for (const char c : text) {
    if (is_white_space(c)) {
      gap = true;
      continue;
    }
    if (gap && !normal.empty()) normal += ' ';
    gap = false;
    normal += c;
  }
  return normal;
}

}  // namespace crier
