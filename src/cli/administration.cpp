/// `crier ban`, `crier unban`, `crier announce`, `crier shutdown`: the whole service in the hands
/// of its administrators. They are ad-hoc commands of the service (XEP-0050, XEP-0133 §4.23,
/// §4.31).

#include <crier/fault.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <iterator>

#include "cli/ad_hoc.hpp"
#include "cli/client_command.hpp"
#include "cli/client_session.hpp"
#include "cli/duration.hpp"
#include "cli/exit_status.hpp"
#include "cli/nouns.hpp"
#include "cli/printable.hpp"
#include "cli/report.hpp"

namespace crier::cli {

namespace {

constexpr auto ban_command = "urn:crier:command:ban";
constexpr auto unban_command = "urn:crier:command:unban";
constexpr auto bans_command = "urn:crier:command:bans";
constexpr auto announce_command = "http://jabber.org/protocol/admin#announce";
constexpr auto shutdown_command = "http://jabber.org/protocol/admin#shutdown";

/// What the service says, or `json`.
void tell(const Call& call, const CommandAnswer& answer, const Json& json) {
  call.json ? print_json(json) : print(printable(answer.notes_of("info")) + '\n');
}

/// The bare JID that is meant; of a full one its account is banned.
Jid entity_of(const std::string& text) {
  const auto jid = Jid::parse(text);
  if (!jid)
    throw Fault(exit_status::usage, fmt::format("\"{}\" is not an address", printable(text)));
  return jid->to_bare();
}

std::chrono::seconds duration_of(const std::string& option, const std::string& text) {
  const auto duration = parse_duration(text);
  if (!duration)
    throw Fault(exit_status::usage,
                fmt::format("{}: \"{}\" is no length of time; write it as 90s, 30m, 12h, 7d or 4w",
                            option, printable(text)));
  return *duration;
}

struct BanOptions {
  std::string entity;
  std::string reason;
  std::string duration;
  bool list = false;
};

constexpr std::string_view ban_columns[] = {"jid", "created", "expires", "by", "reason"};

void list_bans(const Call& call) {
  ClientSession session(call.connection);
  const auto bans = read_report(session, bans_command, {});
  call.json ? print_json(to_json(bans)) : print_table(to_table(bans, ban_columns));
}

void run_ban(const Call& call, const BanOptions& options) {
  if (options.list != options.entity.empty())
    throw Fault(exit_status::usage, "give JID, a JID or a domain, or --list");
  if (options.list) return list_bans(call);
  const auto entity = entity_of(options.entity);
  std::vector<Setting> settings{{"jid", {entity.text()}}};
  if (!options.reason.empty()) settings.push_back({"reason", {options.reason}});
  if (!options.duration.empty()) {
    const auto duration = duration_of("--for", options.duration);
    if (duration.count() == 0) throw Fault(exit_status::usage, "--for: it is longer than nothing");
    settings.push_back({"duration", {std::to_string(duration.count())}});
  }
  ClientSession session(call.connection);
  tell(call, run_command(session, ban_command, settings),
       Json{{"jid", entity.text()}, {"done", "banned"}});
}

struct UnbanOptions {
  std::string entity;
};

void run_unban(const Call& call, const UnbanOptions& options) {
  const auto entity = entity_of(options.entity);
  const std::vector<Setting> settings{{"jid", {entity.text()}}};
  ClientSession session(call.connection);
  tell(call, run_command(session, unban_command, settings),
       Json{{"jid", entity.text()}, {"done", "unbanned"}});
}

struct AnnounceOptions {
  std::string text;
  std::string subject;
  bool keep = false;
  bool yes = false;
};

/// The lines of the argument, or of the input for `-`.
std::vector<std::string> lines_of(std::string text) {
  if (text == "-")
    text.assign(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  std::vector<std::string> lines;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

void run_announce(const Call& call, const AnnounceOptions& options) {
  const auto lines = lines_of(options.text);
  if (lines.size() == 1 && lines.front().empty())
    throw Fault(exit_status::usage, "TEXT: there is nothing to say");
  if (!options.yes)
    confirm(fmt::format("Send this to all subscribers of {}?", call.connection.service.text()));
  std::vector<Setting> settings{{"announcement", lines}};
  if (!options.subject.empty()) settings.push_back({"x-subject", {options.subject}});
  if (options.keep) settings.push_back({"x-type", {"normal"}});
  ClientSession session(call.connection);
  tell(call, run_command(session, announce_command, settings), Json{{"done", "announced"}});
}

struct ShutdownOptions {
  std::string delay = "0s";
  std::string announcement;
  bool yes = false;
};

void run_shutdown(const Call& call, const ShutdownOptions& options) {
  const auto delay = duration_of("--delay", options.delay);
  if (delay > std::chrono::hours(24))
    throw Fault(exit_status::usage, "--delay: it is at most a day (24h)");
  if (!options.yes) confirm(fmt::format("Shut {} down?", call.connection.service.text()));
  std::vector<Setting> settings{{"delay", {std::to_string(delay.count())}}};
  if (!options.announcement.empty())
    settings.push_back({"announcement", lines_of(options.announcement)});
  ClientSession session(call.connection);
  tell(call, run_command(session, shutdown_command, settings),
       Json{{"done", "shutting down"}, {"delay", delay.count()}});
}

void declare_ban(Arguments arguments, BanOptions& options) {
  arguments.add_option("JID", options.entity, "a JID, or a domain");
  arguments.add_option("--reason", options.reason, "what the banned read")
      .type_name("TEXT")
      .not_configurable();
  arguments.add_option("--for", options.duration, "how long, such as 30m, 12h, 7d; else for ever")
      .type_name("TIME")
      .not_configurable();
  arguments.add_flag("--list", options.list, "list the bans").not_configurable();
}

void declare_unban(Arguments arguments, UnbanOptions& options) {
  arguments.add_option("JID", options.entity, "a JID, or a domain").required();
}

void declare_announce(Arguments arguments, AnnounceOptions& options) {
  arguments.add_option("TEXT", options.text, "what there is to say; - for the standard input")
      .required();
  arguments.add_option("--subject", options.subject, "what it is about")
      .type_name("TEXT")
      .not_configurable();
  arguments.add_flag("--keep", options.keep, "servers keep it for those who are offline")
      .not_configurable();
  arguments.add_yes(options.yes);
}

void declare_shutdown(Arguments arguments, ShutdownOptions& options) {
  arguments.add_option("--delay", options.delay, "after so long, such as 5m; at once")
      .type_name("TIME")
      .not_configurable();
  arguments
      .add_option("--announcement", options.announcement, "what all subscribers are told before")
      .type_name("TEXT")
      .not_configurable();
  arguments.add_yes(options.yes);
}

constexpr Verb<BanOptions> ban_verb = {
    "ban",
    "refuse an account, or all of a domain, everything; or list the bans",
    "  crier ban spammer@example.net --reason 'Advertising' --for 30d\n"
    "  crier ban spam.example\n"
    "  crier ban --list\n",
    declare_ban,
    run_ban,
};

constexpr Verb<UnbanOptions> unban_verb = {
    "unban",
    "lift the ban of an account or a domain",
    "  crier unban spammer@example.net\n",
    declare_unban,
    run_unban,
};

constexpr Verb<AnnounceOptions> announce_verb = {
    "announce",
    "send a message to everybody who is subscribed",
    "  crier announce 'Maintenance tonight from 22:00 to 22:10 UTC' --keep --yes\n"
    "  crier announce --subject News --yes - < news.txt\n",
    declare_announce,
    run_announce,
};

constexpr Verb<ShutdownOptions> shutdown_verb = {
    "shutdown",
    "end the process of the service",
    "  crier shutdown --delay 5m --announcement 'Back in ten minutes'\n",
    declare_shutdown,
    run_shutdown,
};

}  // namespace

std::unique_ptr<Subcommand> ban() {
  return make_command(ban_verb);
}

std::unique_ptr<Subcommand> unban() {
  return make_command(unban_verb);
}

std::unique_ptr<Subcommand> announce() {
  return make_command(announce_verb);
}

std::unique_ptr<Subcommand> shutdown() {
  return make_command(shutdown_verb);
}

}  // namespace crier::cli
