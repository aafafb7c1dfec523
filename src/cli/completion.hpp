#pragma once
/// Scripts that complete command lines, made of the declarations.

#include <span>
#include <string>

#include "cli/declaration.hpp"

namespace crier::cli {

/// For bash, to be sourced.
std::string bash_completion(std::span<const DeclaredCommand> commands);
/// For zsh, to stand in a directory of `fpath` as `_crier`.
std::string zsh_completion(std::span<const DeclaredCommand> commands);
/// For fish.
std::string fish_completion(std::span<const DeclaredCommand> commands);

}  // namespace crier::cli
