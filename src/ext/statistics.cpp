/// An ad-hoc command for admins: what the service counts, as a form. docs/insight.md has its
/// fields.

#include <crier/form.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "ext/rooms.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace crier {

namespace {

constexpr std::string_view command_node = "urn:crier:command:statistics";
constexpr std::string_view form_type = "urn:crier:statistics:0";

/// Of each table so many rows.
constexpr std::size_t most_rows = 25;
/// Of the subscriptions that are behind so many are looked at.
constexpr std::size_t most_looked_at = 1000;

void write_text(XmlWriter& out, std::string_view var, std::string_view label,
                std::string_view value) {
  write_field(out, var, "text-single", label, value);
}

void write_number(XmlWriter& out, std::string_view var, std::string_view label,
                  std::uint64_t value) {
  write_text(out, var, label, std::to_string(value));
}

/// How many requests were answered, and how many of them refused.
std::pair<std::uint64_t, std::uint64_t> count_requests(const Statistics& statistics) {
  std::uint64_t all = 0;
  std::uint64_t good = 0;
  for (const auto& route : statistics.requests) {
    good += route[granted].value();
    for (const auto& outcome : route) all += outcome.value();
  }
  return {all, all - good};
}

void write_summary(XmlWriter& out, Turn& turn) {
  const auto& statistics = turn.statistics();
  const auto sizes = statistics.sizes();
  const auto [requests, refused] = count_requests(statistics);
  const auto& commits = statistics.commit_seconds;
  const auto seconds = [](double value) { return fmt::format("{:.6f}", value); };
  write_text(out, "version", "Version", CRIER_VERSION);
  write_number(out, "uptime_seconds", "Seconds since the start",
               static_cast<std::uint64_t>(turn.uptime().count()));
  write_text(out, "server", "The server's port for components", statistics.server);
  write_text(out, "database", "The database file", statistics.database);
  write_number(out, "database_bytes", "Its size in bytes", sizes.database);
  write_number(out, "wal_bytes", "Bytes of the write-ahead log", sizes.wal);
  write_number(out, "resident_bytes", "Bytes of resident memory", sizes.resident);
  write_number(out, "requests", "Requests answered", requests);
  write_number(out, "requests_refused", "Of them refused", refused);
  write_number(out, "commits", "Transactions that wrote something", commits.count());
  write_text(out, "commit_p50_seconds", "Half of them took at most",
             seconds(commits.quantile(0.5)));
  write_text(out, "commit_p90_seconds", "90 % of them", seconds(commits.quantile(0.9)));
  write_text(out, "commit_p99_seconds", "99 % of them", seconds(commits.quantile(0.99)));
  write_number(out, "batches", "Batches of stanzas", statistics.batch_stanzas.count());
  for (const auto& each : series())
    write_number(out, each.name, each.help, (statistics.*each.value).value());
}

/// One row of the table.
struct Row {
  std::string_view kind;
  Busiest::Entry entry;
};

/// Durable subscriptions that are catching up, those that have to get furthest in front.
std::vector<Busiest::Entry> those_behind(Turn& turn) {
  const auto& deliveries = turn.session().deliveries;
  std::vector<Busiest::Entry> found;
  std::size_t looked_at = 0;
  for (const auto& [subscription, replay] : deliveries.replays) {
    if (++looked_at > most_looked_at) break;
    const auto flow = deliveries.flows.find(replay.node);
    if (flow == deliveries.flows.end() || !flow->second.node) continue;
    const Node& node = *flow->second.node;
    const auto head = static_cast<double>(node.head);
    const auto sent = static_cast<double>(replay.sent);
    const auto jid = node.subscriptions.jid(node.subscriptions.at(replay.at));
    found.push_back({std::string(jid), node.key.name, {}, {.events = std::max(head - sent, 0.0)}});
  }
  std::ranges::sort(found, std::greater(), [](const auto& entry) { return entry.total.events; });
  if (found.size() > most_rows) found.resize(most_rows);
  return found;
}

std::vector<Row> rows(Turn& turn) {
  std::vector<Row> found;
  const auto add = [&](std::string_view kind, std::vector<Busiest::Entry> entries) {
    for (auto& entry : entries) found.push_back({kind, std::move(entry)});
  };
  add("node", turn.statistics().nodes.top(most_rows));
  add("bouncing", turn.statistics().bouncing.top(most_rows));
  add("behind", those_behind(turn));
  return found;
}

constexpr std::pair<std::string_view, std::string_view> columns[] = {
    {"kind", "Table"},
    {"name", "Node or subscriber"},
    {"node", "Node of the subscriber"},
    {"events_per_second", "Publications, bounces for each second"},
    {"messages_per_second", "Notifications for each second"},
    {"bytes_per_second", "Bytes of them for each second"},
    {"events", "Publications, bounces, events behind"},
    {"messages", "Notifications"},
    {"bytes", "Bytes of them"},
};

void write_row(XmlWriter& out, const Row& row) {
  const auto rate = [](double value) { return fmt::format("{:.2f}", value); };
  const auto count = [](double value) { return fmt::format("{:.0f}", value); };
  const auto& [name, detail, each_second, total] = row.entry;
  const std::string values[] = {std::string(row.kind),
                                name,
                                detail,
                                rate(each_second.events),
                                rate(each_second.messages),
                                rate(each_second.bytes),
                                count(total.events),
                                count(total.messages),
                                count(total.bytes)};
  auto item = out.open("item");
  for (std::size_t column = 0; column < std::size(columns); ++column) {
    auto field = out.open("field");
    field.attr("var", columns[column].first);
    out.leaf("value", values[column]);
  }
}

void write_table(XmlWriter& out, const std::vector<Row>& table) {
  if (table.empty()) return;
  {
    auto reported = out.open("reported");
    for (const auto& [var, label] : columns)
      out.open("field").attr("var", var).attr("type", "text-single").attr("label", label);
  }
  for (const auto& row : table) write_row(out, row);
}

Result<CommandStage> tell_statistics(const Request&, const DataForm*, Turn& turn) {
  return CommandStage{CommandStage::Status::completed, written([&](XmlWriter& out) {
                        auto x = out.open("x", ns::data_forms);
                        x.attr("type", "result");
                        out.leaf("title", "What the service counts");
                        write_form_type(out, form_type);
                        write_summary(out, turn);
                        write_table(out, rows(turn));
                      })};
}

}  // namespace

void install_statistics(Service& service) {
  service.add_command(
      {command_node, "Statistics of the service", tell_statistics, CommandLevel::admins});
}

}  // namespace crier
