#pragma once
/// Bodies for people whose clients do not know the payloads. XEP-0060 §12.8.
///
///     Atom (RFC 4287; XEP-0277, XEP-0472)    entry: title, then summary or content; feed: title
///     RSS 2.0 (no namespace)                 item: title, description
///     data forms (XEP-0004)                  title, "label: values" for each visible field
///     jabber:client                          message: subject, body; body
///     user tune (XEP-0118)                   artist – title
///     user mood, activity (XEP-0107, 0108)   what it is, with its text
///     user location (XEP-0080)               text, description or place

#include <crier/element.hpp>

#include <string>
#include <string_view>

namespace crier {

/// A text for people that says what the payload is about; empty when the service does not
/// understand it, or when it says nothing. At most 4 KiB of UTF-8 in lines, all of it characters
/// that XML has. Linear. XEP-0060 §12.8.
std::string readable_body(const Element& payload);

/// Whether payloads of that namespace can be understood. The empty namespace stands for "not said":
/// what will be published may be understood. XEP-0060 §12.8.
bool has_readable_body(std::string_view payload_namespace);

}  // namespace crier
