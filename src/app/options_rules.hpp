#pragma once
/// What the operator rules for names and accounts: from the words of the configuration to the
/// policy. A rule is a pattern for NodeIDs, a space, and words.

#include "app/options_check.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace crier {

/// The domain that `text` spells, normalised; nothing when it is no domain.
std::optional<std::string> parse_domain(std::string_view text);

/// The words of a rule.
std::vector<std::string> words_of(std::string_view text);

/// Who may create nodes, how they are configured, who is anonymous: into `policy`, whose domain and
/// limits are there already. Throws Fault (EX_CONFIG)
/// that names the first rule that is wrong.
void read_rules(const GivenOptions& given, Policy& policy);

}  // namespace crier
