#include "storage/file_lock.hpp"

#include <crier/fault.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <array>
#include <exception>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "../../storage/scratch.hpp"

namespace crier::test {

namespace {

/// Why the file can not be locked, or nothing.
std::optional<Fault> refusal(const std::filesystem::path& file) {
  try {
    const FileLock lock(file);
    return {};
  } catch (const Fault& fault) {
    return fault;
  }
}

}  // namespace

TEST_CASE("a file is locked once, and the second is told by whom") {
  const Scratch scratch;
  {
    const FileLock lock(scratch.file());
    const auto fault = refusal(scratch.file());
    REQUIRE(fault);
    CHECK(fault->status() == EX_TEMPFAIL);
    CHECK(fault->what() ==
          fmt::format("the database {} is in use by another crier, process {}; stop that one, or "
                      "name another file with --database",
                      scratch.file().native(), ::getpid()));
    CHECK_FALSE(refusal(scratch.file("other.db")));
  }
  CHECK_FALSE(refusal(scratch.file()));
}

TEST_CASE("the lock of a process that was killed is gone") {
  const Scratch scratch;
  std::array<int, 2> pipe{};
  REQUIRE(::pipe(pipe.data()) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    try {
      const FileLock lock(scratch.file());
      if (::write(pipe[1], "x", 1) == 1) ::pause();
    } catch (const std::exception&) {
      // The parent sees that nothing comes.
    }
    _exit(1);
  }
  ::close(pipe[1]);
  char locked = 0;
  const bool has_lock = ::read(pipe[0], &locked, 1) == 1;
  const auto fault = refusal(scratch.file());
  ::close(pipe[0]);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK(has_lock);
  REQUIRE(fault);
  CHECK(std::string(fault->what()).find(fmt::format("process {};", child)) != std::string::npos);
  CHECK_FALSE(refusal(scratch.file()));
  ::close(pipe[0]);
  ::close(pipe[1]);
}

TEST_CASE("a lock file that is a link, or no file, is neither followed nor written") {
  const Scratch scratch;
  std::ofstream(scratch.file("victim")) << "mine";
  const auto lock = scratch.file().native() + "-lock";
  for (const bool is_link : {true, false}) {
    CAPTURE(is_link);
    if (is_link)
      std::filesystem::create_symlink(scratch.file("victim"), lock);
    else
      REQUIRE(::mkfifo(lock.c_str(), 0600) == 0);
    const auto fault = refusal(scratch.file());
    REQUIRE(fault);
    CHECK(fault->status() == EX_CANTCREAT);
    CHECK(fault->what() == lock + " is a link or no regular file, and is not written; remove it");
    CHECK(std::filesystem::file_size(scratch.file("victim")) == 4);
    std::filesystem::remove(lock);
  }
}

TEST_CASE("the real name of a file has no link in it, though the file is not there yet") {
  const Scratch scratch;
  std::filesystem::create_directory(scratch.file("directory"));
  std::filesystem::create_directory_symlink("directory", scratch.file("link"));
  std::filesystem::create_symlink("link/none", scratch.file("dangling"));
  const auto real = std::filesystem::canonical(scratch.path()) / "directory" / "none";
  CHECK(real_file(scratch.file("dangling")) == real);
  CHECK(real_file(scratch.path() / "link" / "none") == real);
  CHECK(real_file("") == "");
}

TEST_CASE("where there is no directory, nothing is locked") {
  const Scratch scratch;
  const auto file = scratch.path() / "missing" / "crier.db";
  const auto fault = refusal(file);
  REQUIRE(fault);
  CHECK(fault->status() == EX_CANTCREAT);
  CHECK(fault->what() ==
        fmt::format("there is no directory {} for the database; create it, or name another file "
                    "with --database",
                    (scratch.path() / "missing").native()));
}

}  // namespace crier::test
