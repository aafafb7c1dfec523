#pragma once
/// What systemd is told. sd_notify(3).

#include <string>
#include <string_view>

namespace crier {

/// Sends `state`, such as "READY=1", to the socket that NOTIFY_SOCKET names, a path or an abstract
/// name with '@' in front. Does nothing when there is none, or when it does not listen.
void notify_service_manager(std::string_view state);

/// The state that tells that the configuration is being read again; READY=1 ends it.
/// Type=notify-reload, systemd.service(5).
std::string reloading_state();

}  // namespace crier
