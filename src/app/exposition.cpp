#include "app/exposition.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace crier {

namespace {

/// `text` as the value of a label.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n')
      out += "\\n";
    else if (c == '"' || c == '\\')
      (out += '\\') += c;
    else
      out += c;
  }
  return out;
}

/// A bound as OpenMetrics wants it, 1.0 and not 1.
std::string canonical(double bound) {
  auto text = fmt::format("{}", bound);
  if (text.find_first_of(".e") == text.npos) text += ".0";
  return text;
}

/// Writes families of samples, each under a name that begins with what they belong to.
class Writer {
 public:
  explicit Writer(Exposition format) : open_(format == Exposition::openmetrics) {}

  void gauge(std::string_view name, std::string_view help, std::uint64_t value) {
    begin(name, "gauge", help);
    sample(name, "", value);
  }
  void begin_counter(std::string_view name, std::string_view help) {
    // OpenMetrics calls the family by the name without the suffix of its samples.
    begin(open_ ? std::string(name) : fmt::format("{}_total", name), "counter", help);
  }
  void counter(std::string_view name, std::string_view labels, std::uint64_t value) {
    sample(fmt::format("{}_total", name), labels, value);
  }
  void info(std::string_view name, std::string_view help, std::string_view labels) {
    const auto full = fmt::format("{}_info", name);
    begin(open_ ? name : std::string_view(full), open_ ? "info" : "gauge", help);
    sample(full, labels, 1);
  }
  void histogram(std::string_view name, std::string_view help, const Histogram& values) {
    begin(name, "histogram", help);
    std::uint64_t below = 0;
    const auto bounds = values.bounds();
    for (std::size_t bucket = 0; bucket <= bounds.size(); ++bucket) {
      below += values.in_bucket(bucket);
      const auto bound = bucket < bounds.size() ? canonical(bounds[bucket]) : "+Inf";
      sample(fmt::format("{}_bucket", name), fmt::format("le=\"{}\"", bound), below);
    }
    text_ += fmt::format("{}_sum {}\n", name, values.sum());
    sample(fmt::format("{}_count", name), "", below);
  }
  std::string take() {
    if (open_) text_ += "# EOF\n";
    return std::move(text_);
  }

 private:
  void begin(std::string_view family, std::string_view type, std::string_view help) {
    text_ += fmt::format("# HELP {} {}.\n# TYPE {} {}\n", family, help, family, type);
  }
  void sample(std::string_view name, std::string_view labels, std::uint64_t value) {
    if (labels.empty())
      text_ += fmt::format("{} {}\n", name, value);
    else
      text_ += fmt::format("{}{{{}}} {}\n", name, labels, value);
  }

  bool open_;
  std::string text_;
};

bool is_same(const Route& a, const Route& b) {
  return a.type == b.type && a.ns == b.ns && a.element == b.element;
}

std::string labels_of(const Route* route) {
  if (!route) return "namespace=\"\",action=\"other\",type=\"\"";
  return fmt::format("namespace=\"{}\",action=\"{}\",type=\"{}\"", escaped(route->ns),
                     escaped(route->element), route->type == Request::Type::get ? "get" : "set");
}

void write_requests(Writer& out, const Statistics& statistics, std::span<const Route> routes) {
  constexpr std::string_view name = "crier_requests";
  out.begin_counter(name, "Requests that were answered, by what came of them");
  for (std::size_t place = 0; place < Statistics::most_routes; ++place) {
    const bool is_other = place == Statistics::other_route;
    if (!is_other && place >= routes.size()) continue;
    const Route* route = is_other ? nullptr : &routes[place];
    // Only the first of two that are alike is ever taken.
    const auto before = routes.first(is_other ? 0 : place);
    if (route && std::ranges::any_of(before, [&](auto& each) { return is_same(each, *route); }))
      continue;
    for (std::size_t outcome = 0; outcome < outcomes().size(); ++outcome) {
      const auto count = statistics.requests[place][outcome].value();
      if (count == 0 && (outcome != granted || is_other)) continue;
      out.counter(name, fmt::format("{},outcome=\"{}\"", labels_of(route), outcomes()[outcome]),
                  count);
    }
  }
}

}  // namespace

std::string_view media_type(Exposition format) {
  return format == Exposition::openmetrics
             ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
             : "text/plain; version=0.0.4; charset=utf-8";
}

std::string expose(const Statistics& statistics, std::span<const Route> routes, Exposition format) {
  Writer out(format);
  out.info("crier_build", "The version that runs", fmt::format("version=\"{}\"", CRIER_VERSION));
  write_requests(out, statistics, routes);
  for (const auto& each : series()) {
    const auto name = fmt::format("crier_{}", each.name);
    const auto value = (statistics.*each.value).value();
    if (each.kind == Series::Kind::gauge) {
      out.gauge(name, each.help, value);
    } else {
      out.begin_counter(name, each.help);
      out.counter(name, "", value);
    }
  }
  out.histogram("crier_commit_seconds", "How long commits took that wrote something",
                statistics.commit_seconds);
  out.histogram("crier_batch_stanzas", "Stanzas that shared a transaction",
                statistics.batch_stanzas);
  const auto sizes = statistics.sizes();
  out.gauge("crier_database_bytes", "The size of the database file", sizes.database);
  out.gauge("crier_wal_bytes", "The size of the write-ahead log", sizes.wal);
  out.gauge("process_resident_memory_bytes", "Resident memory size in bytes", sizes.resident);
  out.gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds",
            statistics.started.value());
  return out.take();
}

}  // namespace crier
