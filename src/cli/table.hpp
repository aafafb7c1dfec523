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

/// `table` as lines of aligned columns; the cells are made printable. The last column is cut, with
/// `…`, where a line would be longer than `columns`; 0 for no limit.
std::string to_text(const Table& table, std::size_t columns = 0);

}  // namespace crier::cli
