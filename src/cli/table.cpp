#include "cli/table.hpp"

#include <algorithm>

#include "cli/printable.hpp"

namespace crier::cli {

namespace {

constexpr std::size_t gap = 2;
/// The last column is never made narrower than this.
constexpr std::size_t min_last_column = 8;

std::vector<std::vector<std::string>> printable_rows(const Table& table) {
  std::vector<std::vector<std::string>> rows{table.header};
  for (const auto& row : table.rows) {
    rows.emplace_back();
    for (const auto& cell : row) rows.back().push_back(printable(cell));
  }
  return rows;
}

std::vector<std::size_t> column_widths(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const auto& row : rows)
    for (std::size_t column = 0; column < row.size(); ++column)
      widths[column] = std::max(widths[column], display_width(row[column]));
  return widths;
}

/// How wide the last column may be on a terminal of `columns`.
std::size_t last_width(const std::vector<std::size_t>& widths, std::size_t columns) {
  std::size_t before = 0;
  for (std::size_t column = 0; column + 1 < widths.size(); ++column) before += widths[column] + gap;
  return columns > before + min_last_column ? columns - before : min_last_column;
}

}  // namespace

std::string to_text(const Table& table, std::size_t columns) {
  const auto rows = printable_rows(table);
  const auto widths = column_widths(rows);
  const auto last = last_width(widths, columns);
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t column = 0; column + 1 < row.size(); ++column) {
      line += row[column];
      line.append(widths[column] + gap - display_width(row[column]), ' ');
    }
    line += columns == 0 ? row.back() : fit(row.back(), last);
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
  return out;
}

}  // namespace crier::cli
