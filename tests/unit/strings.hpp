#pragma once
/// What tests call a list of texts.

#include <ostream>
#include <string>
#include <vector>

namespace crier::test {

/// Texts in order, which a check that fails prints.
struct Strings : std::vector<std::string> {
  using vector::vector;
};

inline std::ostream& operator<<(std::ostream& out, const Strings& texts) {
  for (const auto& text : texts) out << "\n    " << text;
  return out;
}

}  // namespace crier::test
