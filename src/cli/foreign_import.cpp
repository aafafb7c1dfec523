/// `crier import --from` and `--to-json`.

#include "cli/foreign_import.hpp"

#include <crier/fault.hpp>

#include "transfer/file_work.hpp"
#include "transfer/foreign/foreign_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cli/exit_status.hpp"
#include "cli/interrupt.hpp"
#include "cli/printable.hpp"

namespace crier::cli {

namespace {

std::vector<std::string> kinds_of_stores() {
  std::vector<std::string> names;
  for (const auto& store : transfer::foreign_stores()) names.emplace_back(store.name);
  return names;
}

}  // namespace

void declare_foreign(Arguments arguments, ForeignImport& options) {
  arguments
      .add_option("--from", options.from,
                  "read another service's store: prosody, ejabberd, libervia or openfire")
      .type_name("KIND")
      .one_of(kinds_of_stores());
  arguments
      .add_option("--host", options.host, "with --from: the domain of the service that is wanted")
      .type_name("DOMAIN")
      .needs("--from");
  arguments
      .add_option("--to-json", options.json,
                  "write lines of JSON, as crier export does, and leave the database alone")
      .type_name("FILE");
  arguments.add_flag("--force", options.force, "with --to-json: replace a file that is there")
      .needs("--to-json");
}

std::string shown_source(const std::string& source) {
  return transfer::source_name(source);
}

void read_foreign(const ForeignImport& options, const std::string& source, transfer::Sink& sink,
                  const transfer::ReadProgress& progress) {
  const auto stores = transfer::foreign_stores();
  const auto store = std::ranges::find(stores, options.from, &transfer::ForeignStore::name);
  if (store == stores.end()) throw Fault(exit_status::usage, "--from: there is no such kind");
  store->read(source, {options.host, progress}, sink);
}

void convert(const LocalCall& call, const ForeignImport& options, const std::string& source,
             const std::function<void(transfer::Sink&)>& read) {
  transfer::refuse_partial_name(options.json, source);
  transfer::PartialFile file(options.json, options.force);
  const Interrupt interrupt;
  transfer::JsonSink sink([&](std::string_view bytes) {
    interrupt.check();
    file.write(bytes);
  });
  read(sink);
  sink.finish();
  file.finish();
  Json json{{"file", options.json}};
  std::string text;
  for (std::size_t kind = 0; kind < sink.counts().size(); ++kind) {
    const auto count = sink.counts()[kind];
    const auto name = transfer::kinds()[kind];
    json[std::string(name)] = count;
    if (count > 0) text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", name, count);
  }
  auto lost = Json::array();
  for (const auto& [what, count] : sink.lost()) lost.push_back({{"what", what}, {"count", count}});
  json["not_carried"] = lost;
  if (call.json) return print_json(json);
  print(fmt::format("written to {} ({})\n", printable(options.json), text));
  for (const auto& [what, count] : sink.lost())
    print(fmt::format("not carried: {} ({})\n", printable(what), count));
}

}  // namespace crier::cli
