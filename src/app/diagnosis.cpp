/// What a diagnosis looks at on this machine: files, the database, limits.

#include "app/diagnosis.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>

#include "storage/database.hpp"
#include "storage/migrations.hpp"
#include "wire/unique_fd.hpp"

namespace crier {

namespace {

using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t mib = 1024 * 1024;

/// How long the database is read; a big one takes longer than anyone waits here.
constexpr seconds database_patience{10};
/// Less room than that on the disk is too little to work with, or to work with for long.
constexpr std::uint64_t least_disk_bytes = 50 * mib, wise_disk_bytes = 1024 * mib;
constexpr std::uint64_t least_inodes = 100;
/// The stream, the database with its logs, the control socket and who uses it.
constexpr std::uint64_t least_descriptors = 256;

struct CloseDatabase {
  void operator()(sqlite3* connection) const { sqlite3_close(connection); }
};
using Connection = std::unique_ptr<sqlite3, CloseDatabase>;

/// The first column of the first row that `sql` gives, as text; nothing when it fails.
std::optional<std::string> first_value(sqlite3* connection, const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(connection, sql, -1, &statement, nullptr) != SQLITE_OK) return {};
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> owner(statement, sqlite3_finalize);
  if (sqlite3_step(statement) != SQLITE_ROW) return {};
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
  return text ? text : "";
}

/// SQLite asks it every now and then whether to stop.
int is_late(void* deadline) {
  return Clock::now() > *static_cast<Clock::time_point*>(deadline) ? 1 : 0;
}

Finding integrity(sqlite3* connection) {
  auto deadline = Clock::now() + database_patience;
  sqlite3_progress_handler(connection, 100'000, is_late, &deadline);
  const auto answer = first_value(connection, "PRAGMA quick_check(1)");
  sqlite3_progress_handler(connection, 0, nullptr, nullptr);
  if (answer == "ok") return {"database integrity", Health::ok, "no damage was found"};
  if (!answer && sqlite3_errcode(connection) == SQLITE_INTERRUPT)
    return {"database integrity", Health::ok,
            fmt::format("no damage was found within {} s; not all was read",
                        database_patience.count())};
  return {"database integrity", Health::failure,
          "it is damaged: " + answer.value_or(sqlite3_errmsg(connection)),
          "stop the service, keep the file, and restore a backup"};
}

Finding identity(const std::string& file, sqlite3* connection) {
  const auto application = first_value(connection, "PRAGMA application_id");
  const auto version = first_value(connection, "PRAGMA user_version");
  if (!application || !version)
    return {"database", Health::failure, fmt::format("{}: {}", file, sqlite3_errmsg(connection)),
            "name a database of crier's with --database, or restore a backup"};
  const auto known = static_cast<int>(migrations().size());
  if (*application != std::to_string(Database::application_id)) {
    const bool empty = *application == "0" && *version == "0";
    return {"database", empty ? Health::ok : Health::failure,
            fmt::format("{} {}", file, empty ? "is empty" : "belongs to another program"),
            empty ? "" : "name another file with --database"};
  }
  int number = 0;
  std::from_chars(version->data(), version->data() + version->size(), number);
  if (number > known)
    return {
        "database", Health::failure,
        fmt::format("{} is of version {}, this crier knows versions up to {}", file, number, known),
        "run the newer crier that has written it"};
  return {"database", Health::ok,
          fmt::format("{} is of version {}{}", file, number,
                      number < known ? fmt::format("; crier serve brings it to {}", known) : "")};
}

std::string directory_of(const std::string& file) {
  const auto directory = std::filesystem::path(file).parent_path();
  return directory.empty() ? "." : directory.string();
}

Finding disk(const std::string& directory) {
  struct statvfs status {};
  if (statvfs(directory.c_str(), &status) != 0)
    return {"disk", Health::failure, fmt::format("{}: {}", directory, std::strerror(errno)),
            "make the directory, and let the user of crier write there"};
  const auto free = static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
  const auto text = fmt::format("{} MiB free in {}", free / mib, directory);
  if (free < wise_disk_bytes)
    return {"disk", free < least_disk_bytes ? Health::failure : Health::warning, text,
            "make room: without it nothing is stored"};
  // Some file systems do not count inodes.
  if (status.f_files > 0 && status.f_favail < least_inodes)
    return {"disk", Health::failure,
            fmt::format("{} inodes left in {}", status.f_favail, directory), "remove files"};
  return {"disk", Health::ok, text};
}

Finding writable(const std::string& path, const char* right) {
  if (access(path.c_str(), R_OK | W_OK) == 0)
    return {right, Health::ok, fmt::format("{} may be written", path)};
  return {right, Health::warning,
          fmt::format("{} may not be written by this user: {}", path, std::strerror(errno)),
          "let the user of crier write there; or run crier doctor as that user"};
}

std::string format_date(std::time_t time) {
  std::tm date{};
  gmtime_r(&time, &date);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02} UTC", date.tm_year + 1900, date.tm_mon + 1,
                     date.tm_mday, date.tm_hour, date.tm_min);
}

Finding clock(const std::string& file) {
  // 2024-01-01, 2100-01-01.
  constexpr std::time_t least = 1'704'067'200, most = 4'102'444'800;
  constexpr std::time_t tolerance = 120;
  const auto now = std::time(nullptr);
  constexpr auto advice = "set the clock, and keep it right with NTP";
  if (now < least || now > most)
    return {"clock", Health::failure, fmt::format("it is {}", format_date(now)), advice};
  struct stat status {};
  if (!file.empty() && stat(file.c_str(), &status) == 0 && status.st_mtime > now + tolerance)
    return {"clock", Health::failure,
            fmt::format("it is {}, but {} was written at {}", format_date(now), file,
                        format_date(status.st_mtime)),
            advice};
  return {"clock", Health::ok, format_date(now)};
}

