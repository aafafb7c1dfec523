#pragma once
/// A dump of Mnesia, as ejabberd's own SQL tables.

#include "transfer/foreign/carrier.hpp"
#include "transfer/foreign/sqlite_reader.hpp"
#include "transfer/foreign/text_source.hpp"

#include <memory>

namespace crier::transfer {

/// The records of mod_pubsub in a dump (`ejabberdctl dump FILE`), in tables as ejabberd has them in
/// SQLite: a dump is in the order of hashes, and here everything is found by its node. All other
/// tables are passed over. `progress` is told how many bytes are read, of 0; it may be empty.
/// Throws Fault (EX_DATAERR) with file and line for what is no dump.
std::unique_ptr<SqlReader> read_ejabberd_dump(TextSource& source, const ReadProgress& progress);

}  // namespace crier::transfer
