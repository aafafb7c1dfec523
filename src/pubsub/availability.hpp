#pragma once
/// What happens when somebody comes online or goes offline. XEP-0060 §6.1.7, §12.5; XEP-0312.

#include <crier/service.hpp>

namespace crier {

void install_availability(Service& service);

}  // namespace crier
