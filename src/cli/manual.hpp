#pragma once
/// Manual pages, in the macros of man(7), made of the declarations.

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/declaration.hpp"

namespace crier::cli {

/// The page of one command, such as crier-node(1).
std::string manual_page(const DeclaredCommand& command);

/// A section of crier(1) that lists commands.
struct ManualSection {
  std::string title;
  /// The names without `crier`, and their summaries.
  std::vector<std::pair<std::string, std::string>> commands;
};

/// The page crier(1). `first_steps` are lines of a shell.
std::string main_manual_page(std::span<const ManualSection> sections, std::string_view first_steps);

}  // namespace crier::cli
