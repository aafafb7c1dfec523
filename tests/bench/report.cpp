#include "report.hpp"

#include <fmt/format.h>

#include <iterator>
#include <span>

namespace crier::bench {

namespace {

#ifdef NDEBUG
constexpr std::string_view build_type = "release";
#else
constexpr std::string_view build_type = "debug";
#endif

template <class... Args>
void append(std::string& out, fmt::format_string<Args...> format, Args&&... args) {
  fmt::format_to(std::back_inserter(out), format, std::forward<Args>(args)...);
}

/// 1234567 as "1,234,567".
std::string grouped(double value) {
  auto digits = fmt::format("{:.0f}", value);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), 1, ',');
  return digits;
}

/// With as many digits as mean something.
std::string readable(double value) {
  if (value >= 100 || value == 0) return grouped(value);
  return fmt::format("{:.{}f}", value, value >= 10 ? 1 : 3);
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      append(out, "\\{}", c);
    else if (static_cast<unsigned char>(c) < 0x20)
      append(out, "\\u{:04x}", static_cast<unsigned>(c));
    else
      out += c;
  }
  return out + '"';
}

std::string describe(const Faults& faults) {
  return fmt::format("lost {}, duplicated {}, reordered {}, errors {}", faults.lost,
                     faults.duplicated, faults.reordered, faults.errors);
}

double microseconds_each(double seconds, const Measurement& measurement) {
  if (measurement.operations == 0) return 0;
  return seconds * 1e6 / static_cast<double>(measurement.operations);
}

/// For each operation, and as a part of the time.
std::string cost(double cpu_seconds, const Measurement& measurement) {
  const auto percent = measurement.seconds > 0 ? 100 * cpu_seconds / measurement.seconds : 0;
  return fmt::format("{} µs {:3.0f}%", readable(microseconds_each(cpu_seconds, measurement)),
                     percent);
}

double mebibytes(std::size_t bytes) {
  return static_cast<double>(bytes) / (1024 * 1024);
}

/// The figures of a scenario in lines of at most `width` characters.
std::vector<std::string> figure_lines(const std::vector<Figure>& figures, std::size_t width) {
  std::vector<std::string> lines(1);
  for (const auto& figure : figures) {
    if (figure.label.empty()) continue;
    auto text = fmt::format("{} {}", readable(figure.value), figure.label);
    if (figure.range)
      append(text, " ({}-{})", readable(figure.range->least), readable(figure.range->most));
    auto& line = lines.back();
    if (!line.empty()) line += ',';
    if (line.empty())
      line = text;
    else if (line.size() + 1 + text.size() < width)
      line += ' ' + text;
    else
      lines.push_back(text);
  }
  return lines;
}

/// The members of a JSON object that tell of one outcome.
void append_json(std::string& out, const Outcome& outcome) {
  const auto& [figures, measurement, faults] = outcome;
  out += "\"figures\":{";
  const char* comma = "";
  for (const auto& figure : figures) {
    append(out, "{}{}:{:.4f}", comma, json_string(figure.key), figure.value);
    comma = ",";
  }
  append(out, "}},\"operations\":{},\"seconds\":{:.3f}", measurement.operations,
         measurement.seconds);
  append(out, ",\"service_cpu_s\":{:.2f},\"service_cpu_us_each\":{:.3f}", measurement.service_cpu,
         microseconds_each(measurement.service_cpu, measurement));
  append(out, ",\"server_cpu_s\":{:.2f},\"server_cpu_us_each\":{:.3f}", measurement.server_cpu,
         microseconds_each(measurement.server_cpu, measurement));
  append(out, ",\"bench_cpu_s\":{:.2f},\"bench_cpu_us_each\":{:.3f}", measurement.bench_cpu,
         microseconds_each(measurement.bench_cpu, measurement));
  append(out, ",\"service_peak_mib\":{:.1f}", mebibytes(measurement.service_peak_bytes));
  append(out, ",\"lost\":{},\"duplicated\":{},\"reordered\":{},\"errors\":{}", faults.lost,
         faults.duplicated, faults.reordered, faults.errors);
  append(out, ",\"first_error\":{}", json_string(faults.first_error));
}

