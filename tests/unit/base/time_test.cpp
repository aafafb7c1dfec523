#include <crier/time.hpp>

#include <doctest/doctest.h>

using namespace crier;
using namespace std::chrono;

namespace {

constexpr Time at(year_month_day date, microseconds time = {}) {
  return sys_days(date) + time;
}

}  // namespace

TEST_CASE("XEP-0082 §3.2: a time is written in UTC with the fraction that it has") {
  CHECK(format_datetime(Time{}) == "1970-01-01T00:00:00Z");
  CHECK(format_datetime(at(2024y / 5 / 1, 10h + 20min + 30s)) == "2024-05-01T10:20:30Z");
  CHECK(format_datetime(at(2024y / 5 / 1, 10h + 20min + 30s + 250ms)) ==
        "2024-05-01T10:20:30.250000Z");
  CHECK(format_datetime(Time{-1us}) == "1969-12-31T23:59:59.999999Z");
  CHECK(format_datetime(at(1y / 1 / 1)) == "0001-01-01T00:00:00Z");
  CHECK(format_datetime(at(9999y / 12 / 31, 24h - 1us)) == "9999-12-31T23:59:59.999999Z");
}

TEST_CASE("XEP-0082 §3.2: what is written is read back") {
  for (const auto* text :
       {"1970-01-01T00:00:00Z", "1969-07-21T02:56:15Z", "2024-02-29T23:59:59.000001Z",
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"}) {
    CAPTURE(text);
    const auto time = parse_datetime(text);
    REQUIRE(time);
    CHECK(format_datetime(*time) == text);
  }
}

TEST_CASE("XEP-0082 §3.2: any offset names the same time") {
  const auto time = at(1969y / 7 / 21, 2h + 56min + 15s);
  CHECK(parse_datetime("1969-07-21T02:56:15Z") == time);
  CHECK(parse_datetime("1969-07-20T21:56:15-05:00") == time);
  CHECK(parse_datetime("1969-07-21T08:41:15+05:45") == time);
  CHECK(parse_datetime("1969-07-21T02:56:15-00:00") == time);
}

TEST_CASE("XEP-0082 §3.2: a fraction has any number of digits, microseconds are kept") {
  const auto second = at(2024y / 1 / 2, 3s);
  CHECK(parse_datetime("2024-01-02T00:00:03.5Z") == second + 500ms);
  CHECK(parse_datetime("2024-01-02T00:00:03.000001Z") == second + 1us);
  CHECK(parse_datetime("2024-01-02T00:00:03.1234569999999999999999Z") == second + 123456us);
  CHECK(parse_datetime("2024-01-02T01:00:03.25+01:00") == second + 250ms);
}

TEST_CASE("a leap second is the second after it, at the end of a day of UTC only") {
  CHECK(parse_datetime("2016-12-31T23:59:60Z") == at(2017y / 1 / 1));
  CHECK(parse_datetime("2017-01-01T00:59:60.5+01:00") == at(2017y / 1 / 1, 500ms));
  CHECK_FALSE(parse_datetime("2016-12-31T22:59:60Z"));
  CHECK_FALSE(parse_datetime("2016-12-31T23:59:60+01:00"));
  CHECK_FALSE(parse_datetime("2016-12-31T23:59:61Z"));
  CHECK_FALSE(parse_datetime("9999-12-31T23:59:60Z"));
}

TEST_CASE("XEP-0082 §3.2: what is not a DateTime is nothing") {
  for (const auto* bad : {"",
                          "2024-05-01",
                          "10:20:30Z",
                          "2024-05-01T10:20:30",
                          "2024-05-01T10:20Z",
                          "2024-05-01 10:20:30Z",
                          "2024-05-01t10:20:30z",
                          "20240501T10:20:30Z",
                          "24-05-01T10:20:30Z",
                          "02024-05-01T10:20:30Z",
                          "-2024-05-01T10:20:30Z",
                          "2024-5-01T10:20:30Z",
                          "2024-05-01T10:20:30.Z",
                          "2024-05-01T10:20:30,5Z",
                          "2024-05-01T10:20:30.5.5Z",
                          "2024-05-01T10:20:30Zx",
                          " 2024-05-01T10:20:30Z",
                          "2024-05-01T10:20:30+0100",
                          "2024-05-01T10:20:30+1:00",
                          "2024-05-01T10:20:30+01",
                          "2024-05-01T10:20:30 01:00",
                          "2024-05-01T10:20:30+24:00",
                          "2024-05-01T10:20:30+01:60",
                          "2024-05-01T+1:20:30Z"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_datetime(bad));
  }
}

TEST_CASE("XEP-0082 §3.2: dates and times that are not are nothing") {
  for (const auto* bad : {"0000-01-01T00:00:00Z", "2024-00-01T00:00:00Z", "2024-13-01T00:00:00Z",
                          "2024-04-31T00:00:00Z", "2024-01-00T00:00:00Z", "2023-02-29T00:00:00Z",
                          "1900-02-29T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z",
                          // Outside of the years that four digits name, after the offset.
                          "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_datetime(bad));
  }
  CHECK(parse_datetime("2000-02-29T00:00:00Z"));
}
