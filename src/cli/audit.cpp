/// `crier audit`: what was changed, by whom.

#include <crier/fault.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>

#include "cli/client_command.hpp"
#include "cli/client_session.hpp"
#include "cli/duration.hpp"
#include "cli/exit_status.hpp"
#include "cli/interrupt.hpp"
#include "cli/nouns.hpp"
#include "cli/printable.hpp"
#include "cli/report.hpp"

namespace crier::cli {

namespace {

constexpr auto audit_command = "urn:crier:command:audit";
/// Of one answer.
constexpr int largest_page = 500;

struct AuditOptions {
  std::string node;
  std::string by;
  std::string since;
  int limit = 50;
  bool follow = false;
};

/// What the options choose from.
std::vector<Setting> filters_of(const AuditOptions& options) {
  std::vector<Setting> settings;
  if (!options.node.empty()) settings.push_back({"node", {options.node}});
  if (!options.by.empty()) {
    const auto jid = Jid::parse(options.by);
    if (!jid)
      throw Fault(exit_status::usage,
                  fmt::format("--by: \"{}\" is not an address", printable(options.by)));
    settings.push_back({"by", {jid->to_bare().text()}});
  }
  if (!options.since.empty()) {
    const auto now = std::chrono::floor<Time::duration>(std::chrono::system_clock::now());
    const auto since = parse_moment(options.since, now);
    if (!since)
      throw Fault(exit_status::usage,
                  fmt::format("--since: \"{}\" is no time; write it as 2024-05-01, "
                              "2024-05-01T12:00:00Z, or as how long ago: 90s, 30m, 12h, 7d",
                              printable(options.since)));
    settings.push_back({"since", {format_datetime(*since)}});
  }
  return settings;
}

/// The newest entries, the oldest of them first.
FormTable newest(ClientSession& session, const AuditOptions& options) {
  auto settings = filters_of(options);
  settings.push_back({"max", {}});
  settings.push_back({"before", {"0"}});
  FormTable list;
  std::string next;
  do {
    const auto left = options.limit - static_cast<int>(list.rows.size());
    settings[settings.size() - 2].values = {std::to_string(std::min(left, largest_page))};
    auto page = read_page(session, audit_command, settings, next, {options.node});
    if (list.columns.empty()) list.columns = std::move(page.columns);
    std::ranges::move(page.rows, std::back_inserter(list.rows));
    settings.back().values = {next};
  } while (!next.empty() && static_cast<int>(list.rows.size()) < options.limit);
  std::ranges::reverse(list.rows);
  return list;
}

constexpr std::string_view columns[] = {"time", "by", "action", "node", "subject", "old", "new"};

void print_lines(const FormTable& list, bool json) {
  for (std::size_t row = 0; row < list.rows.size(); ++row) {
    if (json) {
      print_json(to_json(list, row));
      continue;
    }
    std::string line;
    for (const auto var : columns) {
      const auto text = printable(cell(list, row, var));
      line += (line.empty() ? "" : "  ") + (text.empty() ? std::string("-") : text);
    }
    print(line + '\n');
  }
  flush_output();
}

/// Asks once a second for what came behind the last entry.
void follow(ClientSession& session, const AuditOptions& options, std::string last, bool json) {
  const Interrupt interrupt;
  const auto stop = [&] { return interrupt.signal() != 0; };
  auto settings = filters_of(options);
  settings.push_back({"oldest-first", {"1"}});
  settings.push_back({"after", {last.empty() ? "0" : last}});
  while (!stop()) {
    std::string next;
    const auto page = read_page(session, audit_command, settings, next, {options.node});
    print_lines(page, json);
    if (!page.rows.empty()) settings.back().values = {cell(page, page.rows.size() - 1, "id")};
    if (next.empty())
      session.next_message(std::chrono::steady_clock::now() + std::chrono::seconds(1), stop);
  }
}

void run(const Call& call, const AuditOptions& options) {
  ClientSession session(call.connection);
  const auto list = newest(session, options);
  if (options.follow) {
    print_lines(list, call.json);
    const auto last = list.rows.empty() ? std::string() : cell(list, list.rows.size() - 1, "id");
    return follow(session, options, last, call.json);
  }
  call.json ? print_json(to_json(list)) : print_table(to_table(list, columns));
}

void declare(Arguments arguments, AuditOptions& options) {
  const auto text = [&](const char* name, std::string& value, const char* type, const char* about) {
    arguments.add_option(name, value, about).type_name(type).not_configurable();
  };
  text("--node", options.node, "NODE", "only what was done to this node");
  text("--by", options.by, "JID", "only what this account has done");
  text("--since", options.since, "TIME", "since a time, or for so long: 2024-05-01, 12h, 7d");
  arguments.add_count("--limit", options.limit, "so many entries; 50");
  arguments.add_flag("--follow", options.follow, "go on with what comes, a line each")
      .not_configurable();
}

constexpr Verb<AuditOptions> command = {
    "audit",
    "show what was changed, and by whom, the newest last",
    "  crier audit --limit 20\n"
    "  crier audit --node princely_musings --since 7d\n"
    "  crier audit --by bard@example.org --since 2024-05-01 --json\n"
    "  crier audit --follow\n",
    declare,
    run,
};

}  // namespace

std::unique_ptr<Subcommand> audit() {
  return make_command(command);
}

}  // namespace crier::cli
