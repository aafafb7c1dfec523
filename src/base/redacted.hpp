#pragma once
/// Stanzas as they may be shown to an operator.

#include <string>
#include <string_view>

namespace crier {

/// `xml`, as append_xml or XmlWriter have written it, with `[redacted]` in place of what elements
/// hold that are there for secrets: `<password/>` and `<digest/>` (XEP-0077, XEP-0078),
/// `<handshake/>` (XEP-0114), `<secret/>`, whatever their namespace; and fields of forms that are
/// private (XEP-0004 §3.3) or called so. Linear.
std::string redacted(std::string_view xml);

}  // namespace crier
