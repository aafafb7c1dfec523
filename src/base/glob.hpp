#pragma once
/// Patterns of names.

#include <string_view>

namespace crier {

/// Whether `text` is as `pattern` says: `*` stands for any characters, also none, `?` for
/// one, all others for themselves; in UTF-8. O(pattern × text) at worst.
bool matches_glob(std::string_view pattern, std::string_view text);

}  // namespace crier
