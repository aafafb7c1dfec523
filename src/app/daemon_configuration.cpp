/// The configuration that is read again while the service runs.

#include "app/daemon.hpp"

#include <crier/errors.hpp>
#include <crier/fault.hpp>

#include <fmt/format.h>

#include <utility>

namespace crier {

Result<Reload> Daemon::read_configuration(std::string_view occasion) {
  try {
    auto reload = configuration_.read();
    log_.write(LogLevel::info,
               fmt::format("the configuration was read again ({}): {}", occasion, to_text(reload)));
    return reload;
  } catch (const Fault& fault) {
    log_.write(LogLevel::error,
               fmt::format("the configuration stays as it is ({}): {}", occasion, fault.what()));
    return errors::bad_request.because(fault.what());
  }
}

void Daemon::apply_configuration() {
  const auto log_levels = configuration_.options().log_level;
  if (!configuration_.take()) return;
  const Options& options = configuration_.options();
  const Service before = std::exchange(service_, make_service(options.policy));
  batch_.policy_changed(before);
  nodes_.set_budget(options.node_cache_bytes);
  nodes_.trim();
  outbox_bytes_ = options.outbox_bytes;
  if (control_) control_->set_limits({.max_stanza_bytes = options.max_stanza_bytes});
  stream_.set_limits({.max_stanza_bytes = options.max_stanza_bytes}, options.outbox_bytes);
  // What an administrator has set holds until the operator wants something else.
  if (options.log_level != log_levels) log_.set_level(options.log_level);
  for (const auto& warning : options.warnings) log_.write(LogLevel::warning, warning);
}

}  // namespace crier
