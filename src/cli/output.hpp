#pragma once
/// What commands print, and what they ask.

#include <string>
#include <string_view>

#include "cli/json.hpp"
#include "cli/table.hpp"

namespace crier::cli {

/// Whoever read the output has gone.
struct BrokenPipe {};

/// Prints `text` as it is.
void print(std::string_view text);
/// Brings out what was printed; who reads from a pipe may wait for it. Throws BrokenPipe when
/// nobody reads the pipe any more, and Fault (io_error) when the output can not be written.
void flush_output();
/// Prints one line of JSON.
void print_json(const Json& json);
/// Prints the table, no wider than the terminal.
void print_table(const Table& table);

/// The columns of the terminal that the output goes to; 0 when it goes elsewhere.
std::size_t terminal_columns();

enum class Colour { none, green, yellow, red };

/// `text` in that colour, where colours are wanted: on a terminal that has them (TERM is not
/// `dumb`), unless NO_COLOR is set.
std::string paint(std::string text, Colour colour);

/// Asks `question` on the terminal; returns when the answer is yes. Throws Fault (usage) when it
/// is not, or there is no terminal to ask.
void confirm(const std::string& question);

}  // namespace crier::cli
