// As system.hpp, with the parser of command lines.
#include <CLI/CLI.hpp>

#include "system.hpp"
