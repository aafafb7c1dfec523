/// `crier import`: what an export has written, into the database.

#include <crier/fault.hpp>
#include <crier/service.hpp>

#include <fmt/format.h>

#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <optional>

#include "cli/client_command.hpp"
#include "cli/database_commands.hpp"
#include "cli/database_option.hpp"
#include "cli/exit_status.hpp"
#include "cli/foreign_import.hpp"
#include "transfer/import_file.hpp"
#include "transfer/importer.hpp"
#include "transfer/snapshot.hpp"

#include "cli/interrupt.hpp"
#include "cli/local_work.hpp"
#include "cli/printable.hpp"
#include "cli/progress.hpp"

namespace crier::cli {

namespace {

struct ImportOptions {
  DatabaseOption database;
  std::string file;
  std::string on_conflict = "keep";
  bool dry_run = false;
  ForeignImport foreign;
};

void declare(Arguments arguments, ImportOptions& options) {
  arguments
      .add_option("SOURCE", options.file,
                  "what crier export has written, a file of XEP-0227, or with --from a store: a "
                  "file, a directory, or postgresql://…")
      .required();
  declare_foreign(arguments, options.foreign);
  arguments
      .add_option("--on-conflict", options.on_conflict,
                  "what becomes of what is there and differs: keep, replace or fail; keep")
      .type_name("HOW")
      .one_of({"keep", "replace", "fail"});
  arguments.add_flag("--dry-run", options.dry_run, "say what would happen, and change nothing")
      .excludes("--to-json");
  declare_database(arguments, options.database);
}

transfer::OnConflict on_conflict(std::string_view how) {
  if (how == "keep") return transfer::OnConflict::keep;
  return how == "replace" ? transfer::OnConflict::replace : transfer::OnConflict::fail;
}

/// A directory for a database that nobody will miss.
class Scratch {
 public:
  Scratch() : path_((std::filesystem::temp_directory_path() / "crier-XXXXXX").native()) {
    if (!mkdtemp(path_.data()))
      throw Fault(exit_status::io_error, "there is no place for temporary files; see TMPDIR");
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::filesystem::path database() const { return std::filesystem::path(path_) / "crier.db"; }

 private:
  std::string path_;
};

void print_summary(const LocalCall& call, const ImportOptions& options,
                   const transfer::ImportSummary& summary) {
  Json json{{"file", shown_source(options.file)}, {"dry_run", options.dry_run}};
  Table table{{"KIND", "ADDED", "UNCHANGED", "REPLACED", "KEPT"}, {}};
  // The first kind, services, only says where the others belong.
  for (std::size_t kind = 1; kind < summary.tallies.size(); ++kind) {
    const auto& tally = summary.tallies[kind];
    const std::string name(transfer::kinds()[kind]);
    json[name] = {{"added", tally.added},
                  {"unchanged", tally.unchanged},
                  {"replaced", tally.replaced},
                  {"kept", tally.kept}};
    if (tally == transfer::Tally()) continue;
    table.rows.push_back({name, std::to_string(tally.added), std::to_string(tally.unchanged),
                          std::to_string(tally.replaced), std::to_string(tally.kept)});
  }
  auto lost = Json::array();
  for (const auto& [what, count] : summary.lost) lost.push_back({{"what", what}, {"count", count}});
  json["not_carried"] = lost;
  if (call.json) return print_json(json);
  print_table(table);
  for (const auto& [what, count] : summary.lost)
    print(fmt::format("not carried: {} ({})\n", printable(what), count));
  if (options.dry_run) print("nothing was changed (--dry-run)\n");
}

/// Whether the source has its items behind all nodes.
bool has_items_apart(const ImportOptions& options) {
  return options.foreign.from.empty() &&
         transfer::format_of(options.file) == transfer::Format::xep0227;
}

/// What ended an import, and what that means for the records that came before it.
Fault broken_off(int status, std::string_view why, const transfer::ImportSummary& summary) {
  std::uint64_t count = 0;
  for (const auto& tally : summary.tallies)
    count += tally.added + tally.unchanged + tally.replaced + tally.kept;
  if (count == 0) return {status, std::string(why)};
  return {status, fmt::format("{}; nothing was imported, also none of the {} records before; the "
                              "import can be repeated",
                              why, count)};
}

/// Takes records as long as nobody interrupts.
class UntilInterrupted : public transfer::Sink {
 public:
  explicit UntilInterrupted(transfer::Sink& sink) : sink_(sink) {}
  void take(const transfer::Record& record) override {
    interrupt_.check();
    sink_.take(record);
  }
  void lose(std::string_view what) override {
    interrupt_.check();
    sink_.lose(what);
  }

