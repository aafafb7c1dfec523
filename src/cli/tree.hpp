#pragma once
/// Trees for people to read.

#include <cstddef>
#include <string>
#include <vector>

namespace crier::cli {

/// A line with what belongs to it.
struct Tree {
  /// As it came, not yet printable.
  std::string text;
  std::vector<Tree> children;
};

/// Each tree with its children below it, drawn with lines; no wider than `columns`, 0 for no limit.
std::string to_text(const std::vector<Tree>& trees, std::size_t columns = 0);

}  // namespace crier::cli
