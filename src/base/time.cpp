#include <crier/time.hpp>

#include <fmt/format.h>

namespace crier {
namespace {

using namespace std::chrono;

constexpr year first_year{1};
constexpr year last_year{9999};

/// Reads a text from its beginning to its end; what does not fit is remembered.
class Scanner {
 public:
  explicit Scanner(std::string_view rest) : rest_(rest) {}

  /// The number of exactly `digits` digits that comes next.
  int number(std::size_t digits) {
    int value = 0;
    for (; digits > 0; --digits) value = value * 10 + digit();
    return value;
  }
  /// Passes over `expected`.
  void skip(char expected) {
    if (!next_is(expected)) failed_ = true;
  }
  /// Whether `expected` comes next; then it is passed over.
  bool next_is(char expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// One or more digits behind a decimal point, cut after the sixth.
  microseconds fraction() {
    microseconds value{0};
    microseconds unit{100'000};
    do {
      value += digit() * unit;
      unit /= 10;
    } while (!failed_ && !rest_.empty() && is_digit(rest_.front()));
    return value;
  }
  bool succeeded() const { return !failed_ && rest_.empty(); }

 private:
  static bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

  int digit() {
    if (rest_.empty() || !is_digit(rest_.front())) {
      failed_ = true;
      return 0;
    }
    const int value = rest_.front() - '0';
    rest_.remove_prefix(1);
    return value;
  }

  std::string_view rest_;
  bool failed_ = false;
};

bool in_range(Time time) {
  const auto year = year_month_day(floor<days>(time)).year();
  return year >= first_year && year <= last_year;
}

/// The offset behind a time, `Z` or `+hh:mm`; at most a day.
std::optional<minutes> read_offset(Scanner& scanner) {
  if (scanner.next_is('Z')) return minutes{0};
  const bool west = scanner.next_is('-');
  if (!west) scanner.skip('+');
  const auto hour = scanner.number(2);
  scanner.skip(':');
  const auto minute = scanner.number(2);
  if (hour > 23 || minute > 59) return std::nullopt;
  const auto offset = hours(hour) + minutes(minute);
  return west ? -offset : offset;
}

}  // namespace

std::string format_datetime(Time time) {
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  auto text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", int(date.year()),
                          unsigned(date.month()), unsigned(date.day()), clock.hours().count(),
                          clock.minutes().count(), clock.seconds().count());
  if (const auto fraction = clock.subseconds().count(); fraction != 0) {
    text += fmt::format(".{:06}", fraction);
  }
  return text += 'Z';
}

std::optional<Time> parse_datetime(std::string_view text) {
  Scanner scanner(text);
  const year in_year(scanner.number(4));
  scanner.skip('-');
  const month in_month(static_cast<unsigned>(scanner.number(2)));
  scanner.skip('-');
  const day on_day(static_cast<unsigned>(scanner.number(2)));
  scanner.skip('T');
  const auto hour = scanner.number(2);
  scanner.skip(':');
  const auto minute = scanner.number(2);
  scanner.skip(':');
  const auto second = scanner.number(2);
  const auto fraction = scanner.next_is('.') ? scanner.fraction() : microseconds{0};
  const auto offset = read_offset(scanner);

  const year_month_day date(in_year, in_month, on_day);
  if (!scanner.succeeded() || !offset || !date.ok() || in_year < first_year) return std::nullopt;
  if (hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const auto time =
      sys_days(date) + hours(hour) + minutes(minute) + seconds(second) + fraction - *offset;
  // A leap second is the last of a day of UTC; this calendar has none and names the next.
  if (second == 60 && floor<seconds>(time) != floor<days>(time)) return std::nullopt;
  if (!in_range(time)) return std::nullopt;
  return time;
}

}  // namespace crier