/// The summary, and each round.
void append_json(std::string& out, const Result& result) {
  append(out, "{{\"name\":{},", json_string(result.name));
  append_json(out, result.outcome);
  out += ",\"rounds\":[";
  const char* comma = "{";
  for (const auto& round : result.rounds) {
    out += comma;
    append_json(out, round);
    out += '}';
    comma = ",{";
  }
  out += "]}";
}

void append_json(std::string& out, const Machine& machine) {
  append(out, "\"machine\":{{\"cpus\":{},\"cpu\":{},\"kernel\":{}", machine.cpus,
         json_string(machine.cpu_model), json_string(machine.kernel));
  append(out, ",\"memory_mib\":{:.0f},\"load\":{:.2f},\"sync_us\":{:.1f}}}",
         mebibytes(machine.memory_bytes), machine.load, machine.sync_microseconds);
}

/// What was asked for.
void append_json(std::string& out, const Options& options) {
  append(out, "\"setup\":{{\"seconds\":{},\"warm_up\":{},\"count\":{},\"rounds\":{}",
         options.span.measured.count(), options.span.warm_up.count(), options.span.count,
         options.rounds);
  append(out, ",\"subscribers\":{},\"store_items\":{},\"store_subscriptions\":{}",
         options.subscribers ? fmt::to_string(*options.subscribers) : "null", options.store.items,
         options.store.subscriptions);
  append(out, ",\"sync_delay_ms\":{}}}", options.sync_delay);
}

}  // namespace

std::string table_head(const Machine& machine) {
  auto text =
      fmt::format("machine: {} cpus ({}), {}, load {:.1f}, a sync takes {:.0f} µs\n", machine.cpus,
                  machine.cpu_model, machine.kernel, machine.load, machine.sync_microseconds);
  append(text, "crier-bench {}, build type {}\n\n", CRIER_VERSION, build_type);
  append(text, "{:<18}{:<50}{:>17}{:>17}{:>9}\n", "scenario", "figures", "service cpu", "bench cpu",
         "peak MB");
  return text;
}

std::string table_row(const Result& result) {
  const auto& [figures, measurement, faults] = result.outcome;
  const auto lines = figure_lines(figures, 49);
  auto text = fmt::format("{:<18}{:<50}{:>17}{:>17}{:>9.1f}\n", result.name, lines.front(),
                          cost(measurement.service_cpu, measurement),
                          cost(measurement.bench_cpu, measurement),
                          mebibytes(measurement.service_peak_bytes));
  for (const auto& line : std::span(lines).subspan(1)) append(text, "{:<18}{}\n", "", line);
  if (figures.empty()) text = result.name + '\n';
  if (!faults.none()) append(text, "  {}\n", describe(faults));
  if (faults.errors != 0) append(text, "  first error: {}\n", faults.first_error);
  return text;
}

std::string table_foot(const Faults& faults) {
  return fmt::format(
      "\ncpu: of a process for each operation, and in percent of one cpu while measuring\n"
      "{}: {}\n",
      faults.none() ? "ok" : "FAILED", describe(faults));
}

std::string json(const Machine& machine, const Options& options,
                 const std::vector<Result>& results) {
  std::string out = "{";
  append_json(out, machine);
  append(out, ",\"time\":{},\"version\":{},\"build_type\":{},\"compiler\":{},",
         json_string(machine.time), json_string(CRIER_VERSION), json_string(build_type),
         json_string("g++ " __VERSION__));
  append_json(out, options);
  out += ",\"scenarios\":[";
  const char* comma = "";
  for (const auto& result : results) {
    out += comma;
    append_json(out, result);
    comma = ",";
  }
  return out + "]}\n";
}

}  // namespace crier::bench
