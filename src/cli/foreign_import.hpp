#pragma once
/// What `crier import` is told of other services' stores, and of the lines of JSON that it may make
/// of them.

#include "transfer/foreign/foreign_store.hpp"
#include "transfer/json_sink.hpp"

#include <functional>
#include <string>

#include "cli/client_command.hpp"

namespace crier::cli {

struct ForeignImport {
  /// The kind of the store; empty: the source is what an export has written.
  std::string from = {};
  std::string host = {};
  /// Where lines of JSON are written to, instead of the database.
  std::string json = {};
  /// A file that is there is replaced.
  bool force = false;
};

/// Declares `--from`, `--host`, `--to-json` and `--force`.
void declare_foreign(Arguments arguments, ForeignImport& options);

/// What the source is called where it is told of: without a password.
std::string shown_source(const std::string& source);

/// Gives all that the store `source` holds to `sink`; `progress` may be empty. Throws Fault.
void read_foreign(const ForeignImport& options, const std::string& source, transfer::Sink& sink,
                  const transfer::ReadProgress& progress);

/// Writes what `read` gives of `source` to the file of --to-json, and says what that was.
void convert(const LocalCall& call, const ForeignImport& options, const std::string& source,
             const std::function<void(transfer::Sink&)>& read);

}  // namespace crier::cli
