#include "cli/table.hpp"

#include <algorithm>

#include "cli/printable.hpp"

namespace crier::cli {

namespace {

constexpr std::size_t gap = 2;
/// No column is made narrower than this.
constexpr std::size_t min_column = 8;

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

/// Makes columns narrower until a line fits into `columns`: the last one first, then whichever is
/// the widest; none becomes narrower than min_column.
void narrow(std::vector<std::size_t>& widths, std::size_t columns) {
  std::size_t line = gap * (widths.size() - 1);
  for (const auto width : widths) line += width;
  const auto cut = [&](std::size_t& width) {
    if (line <= columns || width <= min_column) return;
    const auto surplus = std::min(line - columns, width - min_column);
    width -= surplus;
    line -= surplus;
  };
  cut(widths.back());
  while (line > columns) {
    auto& widest = *std::ranges::max_element(widths);
    if (widest <= min_column) return;
    --widest;
    --line;
  }
}

}  // namespace

std::string to_text(const Table& table, std::size_t columns) {
  const auto rows = printable_rows(table);
  auto widths = column_widths(rows);
  if (columns > 0) narrow(widths, columns);
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t column = 0; column < row.size(); ++column) {
      const auto cell = fit(row[column], widths[column]);
      line += cell;
      line.append(widths[column] + gap - display_width(cell), ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
  return out;
}

}  // namespace crier::cli
