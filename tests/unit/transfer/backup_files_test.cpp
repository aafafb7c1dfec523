/// Whom the files of backups and databases belong to, and which of them is at fault.

#include "transfer/backup.hpp"

#include <crier/fault.hpp>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include "../../storage/scratch.hpp"
#include "transfer/random_store.hpp"
#include "transfer/store_files.hpp"

namespace crier::transfer::test {

namespace {

using crier::test::Scratch;

constexpr uid_t service = 65534;
constexpr uid_t somebody = 65533;

struct stat status_of(const File& file) {
  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  return status;
}

/// A database and a backup of it.
void fill(const Scratch& scratch) {
  import_records(scratch.file(), RandomStore(1).records());
  back_up(scratch.file(), scratch.file("copy"), {});
}

Fault fault_of_backup(const Scratch& scratch, const BackupOptions& options) {
  try {
    back_up(scratch.file(), scratch.file("other"), options);
    return {0, ""};
  } catch (const Fault& fault) {
    return fault;
  }
}

/// Lets no read of `file`, which this process has open, succeed.
void break_reads(const File& file) {
  const int write_only = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code error;
    const int descriptor = std::stoi(entry.path().filename());
    if (descriptor == write_only || std::filesystem::read_symlink(entry.path(), error) != file)
      continue;
    REQUIRE(::dup2(write_only, descriptor) == descriptor);
  }
  ::close(write_only);
}

}  // namespace

TEST_CASE("a restored database has the mode of the one that was there") {
  const Scratch scratch;
  fill(scratch);
  REQUIRE(::chmod(scratch.file().c_str(), 0640) == 0);
  restore(scratch.file("copy"), scratch.file(), {.now = "1"});
  CHECK((status_of(scratch.file()).st_mode & 07777) == 0640);
  restore(scratch.file("copy"), scratch.file("new"), {.now = "1"});
  CHECK((status_of(scratch.file("new")).st_mode & 07777) == 0600);
}

TEST_CASE("what root makes belongs to whom the database belongs to, or its directory" *
          doctest::skip(::geteuid() != 0)) {
  const Scratch scratch;
  REQUIRE(::chown(scratch.path().c_str(), service, somebody) == 0);
  fill(scratch);
  for (const char* name : {"crier.db", "crier.db-lock"}) {
    CAPTURE(name);
    CHECK(status_of(scratch.file(name)).st_uid == service);
    CHECK(status_of(scratch.file(name)).st_gid == somebody);
  }
  {
    const auto store = SqliteStore::open(scratch.file());
    for (const char* name : {"crier.db-wal", "crier.db-shm"})
      CHECK(status_of(scratch.file(name)).st_uid == service);
  }
  REQUIRE(::chown(scratch.file().c_str(), somebody, service) == 0);
  restore(scratch.file("copy"), scratch.file(), {.now = "1"});
  CHECK(status_of(scratch.file()).st_uid == somebody);
  CHECK(status_of(scratch.file()).st_gid == service);
}

TEST_CASE("nobody but root restores another user's database" * doctest::skip(::geteuid() != 0)) {
  const Scratch scratch;
  fill(scratch);
  REQUIRE(::chmod(scratch.path().c_str(), 0777) == 0);
  REQUIRE(::chmod(scratch.file("copy").c_str(), 0666) == 0);
  REQUIRE(::chown(scratch.file().c_str(), service, service) == 0);
  REQUIRE(::seteuid(somebody) == 0);
  try {
    restore(scratch.file("copy"), scratch.file(), {.now = "1"});
    FAIL_CHECK("it was restored");
  } catch (const Fault& fault) {
    CHECK(fault.status() == EX_NOPERM);
    CHECK(std::string(fault.what())
              .ends_with("belongs to another user; restore it as that user "
                         "or as root; nothing was changed"));
  }
  REQUIRE(::seteuid(0) == 0);
  CHECK(status_of(scratch.file()).st_uid == service);
}

TEST_CASE("a backup that fails says which of the two files is at fault") {
  const Scratch scratch;
  std::vector<Record> records{ServiceRecord{"pubsub.a.example"},
                              NodeRecord{.node = "n", .creator = "me@a.example"}};
  const std::string payload = "<a>" + std::string(3'000, 'x') + "</a>";
  for (int i = 0; i < 500; ++i)
    records.push_back(ItemRecord{"n", std::to_string(i), "me@a.example", Time{}, Time{}, payload});
  import_records(scratch.file(), records);
  int steps = 0;
  const auto read = fault_of_backup(scratch, {.bytes_per_second = 0, .progress = [&](auto, auto) {
                                                if (++steps == 2) break_reads(scratch.file());
                                              }});
  CHECK(read.status() == EX_IOERR);
  CHECK(std::string(read.what()).find(scratch.file().native() + " can not be read: ") == 0);

  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{256 * 1024, before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  const auto written = fault_of_backup(scratch, {.bytes_per_second = 0});
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, handler);
  CHECK(std::string(written.what()).find("other.partial can not be written: ") !=
        std::string::npos);
  CHECK(!std::filesystem::exists(scratch.file("other.partial")));
}

}  // namespace crier::transfer::test
