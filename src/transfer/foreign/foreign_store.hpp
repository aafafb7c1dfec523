#pragma once
/// The services whose stores are read as they are: `crier import --from`.

#include "transfer/foreign/carrier.hpp"
#include "transfer/foreign/sql_reader.hpp"
#include "transfer/record.hpp"

#include <span>
#include <string>
#include <string_view>

namespace crier::transfer {

/// Which part of a store is asked for.
struct ForeignOptions {
  /// The domain of the pubsub service whose nodes are wanted; empty: the only one that there is.
  std::string host;
  /// Told now and then how much is read, of how much: bytes of files, items of tables, which are
  /// counted first. May be empty.
  ReadProgress progress = {};
};

/// One kind of store.
struct ForeignStore {
  /// What is said on the command line.
  std::string_view name;
  /// What its source is, in a few words.
  std::string_view what;
  /// Hands all that there is to `sink`, in the order of record.hpp. Needs little memory, whatever
  /// there is. Throws Fault when the store can not be read, is not what it should be, or when
  /// `options` do not say enough, and what is missing.
  void (*read)(const std::string& source, const ForeignOptions& options, Sink& sink);
};

std::span<const ForeignStore> foreign_stores();

void read_prosody(const std::string& source, const ForeignOptions& options, Sink& sink);
void read_ejabberd(const std::string& source, const ForeignOptions& options, Sink& sink);
void read_libervia(const std::string& source, const ForeignOptions& options, Sink& sink);
void read_openfire(const std::string& source, const ForeignOptions& options, Sink& sink);

/// The host to read: the one that is asked for, or the only one of `found`. Throws Fault (EX_USAGE)
/// that names the hosts when there is a choice, (EX_DATAERR) when there is none.
std::string chosen_host(const std::string& source, const ForeignOptions& options,
                        std::span<const std::string> found);

/// Throws Fault (EX_DATAERR) when a table is not there: `source` is another kind of database.
void need_table(SqlReader& reader, const std::string& source, std::string_view table,
                std::string_view kind);

}  // namespace crier::transfer
