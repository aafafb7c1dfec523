#pragma once
/// Erlang terms as `ejabberdctl dump` and ejabberd's SQL tables hold them.
///
/// Integers, floats, atoms, strings, characters, binaries (`<<"text">>`, `<<"text"/utf8>>`,
/// `<<1,2,3>>`), lists and tuples. A string and a binary are texts of the bytes that they stand
/// for.

#include "transfer/foreign/text_source.hpp"

#include <optional>
#include <string_view>

namespace crier::transfer {

/// The next term of a file of terms that end with a full stop; nothing at the file's end.
/// Throws Fault (EX_DATAERR) with file and line for what is none.
std::optional<Term> next_erlang_term(TextSource& source);

/// Whether the next term is a tuple whose first element is an atom that begins with `prefix`; all
/// other terms before it are passed over without being understood, such as those with functions
/// and process identifiers, which have no text to read. False at the end of the file.
bool find_erlang_record(TextSource& source, std::string_view prefix);

/// The term that `text`, found in `name`, is; without a full stop.
Term read_erlang(std::string name, std::string text);

/// The text that read_erlang reads as `term`.
std::string to_erlang(const Term& term);

}  // namespace crier::transfer
