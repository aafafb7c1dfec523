#include "app/log.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdlib>

using namespace crier;
using namespace std::chrono_literals;

TEST_CASE("a log line is time, level and message; for the journal priority and message") {
  const Time now{std::chrono::sys_days{std::chrono::year{2024} / 5 / 1} + 10h + 250ms};
  CHECK(log_line(LogLevel::info, "ready: pubsub.localhost via 127.0.0.1:5347", now) ==
        format_datetime(now) + " info ready: pubsub.localhost via 127.0.0.1:5347\n");
  CHECK(log_line(LogLevel::error, "no", std::nullopt) == "<3>no\n");
  CHECK(log_line(LogLevel::warning, "no", std::nullopt) == "<4>no\n");
  CHECK(log_line(LogLevel::info, "no", std::nullopt) == "<6>no\n");
  CHECK(log_line(LogLevel::debug, "no", std::nullopt) == "<7>no\n");
}

TEST_CASE("whoever has a hand in a message writes no log line of his own") {
  CHECK(log_line(LogLevel::error, "a\nb\r\tc\x1b[0m\x7f", std::nullopt) == "<3>a b  c [0m \n");
}

TEST_CASE("a log passes over what is less urgent than its level") {
  const Log log(LogLevel::warning);
  CHECK(log.takes(LogLevel::error));
  CHECK(log.takes(LogLevel::warning));
  CHECK_FALSE(log.takes(LogLevel::info));
  CHECK_FALSE(log.takes(LogLevel::debug));
}

TEST_CASE("levels are known by name") {
  CHECK(parse_log_level("debug") == LogLevel::debug);
  CHECK_FALSE(parse_log_level("verbose"));
}

TEST_CASE("stderr is the journal when JOURNAL_STREAM names its device and inode") {
  struct stat status {};
  REQUIRE(fstat(2, &status) == 0);
  setenv("JOURNAL_STREAM", fmt::format("{}:{}", status.st_dev, status.st_ino).c_str(), 1);
  CHECK(stderr_is_journal());
  setenv("JOURNAL_STREAM", "0:0", 1);
  CHECK_FALSE(stderr_is_journal());
  unsetenv("JOURNAL_STREAM");
  CHECK_FALSE(stderr_is_journal());
}
