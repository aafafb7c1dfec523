/// `crier export`: what the service holds, as a file that belongs to no service.

#include "transfer/export.hpp"

#include <crier/fault.hpp>

#include <fmt/format.h>

#include <iostream>
#include <optional>

#include "cli/client_command.hpp"
#include "cli/database_commands.hpp"
#include "cli/database_option.hpp"
#include "transfer/file_work.hpp"

#include "cli/interrupt.hpp"
#include "cli/printable.hpp"
#include "cli/progress.hpp"

namespace crier::cli {

namespace {

struct ExportOptions {
  DatabaseOption database;
  std::string file;
  std::string format = "json";
  transfer::Selection selection;
  bool force = false;
};

void declare(Arguments arguments, ExportOptions& options) {
  arguments.add_option("FILE", options.file,
                       "where to write to; without it, or -, the standard output");
  arguments
      .add_option("--format", options.format,
                  "json: lines of JSON; xep-0227: XML, for other servers")
      .type_name("FORMAT")
      .one_of({"json", "xep-0227"});
  arguments.add_option("--node", options.selection.nodes, "only nodes of such names: 'news*'")
      .type_name("PATTERN");
  arguments.add_flag("--force", options.force, "replace a file that is there");
  declare_database(arguments, options.database);
}

/// What the format has no place for.
void tell_left_out(transfer::Snapshot& snapshot) {
  const auto redirects = snapshot.number("SELECT count(*) FROM redirect");
  const auto contacts = snapshot.number("SELECT count(*) FROM contact");
  if (redirects + contacts > 0)
    std::cerr << fmt::format(
        "crier: export: XEP-0227 has no place for redirects ({}) and presence "
        "that is shared ({}); they are left out\n",
        redirects, contacts);
}

void print_counts(const LocalCall& call, const std::string& file, const transfer::Counts& counts) {
  Json json{{"file", file}};
  std::string text;
  for (std::size_t kind = 0; kind < counts.size(); ++kind) {
    const auto name = transfer::kinds()[kind];
    json[std::string(name)] = counts[kind];
    if (counts[kind] > 0)
      text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", name, counts[kind]);
  }
  if (call.json)
    print_json(json);
  else
    print(fmt::format("exported to {} ({})\n", printable(file), text));
}

void export_database(const LocalCall& call, const ExportOptions& options,
                     const std::filesystem::path& database) {
  std::optional<transfer::PartialFile> file;
  if (!options.file.empty() && options.file != "-") {
    transfer::refuse_files_of(database, options.file);
    file.emplace(options.file, options.force);
  }
  transfer::Snapshot snapshot(database);
  const auto total = transfer::count_items(snapshot, options.selection);
  const bool is_json = options.format == "json";
  transfer::Counts counts{};
  {
    Progress progress("export", call.json);
    // Without a file nothing has to be put in order.
    std::optional<Interrupt> interrupt;
    if (file) interrupt.emplace();
    const transfer::Output output{
        .write =
            [&](std::string_view bytes) {
              if (interrupt) interrupt->check();
              if (file) return file->write(bytes);
              print(bytes);
              flush_output();
            },
        .progress = [&](std::uint64_t items) { progress(items, total); },
    };
    counts = is_json ? transfer::export_json(snapshot, options.selection, output)
                     : transfer::export_xep0227(snapshot, options.selection, output);
  }
  if (!is_json) tell_left_out(snapshot);
  if (!file) return;
  file->finish();
  print_counts(call, options.file, counts);
}

void run(const LocalCall& call, const ExportOptions& options) {
  const auto database = database_of(options.database);
  try {
    export_database(call, options, database);
  } catch (const SqliteFailure& failure) {
    throw transfer::explained(database, failure);
  }
}

constexpr Verb<ExportOptions, LocalCall> command = {
    "export",
    "write what the service holds to a file, as lines of JSON or XEP-0227",
    "  crier export all.jsonl\n"
    "  crier export --node 'news*' | gzip > news.jsonl.gz\n"
    "  crier export --format xep-0227 all.xml\n",
    declare,
    run,
};

}  // namespace

std::unique_ptr<Subcommand> export_store() {
  return make_command(command);
}

}  // namespace crier::cli
