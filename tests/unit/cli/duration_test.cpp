#include "cli/duration.hpp"

#include <doctest/doctest.h>

namespace crier::cli::test {

TEST_CASE("a length of time is a number and a unit") {
  using std::chrono::seconds;
  CHECK(parse_duration("90s") == seconds(90));
  CHECK(parse_duration("30m") == seconds(1800));
  CHECK(parse_duration("12h") == seconds(43'200));
  CHECK(parse_duration("7d") == seconds(604'800));
  CHECK(parse_duration("2w") == seconds(1'209'600));
  CHECK(parse_duration("0s") == seconds(0));
  for (const auto* text :
       {"", "s", "5", "5y", "-5s", "5 s", "1.5h", "99999999999999999999s", "9999999999w", "5ms"})
    CHECK_FALSE(parse_duration(text));
}

TEST_CASE("a moment is a time, a day, or so long ago") {
  const auto now = *parse_datetime("2024-05-02T00:00:00Z");
  CHECK(parse_moment("2024-05-01T12:00:00+02:00", now) == parse_datetime("2024-05-01T10:00:00Z"));
  CHECK(parse_moment("2024-05-01", now) == parse_datetime("2024-05-01T00:00:00Z"));
  CHECK(parse_moment("12h", now) == parse_datetime("2024-05-01T12:00:00Z"));
  for (const auto* text : {"", "yesterday", "2024-5-1", "2024-13-01", "12:00"})
    CHECK_FALSE(parse_moment(text, now));
}

}  // namespace crier::cli::test
