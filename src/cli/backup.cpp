/// `crier backup`, `crier restore` and `crier verify`: the database file as a whole.

#include "transfer/backup.hpp"

#include <crier/fault.hpp>
#include <crier/time.hpp>

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <functional>

#include <sys/resource.h>

#include "cli/client_command.hpp"
#include "cli/database_commands.hpp"
#include "cli/database_option.hpp"
#include "cli/exit_status.hpp"
#include "cli/interrupt.hpp"
#include "storage/file_lock.hpp"
#include "transfer/verify.hpp"

#include "cli/local_work.hpp"
#include "cli/printable.hpp"
#include "cli/progress.hpp"

namespace crier::cli {

namespace {

struct BackupOptions {
  DatabaseOption database;
  std::string file;
  std::string rate = "64M";
  bool force = false;
  bool yes = false;
  bool full = false;
};

/// `10M` or `10M/s`; 0 for no limit.
std::uint64_t bytes_a_second(std::string_view text) {
  if (text.ends_with("/s")) text.remove_suffix(2);
  std::uint64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  const std::string_view unit(parsed.ptr, static_cast<std::size_t>(end - parsed.ptr));
  constexpr std::string_view units = "KMG";
  const auto known = unit.size() == 1 ? units.find(unit.front()) : units.npos;
  if (parsed.ec != std::errc() || (!unit.empty() && known == units.npos) || number > (1u << 30))
    throw Fault(exit_status::usage,
                "--rate: it is a number of bytes a second such as 20M, or 0 for no limit");
  return unit.empty() ? number : number << (10 * (known + 1));
}

void declare_backup(Arguments arguments, BackupOptions& options) {
  arguments.add_option("FILE", options.file, "the copy; nothing of that name may be there")
      .required();
  arguments
      .add_option("--rate", options.rate, "copy no more than that a second; 64M, or 0: all at once")
      .type_name("SIZE");
  arguments.add_flag("--force", options.force, "replace a file that is there");
  declare_database(arguments, options.database);
}

/// The service goes first, wherever both want the processor.
void step_back() {
  constexpr int niceness = 10;
  setpriority(PRIO_PROCESS, 0, niceness);
}

/// Draws the progress; an interrupted copy is given up, so that nothing of it stays.
std::function<void(std::uint64_t, std::uint64_t)> told(Progress& progress,
                                                       const Interrupt& interrupt) {
  return [&](std::uint64_t done, std::uint64_t total) {
    interrupt.check();
    progress(done, total);
  };
}

void back_up(const LocalCall& call, const BackupOptions& options) {
  step_back();
  const auto database = database_of(options.database);
  std::uint64_t size = 0;
  const auto start = std::chrono::steady_clock::now();
  {
    Progress progress("backup", call.json);
    const Interrupt interrupt;
    size = transfer::back_up(database, options.file,
                             {.bytes_per_second = bytes_a_second(options.rate),
                              .force = options.force,
                              .progress = told(progress, interrupt)});
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  if (call.json)
    print_json(Json{{"database", database.native()},
                    {"file", options.file},
                    {"bytes", size},
                    {"seconds", took.count()}});
  else
    print(fmt::format("backed up {} to {} ({}, {:.1f} s)\n", printable(database.native()),
                      printable(options.file), readable_bytes(size), took.count()));
}

void declare_restore(Arguments arguments, BackupOptions& options) {
  arguments.add_option("FILE", options.file, "a backup; it stays as it is").required();
  arguments.add_flag("--force", options.force, "restore a backup even if it has problems");
  arguments.add_yes(options.yes);
  declare_database(arguments, options.database);
}

transfer::Verified verify(const LocalCall& call, const std::filesystem::path& file, bool full) {
  Progress progress("verify", call.json);
  return transfer::verify(
      file, {.full = full, .progress = [&](auto done, auto total) { progress(done, total); }});
}

void check_backup(const LocalCall& call, const BackupOptions& options) {
  const auto verified = verify(call, options.file, false);
  if (verified.problems.empty() || options.force) return;
  throw Fault(exit_status::bad_data,
              fmt::format("{} has problems, the first: {}; nothing was changed; crier verify "
                          "--database {} lists them, --force restores it anyway",
                          printable(options.file), printable(verified.problems.front().what),
                          printable(options.file)));
}

/// `20260501T102030Z`
std::string file_time() {
  const auto now =
      std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  auto text = format_datetime(now);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

std::filesystem::path put_back(const LocalCall& call, const BackupOptions& options,
                               const std::filesystem::path& database) {
  Progress progress("restore", call.json);
  const Interrupt interrupt;
  return transfer::restore(options.file, database,
                           {.now = file_time(),
                            .work = local_work(options.file),
                            .progress = told(progress, interrupt)});
}

void restore_backup(const LocalCall& call, const BackupOptions& options) {
  const auto database = real_file(database_of(options.database));
  const bool replaces = is_there(database);
  // Before anybody is asked: a service may run on it.
  if (replaces) const FileLock lock(database);
  check_backup(call, options);
  if (replaces && !options.yes)
    confirm(fmt::format("Replace the database {} by {}? The old one stays beside it.",
                        printable(database.native()), printable(options.file)));
  const auto kept = put_back(call, options, database);
  if (call.json) {
    Json json{{"file", options.file}, {"database", database.native()}};
    json["kept"] = kept.empty() ? Json() : Json(kept.native());
    return print_json(json);
  }
  print(fmt::format("restored {} to {}\n", printable(options.file), printable(database.native())));
  if (!kept.empty()) print(fmt::format("the old database is {}\n", printable(kept.native())));
}

void declare_verify(Arguments arguments, BackupOptions& options) {
  arguments.add_flag("--full", options.full,
                     "every index against its table, and every payload; slower");
  declare_database(arguments, options.database);
}

void verify_database(const LocalCall& call, const BackupOptions& options) {
  const auto database = database_of(options.database);
  const auto verified = verify(call, database, options.full);
  auto problems = Json::array();
  for (const auto& problem : verified.problems) {
    problems.push_back({{"what", problem.what}, {"mend", problem.mend}});
    if (!call.json) print(printable(problem.what + ": " + problem.mend) + '\n');
  }
  if (call.json)
    print_json(Json{{"database", database.native()},
                    {"full", options.full},
                    {"older", verified.is_older},
                    {"problems", problems}});
  flush_output();
  const auto name = printable(database.native());
  if (!problems.empty())
    throw Fault(exit_status::refused, fmt::format("{} has problems: {}", name, problems.size()));
  if (call.json) return;
  print(fmt::format("{} is sound\n", name));
  if (verified.is_older)
    print("it is of an older version of crier's, of which only SQLite's part was checked\n");
}

constexpr Verb<BackupOptions, LocalCall> backup_command = {
    "backup",
    "copy the database to a file, while the service runs",
    "  crier backup /backup/crier.db\n"
    "  crier backup /backup/crier.db --force --rate 20M   # from cron, on a busy disk\n"
    "  crier backup copy.db --config /etc/crier/crier.toml\n",
    declare_backup,
    back_up,
};

constexpr Verb<BackupOptions, LocalCall> restore_command = {
    "restore",
    "put a backup in the place of the database, while no service runs",
    "  crier restore /backup/crier.db\n"
    "  crier restore /backup/crier.db --yes               # in a script\n",
    declare_restore,
    restore_backup,
};

constexpr Verb<BackupOptions, LocalCall> verify_command = {
    "verify",
    "check that the database is sound, or a backup",
    "  crier verify\n"
    "  crier verify --full --database /backup/crier.db\n",
    declare_verify,
    verify_database,
};

}  // namespace

std::unique_ptr<Subcommand> backup() {
  return make_command(backup_command);
}

std::unique_ptr<Subcommand> restore() {
  return make_command(restore_command);
}

std::unique_ptr<Subcommand> verify() {
  return make_command(verify_command);
}

}  // namespace crier::cli
