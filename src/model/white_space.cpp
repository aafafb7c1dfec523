#include "model/white_space.hpp"

#include <algorithm>

namespace crier {

std::string normalize_space(std::string_view text) {
  std::string normal;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(white_space), text.size()));
    if (text.empty()) return normal;
    const auto word = text.substr(0, text.find_first_of(white_space));
    if (!normal.empty()) normal += ' ';
    normal += word;
    text.remove_prefix(word.size());
  }
}

}  // namespace crier
