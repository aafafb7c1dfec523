#pragma once
/// What of a disco#info is hashed. XEP-0115 §5, XEP-0390 §4.

#include <crier/element.hpp>

#include <optional>
#include <string>

namespace crier {

/// The text that is hashed for `query`, a disco#info result. Nothing when it is ill-formed: an
/// identity without category or type, a feature without name, one or the other twice, two forms of
/// one FORM_TYPE. O(n log n). XEP-0115 §5.1, §5.4.
std::optional<std::string> verification_string(const Element& query);

/// Where the language of an identity is looked for: on itself, or on what it stands in as well.
enum class IdentityLanguage { own, inherited };

/// The octets that are hashed for `query`, a disco#info result in the stanza that it came in.
/// Nothing when it holds what can not be hashed: an element of another kind, a form without
/// FORM_TYPE or with a table, an identity or a feature as above. O(n log n). XEP-0390 §4.1.
std::optional<std::string> capability_hash_input(
    const Element& query, IdentityLanguage where = IdentityLanguage::inherited);

}  // namespace crier
