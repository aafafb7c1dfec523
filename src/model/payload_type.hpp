#pragma once
/// What pubsub#type says of the payloads. XEP-0060 §7.1.3.6, §16.4.4.

#include <string_view>

namespace crier {

/// The namespace that the payloads of a node of that type have: the type itself, but for profiles
/// whose name is not that of their payloads (XEP-0277, XEP-0472).
std::string_view payload_namespace(std::string_view type);

}  // namespace crier
