#pragma once
/// The rooms: one file a protocol beyond XEP-0060, each with one function that registers it.

#include <crier/service.hpp>

namespace crier {

/// Ad-hoc commands (XEP-0050); after all that register some. commands.cpp
void install_commands(Service& service);
/// Stanza headers (XEP-0131). headers.cpp
void install_headers(Service& service);
/// Ping (XEP-0199) and software version (XEP-0092). vitals.cpp
void install_vitals(Service& service);

}  // namespace crier
