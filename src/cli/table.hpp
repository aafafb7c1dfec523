#pragma once
/// Tables for people to read.

#include <cstddef>
#include <string>
#include <vector>

namespace crier::cli {

/// A row of names over rows of cells.
struct Table {
  std::vector<std::string> header;
  /// Each has as many cells as the header; texts as they came, not yet printable.
  std::vector<std::vector<std::string>> rows;
};

/// `table` as lines of aligned columns; the cells are made printable. Where a line would be longer
/// than `columns`, 0 for no limit, cells are cut with `…`: those of the last column first, then
/// those of the widest ones.
std::string to_text(const Table& table, std::size_t columns = 0);

}  // namespace crier::cli
