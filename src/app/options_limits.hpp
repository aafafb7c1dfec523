#pragma once
/// Rates and quotas: from the words of the configuration to the policy.
///
///     WHAT SCOPE [PATTERN] NUMBER/UNIT [burst NUMBER]   requests account *@a.example 20/s burst 9
///     WHAT SCOPE [PATTERN] NUMBER                       nodes account 100
///
/// SCOPE is account, domain or service; the pattern is of bare JIDs or domains, `*` when it is left
/// out; the service has none. UNIT is s, min or h. `any` instead of the number lifts a limit.

#include "app/options_check.hpp"

namespace crier {

/// Into `policy`. Throws Fault (EX_CONFIG) that names the first rule that is wrong.
void read_limits(const GivenOptions& given, Policy& policy);

}  // namespace crier