Finding descriptors() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const auto text = limit.rlim_cur == RLIM_INFINITY ? std::string("any number of descriptors")
                                                    : fmt::format("{} descriptors", limit.rlim_cur);
  if (limit.rlim_cur >= least_descriptors) return {"limits", Health::ok, text};
  return {
      "limits", Health::warning, text,
      fmt::format("allow at least {} (ulimit -n, or LimitNOFILE= in the unit)", least_descriptors)};
}

/// What this machine, or the group that this process is in, has.
std::uint64_t memory_bytes() {
  auto bytes = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) *
               static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  std::ifstream group("/sys/fs/cgroup/memory.max");
  std::uint64_t limit = 0;
  if (group >> limit) bytes = std::min(bytes, limit);
  return bytes;
}

Finding memory(std::uint64_t wanted) {
  const auto there = memory_bytes();
  const auto text =
      fmt::format("{} MiB; caches and buffers may take {} MiB", there / mib, wanted / mib);
  if (wanted <= there / 4 * 3) return {"memory", Health::ok, text};
  return {"memory", Health::warning, text, "lower --node-cache-bytes and --outbox-bytes"};
}

Finding systemd() {
  if (!std::filesystem::exists("/run/systemd/system"))
    return {"systemd", Health::skipped, "it does not run on this machine"};
  for (const auto* directory : {"/etc/systemd/system", "/usr/local/lib/systemd/system",
                                "/usr/lib/systemd/system", "/lib/systemd/system"}) {
    const auto unit = fmt::format("{}/crier.service", directory);
    std::ifstream file(unit);
    if (!file) continue;
    const std::string text(std::istreambuf_iterator<char>(file), {});
    if (text.find("Type=notify") == text.npos)
      return {"systemd", Health::warning, unit + " has no Type=notify",
              "add it: others then wait until the service is ready"};
    return {"systemd", Health::ok, unit};
  }
  return {"systemd", Health::skipped, "there is no crier.service",
          "to have the service started at boot, take the unit from crier's documentation"};
}

}  // namespace

std::string_view to_text(Health health) {
  constexpr std::string_view names[] = {"ok", "skipped", "warning", "FAIL"};
  return names[static_cast<std::size_t>(health)];
}

std::optional<int> serving_process(const std::string& file) {
  const UniqueFd lock(open((real_file(file).native() + "-lock").c_str(), O_RDONLY | O_CLOEXEC));
  if (!lock || flock(lock.get(), LOCK_SH | LOCK_NB) == 0 || errno != EWOULDBLOCK) return {};
  std::array<char, 16> text{};
  const auto length = pread(lock.get(), text.data(), text.size(), 0);
  int process = 0;
  if (length > 0) std::from_chars(text.data(), text.data() + length, process);
  return process;
}

Findings diagnose_configuration(const Configuration& configuration) {
  Findings findings;
  const auto add = [&](Health health, const std::string& text) {
    const auto advice = text.find("; ");
    findings.push_back({"configuration", health, text.substr(0, advice),
                        advice == text.npos ? "" : text.substr(advice + 2)});
  };
  for (const auto& problem : configuration.problems) add(Health::failure, problem);
  for (const auto& warning : configuration.warnings) add(Health::warning, warning);
  if (findings.empty())
    findings.push_back(
        {"configuration", Health::ok,
         configuration.file.empty() ? "no mistakes" : configuration.file + " has no mistakes"});
  return findings;
}

Findings diagnose_secret(const std::string& file) {
  if (file.empty()) return {{"secret file", Health::skipped, "no file holds the secret"}};
  struct stat status {};
  if (stat(file.c_str(), &status) != 0)
    return {{"secret file", Health::failure, fmt::format("{}: {}", file, std::strerror(errno)),
             "write the secret that the server has for the component into it"}};
  const auto mode = static_cast<unsigned>(status.st_mode & 0777);
  const auto text = fmt::format("{} has the mode {:03o}", file, mode);
  if ((mode & 0007) != 0)
    return {{"secret file", Health::warning, text + ": everybody on this machine may use it",
             "chmod o= " + file}};
  return {{"secret file", Health::ok, text}};
}

Findings diagnose_database(const std::string& file) {
  if (file.empty()) return {{"database", Health::skipped, "its file is not known"}};
  Findings findings;
  const auto directory = directory_of(file);
  if (!std::filesystem::exists(file)) {
    findings.push_back({"database", Health::ok, file + " will be made by crier serve"});
  } else {
    sqlite3* opened = nullptr;
    const int code =
        sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
    const Connection connection(opened);
    if (code == SQLITE_OK) {
      sqlite3_busy_timeout(opened, 1000);
      findings.push_back(identity(file, opened));
      if (findings.back().health == Health::ok) findings.push_back(integrity(opened));
    } else {
      findings.push_back({"database", Health::failure,
                          fmt::format("{}: {}", file, sqlite3_errmsg(opened)),
                          "let the user of crier read and write it"});
    }
    findings.push_back(writable(file, "database rights"));
  }
  findings.push_back(disk(directory));
  if (findings.back().health != Health::failure)
    findings.push_back(writable(directory, "directory rights"));
  return findings;
}

Findings diagnose_machine(const std::string& file, std::uint64_t wanted_bytes) {
  return {clock(file), descriptors(), memory(wanted_bytes), systemd()};
}

}  // namespace crier
