#pragma once
/// The ad-hoc command by which an owner is asked again about pending subscriptions. XEP-0060 §8.7.

namespace crier {

class Service;

void install_get_pending(Service& service);

}  // namespace crier
