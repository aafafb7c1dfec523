#pragma once
/// JSON (RFC 8259) as other services have stored it.

#include "transfer/foreign/text_source.hpp"

namespace crier::transfer {

/// The one value that `source` holds. An object is a table, an array a list, null nothing.
/// Throws Fault (EX_DATAERR) with name and line for what is no JSON.
Term read_json_term(TextSource& source);

}  // namespace crier::transfer
