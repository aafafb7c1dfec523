#pragma once
/// Where the control socket is when nobody says where.

#include <string>

namespace crier {

/// Where the service listens: in $RUNTIME_DIRECTORY (systemd.exec(5)), for root in /run/crier, else
/// in $XDG_RUNTIME_DIR/crier. Empty when there is none of these.
std::string default_control_path();

/// Where a command looks for it: the first of /run/crier/control and
/// $XDG_RUNTIME_DIR/crier/control that is there; empty when none is.
std::string find_control_path();

}  // namespace crier
