#include "app/options_check.hpp"

#include <crier/element.hpp>
#include <crier/fault.hpp>
#include <crier/xml_writer.hpp>

#include "app/log.hpp"
#include "app/options_limits.hpp"
#include "app/options_rules.hpp"
#include "wire/control_path.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <sysexits.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace crier {

namespace {

void require(std::string_view option, const std::string& value, std::string_view example) {
  if (!value.empty()) return;
  refuse_option(option, "is missing", fmt::format("give it as {}", example));
}

std::string read_domain(const std::string& text) {
  require("--domain", text, "--domain pubsub.example.org");
  const auto domain = parse_domain(text);
  if (!domain)
    refuse_option("--domain", fmt::format("'{}' is not a domain", text),
                  "write it as the server knows it, such as pubsub.example.org");
  return *domain;
}

ServerAddress read_server(const std::string& text) {
  require("--server", text, "--server 127.0.0.1:5347");
  const auto address = parse_server_address(text);
  if (!address)
    refuse_option("--server", fmt::format("'{}' is not HOST:PORT", text),
                  "write it such as 127.0.0.1:5347, xmpp.example.org:5347 or [::1]:5347");
  return *address;
}

bool is_readable_by_all(const std::string& file) {
  struct stat status {};
  return stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         (status.st_mode & S_IROTH) != 0;
}

std::string read_secret_file(const std::string& file) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  std::string secret;
  std::getline(in, secret, '\0');
  if (!in.is_open() || in.bad())
    refuse_option("--secret-file",
                  fmt::format("{} cannot be read ({})", file, std::strerror(errno)),
                  "name a file that the user of crier may read");
  secret.erase(secret.find_last_not_of("\r\n") + 1);
  if (secret.empty())
    refuse_option("--secret-file", fmt::format("{} is empty", file),
                  "write the secret that the server has for the component into it");
  if (secret.find('\n') != std::string::npos)
    refuse_option("--secret-file", fmt::format("{} has more than one line", file),
                  "leave nothing but the secret in it");
  return secret;
}

std::string read_secret(const GivenOptions& given, std::vector<std::string>& warnings) {
  if (given.secret_file.empty()) {
    if (given.secret.empty())
      refuse_option("--secret-file", "is missing",
                    "give it as --secret-file FILE, or the secret itself as CRIER_SECRET");
    return given.secret;
  }
  auto secret = read_secret_file(given.secret_file);
  if (is_readable_by_all(given.secret_file))
    warnings.push_back(
        fmt::format("--secret-file: everybody on this machine can read {0}; "
                    "chmod o-r {0}",
                    given.secret_file));
  return secret;
}

std::string read_control(const std::string& path) {
  if (path.empty()) return default_control_path();
  return path == "none" ? std::string() : path;
}