 private:
  transfer::Sink& sink_;
  const Interrupt interrupt_;
};

/// Gives what the source holds to `sink`.
void read(const LocalCall& call, const ImportOptions& options, Time now, transfer::Sink& sink) {
  Progress progress("import", call.json);
  transfer::ReadProgress tell;
  if (progress.is_shown()) tell = [&](auto done, auto total) { progress(done, total); };
  if (!options.foreign.from.empty()) return read_foreign(options.foreign, options.file, sink, tell);
  const transfer::Source source{options.file, tell};
  if (has_items_apart(options))
    transfer::read_xep0227(source, now, sink);
  else
    transfer::read_json(source, sink);
}

void import_source(const LocalCall& call, const ImportOptions& options) {
  const auto work = local_work(shown_source(options.file));
  auto database = database_of(options.database);
  std::optional<Scratch> scratch;
  if (options.dry_run && !is_there(database)) {
    database = scratch.emplace().database();
  } else if (options.dry_run) {
    // To open it for writing would bring one of an older version up to date.
    const transfer::Snapshot snapshot(database);
  }
  const auto service = make_service(Policy());
  const auto is_kept = [&](std::string_view name) { return service.disco_node(name) != nullptr; };
  const auto store = SqliteStore::open(database);
  std::optional<transfer::Importer> importer;
  try {
    importer.emplace(*store,
                     transfer::ImportOptions{.on_conflict = on_conflict(options.on_conflict),
                                             .dry_run = options.dry_run,
                                             .items_apart = has_items_apart(options),
                                             .is_kept_name = is_kept,
                                             .work = work});
  } catch (const SqliteFailure& failure) {
    throw transfer::explained(database, failure);
  }
  try {
    UntilInterrupted sink(*importer);
    read(call, options, work.now, sink);
    importer->finish();
  } catch (const Fault& fault) {
    throw broken_off(fault.status(), fault.what(), importer->summary());
  } catch (const SqliteFailure& failure) {
    throw broken_off(exit_status::io_error,
                     fmt::format("the database {} can not be written: {}",
                                 printable(database.native()), failure.what()),
                     importer->summary());
  }
  print_summary(call, options, importer->summary());
}

void run(const LocalCall& call, const ImportOptions& options) {
  if (options.foreign.json.empty()) return import_source(call, options);
  const auto now = std::chrono::floor<Time::duration>(std::chrono::system_clock::now());
  convert(call, options.foreign, options.file,
          [&](transfer::Sink& sink) { read(call, options, now, sink); });
}

constexpr Verb<ImportOptions, LocalCall> command = {
    "import",
    "bring an export, or another service's store, into the database, while no service runs",
    "  crier import all.jsonl --dry-run\n"
    "  crier import all.jsonl\n"
    "  crier import other-server.xml --on-conflict replace\n"
    "  crier import --from prosody /var/lib/prosody --host pubsub.example.org\n"
    "  crier import --from ejabberd mnesia.dump --to-json nodes.jsonl\n",
    declare,
    run,
};

}  // namespace

std::unique_ptr<Subcommand> import_store() {
  return make_command(command);
}

}  // namespace crier::cli
