#pragma once
/// From the words of the configuration to what they mean.

#include "app/options.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace crier {

/// The options as they were given, or their defaults.
struct GivenOptions {
  std::string domain;
  std::string server;
  std::string secret_file;
  /// Of the environment; counts when there is no file.
  std::string secret;
  std::string database;
  std::string control;
  std::string control_group;
  std::vector<std::string> admins;
  std::vector<std::string> creators;
  /// Rules: `PATTERN WHO…`, `PATTERN FIELD=VALUE…`.
  std::vector<std::string> creators_by_name;
  std::vector<std::string> node_defaults;
  std::vector<std::string> node_forces;
  std::vector<std::string> reserved;
  std::vector<std::string> anonymous;
  /// Rules of rates and quotas: options_limits.hpp.
  std::vector<std::string> limits;
  std::vector<std::string> quotas;
  std::uint64_t max_nodes = 0;
  std::uint64_t max_account_subscriptions = 0;
  std::uint64_t max_jid_subscriptions = Policy().max_subscriptions_per_jid;
  std::uint64_t max_affiliations = Policy().max_affiliations_per_node;
  std::uint64_t max_children = Policy().max_children;
  /// In days; 0: without limit.
  std::uint64_t max_lease = 0;
  /// In days.
  std::uint64_t max_event_age = 7;
  std::uint64_t max_event_bytes = 0;
  std::uint64_t max_bounces = Policy().max_bounces;
  std::uint64_t max_audit_entries = Policy().max_audit_entries;
  /// In days.
  std::uint64_t max_audit_age = 365;
  bool single_subscriptions = false;
  bool conceal_private_nodes = false;
  std::string name = ServiceInfo().name;
  std::string url;
  std::vector<std::string> contacts;
  std::string log_level = "info";
  std::string log_format = "auto";
  std::string metrics;
  bool tls = false;
  std::string tls_ca;
  std::string server_copies = "auto";
  std::uint64_t max_stanza_bytes = 0;
  std::uint64_t node_cache_bytes = 0;
  std::uint64_t outbox_bytes = 0;
  std::uint64_t max_items = Policy().max_items;
  std::uint64_t max_payload_bytes = 0;
  std::uint64_t max_subscriptions = Policy().max_subscriptions_per_node;
  std::uint64_t page_items = Policy().page_items;
  std::uint64_t page_bytes = 0;
};

/// The options, checked and read. Throws Fault (EX_CONFIG) that names the first one that is wrong.
Options check_options(const GivenOptions& given);

/// Throws a Fault (EX_CONFIG) of one line: the option, what is wrong with it, how to mend it.
[[noreturn]] void refuse_option(std::string_view option, std::string_view what,
                                std::string_view mend);

}  // namespace crier