std::set<std::string, std::less<>> read_admins(const std::vector<std::string>& texts) {
  std::set<std::string, std::less<>> admins;
  for (const auto& text : texts) {
    const auto jid = Jid::parse(text);
    if (!jid || !jid->is_bare())
      refuse_option("--admin", fmt::format("'{}' is not a bare JID", text),
                    "write it such as admin@example.org");
    admins.insert(jid->text());
  }
  return admins;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_letter_or_digit(char c) {
  return is_letter(c) || (c >= '0' && c <= '9');
}

/// RFC 3986 §3: a scheme, a colon, and more; no other characters than URIs have (§2 there).
bool is_uri(std::string_view text) {
  constexpr std::string_view in_scheme = "+-.", in_uri = "-._~:/?#[]@!$&'()*+,;=%";
  const auto colon = text.find(':');
  if (colon == text.npos || colon + 1 == text.size() || !is_letter(text[0])) return false;
  const auto consists_of = [](std::string_view part, std::string_view marks) {
    return std::ranges::all_of(
        part, [&](char c) { return is_letter_or_digit(c) || marks.find(c) != marks.npos; });
  };
  return consists_of(text.substr(0, colon), in_scheme) && consists_of(text, in_uri);
}

std::string read_uri(std::string_view option, std::string_view text, std::string_view example) {
  if (!is_uri(text))
    refuse_option(option, fmt::format("'{}' is not a URI", text),
                  fmt::format("write it such as {}", example));
  return std::string(text);
}

std::string read_name(const std::string& text) {
  if (text.empty()) refuse_option("--name", "is empty", "write a name, or leave it out");
  // What a parser does not take back would end the stream.
  if (!parse_xml(written([&](XmlWriter& out) { out.leaf("name", text); })))
    refuse_option("--name", "holds what XML can not hold",
                  "write it in UTF-8, without control characters");
  return text;
}

/// Nobody without a word: that somebody is an admin is not told to the world unasked. XEP-0157 §5.
std::map<std::string, std::vector<std::string>, std::less<>> read_contacts(
    const std::vector<std::string>& words) {
  constexpr std::string_view types[] = {"abuse",    "admin",  "feedback", "sales",
                                        "security", "status", "support"};
  std::map<std::string, std::vector<std::string>, std::less<>> contacts;
  for (const auto& word : words) {
    const auto equals = word.find('=');
    if (equals == word.npos)
      refuse_option("--contact", fmt::format("'{}' is not TYPE=URI", word),
                    "write it such as admin=xmpp:admin@example.org");
    const auto type = word.substr(0, equals);
    if (std::ranges::find(types, type) == std::end(types))
      refuse_option("--contact", fmt::format("'{}' is not a type of contact", type),
                    fmt::format("choose one of {}", fmt::join(types, ", ")));
    contacts[type].push_back(
        read_uri("--contact", word.substr(equals + 1), "admin=xmpp:admin@example.org"));
  }
  return contacts;
}

LogLevels read_log_levels(const std::string& text) {
  const auto levels = parse_log_levels(text);
  if (!levels)
    refuse_option("--log-level", fmt::format("'{}' is not a level", text),
                  "choose one of error, warning, info, debug; of single modules (service, stream, "
                  "storage, delivery, control, metrics) such as info,stream=debug");
  return *levels;
}

LogFormat read_log_format(const std::string& name) {
  const auto format = parse_log_format(name);
  if (!format)
    refuse_option("--log-format", fmt::format("'{}' is not a format", name),
                  "choose one of auto, human, json, journald");
  return *format;
}

bool read_server_copies(const std::string& word) {
  if (word != "auto" && word != "never")
    refuse_option("--server-copies", fmt::format("'{}' is neither auto nor never", word),
                  "choose one of them");
  return word == "auto";
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

/// A port alone is one of the loopback's.
std::optional<ServerAddress> read_metrics(const std::string& text,
                                          std::vector<std::string>& warnings) {
  if (text.empty()) return std::nullopt;
  const bool is_port = text.find_first_not_of("0123456789") == std::string::npos;
  const auto address = parse_server_address(is_port ? "127.0.0.1:" + text : text);
  if (!address)
    refuse_option("--metrics", fmt::format("'{}' is not [HOST:]PORT", text),
                  "write it such as 9164, or 127.0.0.1:9164");
  if (!is_loopback(address->host))
    warnings.push_back(
        fmt::format("--metrics: whoever reaches {} can read them; there is no "
                    "password",
                    to_text(*address)));
  return address;
}

struct Limit {
  std::string_view option;
  std::uint64_t value;
  std::uint64_t least;
  std::uint64_t most;
};

void check_limits(const GivenOptions& given) {
  constexpr std::uint64_t kib = 1024, gib = kib * kib * kib;
  constexpr std::uint64_t most = std::uint64_t{1} << 62;
  // RFC 6120 §13.12: a limit for stanzas is not below 10,000 bytes.
  const Limit limits[] = {
      {"--max-stanza-bytes", given.max_stanza_bytes, 10'000, gib},
      {"--max-payload-bytes", given.max_payload_bytes, 1, gib},
      {"--node-cache-bytes", given.node_cache_bytes, 64 * kib, most},
      {"--outbox-bytes", given.outbox_bytes, 64 * kib, most},
      {"--max-items", given.max_items, 1, most},
      {"--max-subscriptions", given.max_subscriptions, 1, 0xffff'fffe},
      {"--max-jid-subscriptions", given.max_jid_subscriptions, 1, 1000},
      {"--max-account-subscriptions", given.max_account_subscriptions, 0, most},
      {"--max-nodes", given.max_nodes, 0, most},
      {"--max-affiliations", given.max_affiliations, 1, most},
      {"--max-children", given.max_children, 1, 1'000'000},
      {"--max-lease", given.max_lease, 0, 36'500},
      {"--max-event-age", given.max_event_age, 1, 36'500},
      {"--max-event-bytes", given.max_event_bytes, kib, most},
      {"--max-bounces", given.max_bounces, 1, 1'000'000},
      {"--max-audit-entries", given.max_audit_entries, 1, 1'000'000'000},
      {"--max-audit-age", given.max_audit_age, 1, 36'500},
      {"--page-items", given.page_items, 1, most},
      {"--page-bytes", given.page_bytes, kib, gib},
  };
  for (const auto& limit : limits)
    if (limit.value < limit.least || limit.value > limit.most)
      refuse_option(limit.option, fmt::format("{} is out of range", limit.value),
                    fmt::format("choose a number from {} to {}", limit.least, limit.most));
}

}  // namespace

void refuse_option(std::string_view option, std::string_view what, std::string_view mend) {
  throw Fault(EX_CONFIG, fmt::format("{}: {}; {}", option, what, mend));
}

Options check_options(const GivenOptions& given) {
  Options options;
  auto& policy = options.policy;
  policy.domain = read_domain(given.domain);
  options.server = read_server(given.server);
  options.secret = read_secret(given, options.warnings);
  require("--database", given.database, "--database /var/lib/crier/crier.db");
  options.database = given.database;
  options.control = read_control(given.control);
  options.needs_control = !given.control.empty();
  options.control_group = given.control_group;
  policy.admins = read_admins(given.admins);
  policy.info.name = read_name(given.name);
  if (!given.url.empty())
    policy.info.url = read_uri("--url", given.url, "https://pubsub.example.org/");
  policy.info.contacts = read_contacts(given.contacts);
  options.log_level = read_log_levels(given.log_level);
  options.log_format = read_log_format(given.log_format);
  options.metrics = read_metrics(given.metrics, options.warnings);
  if (!given.tls && !given.tls_ca.empty())
    refuse_option("--tls-ca", "is given without --tls", "add --tls, or leave it out");
  options.tls = given.tls;
  options.tls_ca = given.tls_ca;
  options.server_copies = read_server_copies(given.server_copies);
  check_limits(given);
  options.max_stanza_bytes = given.max_stanza_bytes;
  options.node_cache_bytes = given.node_cache_bytes;
  options.outbox_bytes = given.outbox_bytes;
  policy.max_items = given.max_items;
  policy.max_payload_size = given.max_payload_bytes;
  policy.max_subscriptions_per_node = given.max_subscriptions;
  policy.max_subscriptions_per_jid = given.max_jid_subscriptions;
  policy.max_subscriptions_per_account = given.max_account_subscriptions;
  policy.max_nodes_per_account = given.max_nodes;
  policy.max_affiliations_per_node = given.max_affiliations;
  policy.max_children = given.max_children;
  if (given.max_lease > 0) policy.max_lease = std::chrono::hours(24) * given.max_lease;
  policy.max_event_age = std::chrono::hours(24) * given.max_event_age;
  policy.max_event_bytes_per_node = given.max_event_bytes;
  policy.max_bounces = given.max_bounces;
  policy.max_audit_entries = given.max_audit_entries;
  policy.max_audit_age = std::chrono::days(given.max_audit_age);
  policy.page_items = given.page_items;
  policy.page_bytes = given.page_bytes;
  policy.multi_subscribe = !given.single_subscriptions;
  policy.conceal_private_nodes = given.conceal_private_nodes;
  read_rules(given, policy);
  read_limits(given, policy);
  return options;
}

}  // namespace crier
