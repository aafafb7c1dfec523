#pragma once
/// Notifications that come back. XEP-0060 §12.4.

#include <crier/service.hpp>

namespace crier {

void install_bounces(Service& service);

}  // namespace crier
