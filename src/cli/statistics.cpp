#include "cli/statistics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>

#include "cli/printable.hpp"
#include "cli/table.hpp"

namespace crier::cli {

namespace {

std::optional<double> number_in(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return {};
  return number;
}

Json json_of(double number) {
  if (number == std::floor(number) && std::abs(number) < 1e15)
    return static_cast<std::int64_t>(number);
  return number;
}

/// Which names are no numbers, whatever they look like.
bool is_text(std::string_view name) {
  return name == "version" || name == "server" || name == "database";
}

Json json_of(const ActivityRow& row) {
  Json json{{"name", row.name}};
  if (row.kind != "node") json["node"] = row.node;
  json["events_per_second"] = row.events_per_second;
  json["messages_per_second"] = row.messages_per_second;
  json["bytes_per_second"] = row.bytes_per_second;
  json["events"] = json_of(row.events);
  json["messages"] = json_of(row.messages);
  json["bytes"] = json_of(row.bytes);
  return json;
}

std::string count_text(double number) {
  auto digits = fmt::format("{:.0f}", number);
  for (auto at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string rate_text(double rate) {
  return rate >= 100 ? count_text(rate) : fmt::format("{:.1f}", rate);
}

std::string milliseconds_text(double seconds) {
  return fmt::format("{:.1f} ms", seconds * 1000);
}

double part(double some, double all) {
  return all > 0 ? 100 * some / all : 100;
}

/// How much more of something there is, and for how long that is.
class Progress {
 public:
  Progress(const Snapshot& now, const Snapshot* before) : now_(now), before_(before) {
    // After a restart the counters begin anew.
    if (before && now.number("uptime_seconds") < before->number("uptime_seconds"))
      before_ = nullptr;
    seconds_ = before_ ? std::chrono::duration<double>(now.at - before->at).count()
                       : now.number("uptime_seconds");
  }
  double rate(std::string_view name) const {
    const auto since = before_ ? before_->number(name) : 0;
    return seconds_ > 0 ? (now_.number(name) - since) / seconds_ : 0;
  }

 private:
  const Snapshot& now_;
  const Snapshot* before_;
  double seconds_ = 0;
};

using Lines = std::vector<std::pair<std::string, std::string>>;

Lines summary(const Snapshot& now, const Snapshot* before) {
  const Progress progress(now, before);
  const auto count = [&](std::string_view name) { return count_text(now.number(name)); };
  const auto rate = [&](std::string_view name) { return rate_text(progress.rate(name)); };
  const auto size = [&](std::string_view name) { return size_text(now.number(name)); };
  const auto latency = [&](std::string_view name) { return milliseconds_text(now.number(name)); };
  const auto hits = now.number("cache_hits");
  const bool failing = now.number("storage_failing") > 0;
  return {
      {"Stream", fmt::format("{} {}; {} reconnects",
                             now.number("stream_up") > 0 ? "up to" : "DOWN:", now.text("server"),
                             count("reconnects"))},
      {"Database", fmt::format("{}{}", failing ? "FAILING: " : "", now.text("database"))},
      {"Size", fmt::format("{}, write-ahead log {}, resident memory {}", size("database_bytes"),
                           size("wal_bytes"), size("resident_bytes"))},
      {"Requests", fmt::format("{} ({}/s), {} refused", count("requests"), rate("requests"),
                               count("requests_refused"))},
      {"Published",
       fmt::format("{} items ({}/s)", count("items_published"), rate("items_published"))},
      {"Notified", fmt::format("{} messages ({}/s), {} came back", count("notifications"),
                               rate("notifications"), count("bounces"))},
      {"Traffic", fmt::format("in {} ({}/s), out {} ({}/s)", size("received_bytes"),
                              size_text(progress.rate("received_bytes")), size("sent_bytes"),
                              size_text(progress.rate("sent_bytes")))},
      {"Commits",
       fmt::format("{} ({}/s), p50 {}, p90 {}, p99 {}, {} failed", count("commits"),
                   rate("commits"), latency("commit_p50_seconds"), latency("commit_p90_seconds"),
                   latency("commit_p99_seconds"), count("commits_failed"))},
      {"Queue", fmt::format("answers {}, notifications {}, {} requests wait for rosters",
                            size("outbox_answer_bytes"), size("outbox_broadcast_bytes"),
                            count("waiting_requests"))},
      {"Cache", fmt::format("{} nodes, {}, {:.1f} % found, {} evicted", count("cache_nodes"),
                            size("cache_bytes"), part(hits, hits + now.number("cache_misses")),
                            count("cache_evictions"))},
      {"Online", fmt::format("{} resources of {} accounts", count("presence_resources"),
                             count("presence_accounts"))},
      {"Durable", fmt::format("{} subscriptions behind, {} events kept",
                              count("subscriptions_behind"), count("events_logged"))},
  };
}

std::string title(const Snapshot& snapshot) {
  return fmt::format("crier {}, up {}\n", printable(snapshot.text("version")),
                     duration_text(snapshot.number("uptime_seconds")));
}

std::string text_of(const Lines& lines) {
  std::string out;
  for (const auto& [name, text] : lines) out += fmt::format("{:<11}{}\n", name, printable(text));
  return out;
}

double sorted_by(const ActivityRow& row, TopOrder order) {
  switch (order) {
    case TopOrder::publishes: return row.events_per_second;
    case TopOrder::messages: return row.messages_per_second;
    case TopOrder::bytes: return row.bytes_per_second;
  }
  return 0;
}

std::vector<ActivityRow> rows_of(const Snapshot& snapshot, std::string_view kind) {
  std::vector<ActivityRow> found;
  for (const auto& row : snapshot.rows)
    if (row.kind == kind) found.push_back(row);
  return found;
}

Table nodes_table(const Snapshot& snapshot, TopOrder order) {
  auto rows = rows_of(snapshot, "node");
  std::ranges::stable_sort(rows, std::greater(),
                           [&](const auto& row) { return sorted_by(row, order); });
  Table table{{"PUBLISH/S", "MESSAGES/S", "BYTES/S", "FAN-OUT", "NODE"}, {}};
  for (const auto& row : rows)
    table.rows.push_back({rate_text(row.events_per_second), rate_text(row.messages_per_second),
                          size_text(row.bytes_per_second),
                          row.events > 0 ? rate_text(row.messages / row.events) : "-", row.name});
  return table;
}

Table subscribers_table(const Snapshot& snapshot) {
  Table table{{"TROUBLE", "COUNT", "SUBSCRIBER", "NODE"}, {}};
  for (const auto& row : rows_of(snapshot, "bouncing"))
    table.rows.push_back({"bounces", count_text(row.events), row.name, row.node});
  for (const auto& row : rows_of(snapshot, "behind"))
    table.rows.push_back({"behind", count_text(row.events), row.name, row.node});
  return table;
}

/// The lines of `text` that fit, each cut to the width.
std::string fitting(std::string_view text, ScreenSize size) {
  std::string out;
  for (std::size_t row = 0; !text.empty() && (size.rows == 0 || row < size.rows); ++row) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    out += size.columns == 0 ? std::string(line) : fit(line, size.columns);
    out += '\n';
  }
  return out;
}

}  // namespace

std::string Snapshot::text(std::string_view name) const {
  for (const auto& [known, value] : values)
    if (known == name) return value;
  return {};
}

double Snapshot::number(std::string_view name) const {
  return number_in(text(name)).value_or(0);
}

Snapshot read_statistics(const CommandAnswer& answer) {
  Snapshot snapshot;
  snapshot.at = std::chrono::steady_clock::now();
  for (const auto& field : answer.form.fields)
    snapshot.values.emplace_back(field.var, field.values.empty() ? "" : field.values.front());
  for (const auto& cells : answer.table.rows) {
    std::map<std::string, std::string> row;
    for (std::size_t column = 0; column < answer.table.columns.size(); ++column)
      if (!cells[column].empty()) row[answer.table.columns[column].var] = cells[column].front();
    const auto number = [&](const char* name) { return number_in(row[name]).value_or(0); };
    snapshot.rows.push_back({row["kind"], row["name"], row["node"], number("events_per_second"),
                             number("messages_per_second"), number("bytes_per_second"),
                             number("events"), number("messages"), number("bytes")});
  }
  return snapshot;
}

Json to_json(const Snapshot& snapshot) {
  auto json = Json::object();
  for (const auto& [name, value] : snapshot.values) {
    const auto number = is_text(name) ? std::nullopt : number_in(value);
    json[name] = number ? json_of(*number) : Json(value);
  }
  constexpr std::array<std::pair<const char*, const char*>, 3> kinds{
      {{"nodes", "node"}, {"bouncing", "bouncing"}, {"behind", "behind"}}};
  for (const auto& [member, kind] : kinds) {
    json[member] = Json::array();
    for (const auto& row : rows_of(snapshot, kind)) json[member].push_back(json_of(row));
  }
  return json;
}

std::string status_text(const Snapshot& snapshot) {
  return title(snapshot) + text_of(summary(snapshot, nullptr));
}

std::string top_text(const Snapshot& now, const Snapshot* before, TopOrder order, ScreenSize size) {
  auto text = title(now) + text_of(summary(now, before));
  const auto troubled = subscribers_table(now);
  if (!troubled.rows.empty()) text += '\n' + to_text(troubled, size.columns);
  text += '\n' + to_text(nodes_table(now, order), size.columns);
  return fitting(text, size);
}

std::string size_text(double bytes) {
  constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  while (bytes >= 1024 && unit + 1 < units.size()) {
    bytes /= 1024;
    ++unit;
  }
  return unit == 0 ? fmt::format("{:.0f} B", bytes) : fmt::format("{:.1f} {}", bytes, units[unit]);
}

std::string duration_text(double seconds) {
  const auto all = static_cast<std::int64_t>(seconds);
  const auto days = all / 86'400;
  const auto clock = fmt::format("{:02}:{:02}:{:02}", all / 3600 % 24, all / 60 % 60, all % 60);
  return days > 0 ? fmt::format("{} d {}", days, clock) : clock;
}

}  // namespace crier::cli
