#pragma once
/// Lua literals as Prosody's serialiser writes them, read without executing anything.
///
/// A file is `return VALUE;` or `item(VALUE);` any number of times. Values are nil, booleans,
/// numbers, strings in quotes with the escapes of Lua 5.1, and tables of `VALUE`, `["name"] =
/// VALUE`, `name = VALUE` and `[number] = VALUE`. Anything else is refused.

#include "transfer/foreign/text_source.hpp"

#include <optional>

namespace crier::transfer {

/// The next value of the file; nothing at its end. Numbers as keys of a table become names.
/// Throws Fault (EX_DATAERR) with file and line for what is no such file.
std::optional<Term> next_lua_value(TextSource& source);

}  // namespace crier::transfer
