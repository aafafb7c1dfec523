#include "app/log.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>

using namespace crier;
using namespace std::chrono_literals;

namespace {

constexpr Time now{std::chrono::sys_days{std::chrono::year{2024} / 5 / 1} + 10h + 250ms};

std::string line(LogFormat format, LogLevel level, std::string_view message,
                 LogModule module = LogModule::service) {
  return log_line(format, {level, module, message, now});
}

}  // namespace

TEST_CASE("a log line for people is time, level, module if it is a special one, and message") {
  CHECK(line(LogFormat::human, LogLevel::info, "ready: pubsub.localhost via 127.0.0.1:5347") ==
        "2024-05-01T10:00:00.250000Z info ready: pubsub.localhost via 127.0.0.1:5347\n");
  CHECK(line(LogFormat::human, LogLevel::warning, "no", LogModule::stream) ==
        "2024-05-01T10:00:00.250000Z warning stream: no\n");
}

TEST_CASE("a log line for machines is one object of JSON") {
  CHECK(line(LogFormat::json, LogLevel::error, "a \"b\"\n\\ \xff\xc3\xa4\xf0\x9f\x98",
             LogModule::storage) ==
        "{\"time\":\"2024-05-01T10:00:00.250000Z\",\"level\":\"error\",\"module\":\"storage\","
        "\"message\":\"a \\\"b\\\" \\\\ ?\xc3\xa4???\"}\n");
}

TEST_CASE("where the journal is not, its line is priority and message") {
  const auto journal = [](LogLevel level) { return line(LogFormat::journald, level, "no"); };
  CHECK(journal(LogLevel::error) == "<3>no\n");
  CHECK(journal(LogLevel::warning) == "<4>no\n");
  CHECK(journal(LogLevel::info) == "<6>no\n");
  CHECK(journal(LogLevel::debug) == "<7>no\n");
}

TEST_CASE("whoever has a hand in a message writes no log line, and no field, of his own") {
  CHECK(line(LogFormat::journald, LogLevel::error, "a\nb\r\tc\x1b[0m\x7f") == "<3>a b  c [0m \n");
  CHECK(journal_fields({LogLevel::error, LogModule::stream, "a\nPRIORITY=0", now}) ==
        "MESSAGE=a PRIORITY=0\nPRIORITY=3\nSYSLOG_IDENTIFIER=crier\nCRIER_MODULE=stream\n");
}

TEST_CASE("the journal gets fields, in one datagram an event") {
  const auto directory = std::filesystem::temp_directory_path() / fmt::format("j-{}", getpid());
  std::filesystem::create_directory(directory);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto file = (directory / "socket").string();
  std::memcpy(address.sun_path, file.c_str(), file.size() + 1);
  const int journal = ::socket(AF_UNIX, SOCK_DGRAM, 0);
  REQUIRE(::bind(journal, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  const Log log(LogLevel::info, LogFormat::journald, file);
  log.write(LogLevel::warning, "slow", LogModule::delivery);
  char received[200];
  const auto size = ::recv(journal, received, sizeof received, MSG_DONTWAIT);
  CHECK(std::string_view(received, size < 0 ? 0 : static_cast<std::size_t>(size)) ==
        "MESSAGE=slow\nPRIORITY=4\nSYSLOG_IDENTIFIER=crier\nCRIER_MODULE=delivery\n");
  ::close(journal);
  std::filesystem::remove_all(directory);
}

TEST_CASE("levels are those of modules") {
  const auto levels = parse_log_levels("stream=debug,warning,storage=error");
  REQUIRE(levels);
  const Log log(*levels);
  CHECK(log.takes(LogLevel::debug, LogModule::stream));
  CHECK(log.takes(LogLevel::warning));
  CHECK_FALSE(log.takes(LogLevel::info));
  CHECK_FALSE(log.takes(LogLevel::warning, LogModule::storage));
  CHECK(parse_log_levels("stream=debug") == parse_log_levels("info,stream=debug"));
  for (const auto* text : {"", "loud", "info,", "cellar=debug", "stream=", "=debug", "stream=loud"})
    CHECK_FALSE(parse_log_levels(text));
  CHECK(parse_log_format("json") == LogFormat::json);
  CHECK_FALSE(parse_log_format("xml"));
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
