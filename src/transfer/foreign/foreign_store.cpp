#include "transfer/foreign/foreign_store.hpp"

#include <crier/fault.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sysexits.h>

#include <algorithm>

namespace crier::transfer {

namespace {

constexpr ForeignStore all[] = {
    {"prosody", "its data directory, its SQLite file, or postgresql://…", read_prosody},
    {"ejabberd", "a dump (ejabberdctl dump FILE), its SQLite file, or postgresql://…",
     read_ejabberd},
    {"libervia", "postgresql://…", read_libervia},
    {"openfire", "postgresql://…, or an SQLite file with its tables", read_openfire},
};

}  // namespace

std::span<const ForeignStore> foreign_stores() {
  return all;
}

std::string chosen_host(const std::string& source, const ForeignOptions& options,
                        std::span<const std::string> found) {
  const auto name = source_name(source);
  if (!options.host.empty()) {
    if (std::ranges::find(found, options.host) != found.end()) return options.host;
    throw Fault(EX_USAGE, fmt::format("{} holds no pubsub nodes of {}{}", name, options.host,
                                      found.empty() ? ""
                                                    : fmt::format("; it has those of {}",
                                                                  fmt::join(found, ", "))));
  }
  if (found.empty())
    throw Fault(EX_DATAERR, fmt::format("{} holds no pubsub service's nodes", name));
  if (found.size() > 1)
    throw Fault(EX_USAGE,
                fmt::format("{} holds several pubsub services: say which one with --host: {}", name,
                            fmt::join(found, ", ")));
  return found.front();
}

void need_table(SqlReader& reader, const std::string& source, std::string_view table,
                std::string_view kind) {
  if (!reader.has_table(table))
    throw Fault(EX_DATAERR, fmt::format("{} is no database of {}'s: it has no table {}",
                                        source_name(source), kind, table));
}

}  // namespace crier::transfer
