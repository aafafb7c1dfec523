#pragma once
/// The rooms: one file a protocol beyond XEP-0060, each with one function that registers it.

#include <crier/service.hpp>

namespace crier {

/// Ping (XEP-0199), software version (XEP-0092), uptime (XEP-0012), time (XEP-0202). vitals.cpp
void install_vitals(Service& service);

}  // namespace crier
