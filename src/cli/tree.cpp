#include "cli/tree.hpp"

#include "cli/printable.hpp"

namespace crier::cli {

namespace {

/// What is left of a line for text, however deep it stands.
constexpr std::size_t min_width = 8;

void write_line(std::string& out, const std::string& before, const std::string& text,
                std::size_t columns) {
  const auto used = display_width(before);
  const auto left = columns > used + min_width ? columns - used : min_width;
  const auto shown = printable(text);
  out += before + (columns == 0 ? shown : fit(shown, left)) + '\n';
}

void write_children(std::string& out, const Tree& tree, const std::string& before,
                    std::size_t columns) {
  for (const auto& child : tree.children) {
    const bool last = &child == &tree.children.back();
    write_line(out, before + (last ? "└── " : "├── "), child.text, columns);
    write_children(out, child, before + (last ? "    " : "│   "), columns);
  }
}

}  // namespace

std::string to_text(const std::vector<Tree>& trees, std::size_t columns) {
  std::string out;
  for (const auto& tree : trees) {
    write_line(out, "", tree.text, columns);
    write_children(out, tree, "", columns);
  }
  return out;
}

}  // namespace crier::cli
