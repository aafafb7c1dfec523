#pragma once
/// The options of `crier serve` as CLI11 knows them: the help, the manual page and what can stand
/// in a file are made of this one declaration.

#include <memory>

#include "app/options_check.hpp"

namespace CLI {
class App;
}

namespace crier {

/// Declares the options on `app`; what is given goes to `given`, which must live as long.
void declare_options(CLI::App& app, GivenOptions& given);

/// `crier serve` with its options, declared; what is given goes to `given`, which must live as
/// long.
std::unique_ptr<CLI::App> declare_options(GivenOptions& given);

}  // namespace crier
