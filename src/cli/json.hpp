#pragma once
/// What `--json` prints.

#include <nlohmann/json.hpp>

#include <string>

namespace crier::cli {

/// Members stay in the order in which they were added.
using Json = nlohmann::ordered_json;

/// `json` on one line, harmless to a terminal. A byte that is not UTF-8 becomes U+FFFD.
std::string to_text(const Json& json);

}  // namespace crier::cli
