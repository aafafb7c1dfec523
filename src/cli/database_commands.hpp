#pragma once
/// The commands about the database file itself. They open it, whether a service runs on it or not;
/// those that write to it refuse while one does.

#include <memory>

#include "cli/command.hpp"

namespace crier::cli {

/// `crier backup FILE`
std::unique_ptr<Subcommand> backup();
/// `crier restore FILE`
std::unique_ptr<Subcommand> restore();
/// `crier verify`
std::unique_ptr<Subcommand> verify();
/// `crier export [FILE]`
std::unique_ptr<Subcommand> export_store();
/// `crier import FILE`
std::unique_ptr<Subcommand> import_store();

}  // namespace crier::cli
