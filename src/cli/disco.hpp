#pragma once
/// Lists that come in pages.

#include <string>
#include <vector>

#include "cli/client_session.hpp"
#include "cli/responses.hpp"

namespace crier::cli {

/// The nodes of the service, or the items of `node` if that is not empty, all pages. XEP-0059 §2.2
/// Throws Fault when the service refuses, or goes on without end.
std::vector<DiscoItem> discover_all_items(ClientSession& session, const std::string& node);

}  // namespace crier::cli
