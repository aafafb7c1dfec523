#pragma once
/// The program as a whole: `crier --help`, and which word is which command.

#include <string>
#include <string_view>

namespace crier::cli {

/// Lines of a shell for who sees crier for the first time.
extern const std::string_view first_steps;

/// `crier --help`.
std::string overview();

/// Runs what the command line says. Faults pass.
int run_program(int argc, char** argv);

}  // namespace crier::cli
