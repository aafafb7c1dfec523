#pragma once
/// What keeps a service from working, or will: each thing that can be looked at from outside, with
/// what to do about it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/configuration.hpp"

namespace crier {

enum class Health { ok, skipped, warning, failure };

/// `ok`, `skipped`, `warning` or `FAIL`.
std::string_view to_text(Health health);

/// One thing that was looked at.
struct Finding {
  /// A word or two, such as `secret file`.
  std::string check;
  Health health = Health::ok;
  /// What was found, or why nothing was looked at; without a full stop.
  std::string what;
  /// What to do; empty when there is nothing to do.
  std::string advice = {};
};

using Findings = std::vector<Finding>;

/// The process that serves from the database `file` at this moment: its id, 0 when it can not be
/// told; nothing when there is none.
std::optional<int> serving_process(const std::string& file);

/// The mistakes in the configuration and what is not wise in it.
Findings diagnose_configuration(const Configuration& configuration);

/// Who may read the file with the secret.
Findings diagnose_secret(const std::string& file);

/// Whether the database is one of crier's and undamaged, looked at for some seconds at most, and
/// whether its disk has room. Changes nothing, and may run beside the service.
Findings diagnose_database(const std::string& file);

/// The clock, compared with the times of `file`, if that is there; the limits of this user; memory
/// for `wanted_bytes`; systemd.
Findings diagnose_machine(const std::string& file, std::uint64_t wanted_bytes);

/// Whether the server can be reached; unless the service `runs`, whether it takes the component: a
/// second connection of a component would be refused (Prosody) or get a part of its stanzas
/// (ejabberd). `checked` is nothing when the configuration is wrong. Takes seconds at most.
Findings diagnose_server(const std::string& server, const std::optional<Options>& checked,
                         bool runs);

/// Whether servers and clients elsewhere find the service's domain and its parent in the DNS. Names
/// that never leave the machine are passed over.
Findings diagnose_dns(const std::string& domain);

}  // namespace crier
