#pragma once
/// The stanzas that answer others, as text.

#include <crier/element.hpp>
#include <crier/error.hpp>
#include <crier/service.hpp>

#include <string>
#include <string_view>

namespace crier {

/// The result of the request `iq`. RFC 6120 §8.2.3.
std::string result_stanza(const Element& iq, const Reply& reply);

/// The error that answers `stanza`, an IQ or a message. RFC 6120 §8.3.
std::string error_stanza(const Element& stanza, const Error& error);

/// Whether an error may answer the stanza: an IQ request, or a message that is none itself.
/// RFC 6120 §8.3.1.
bool may_be_refused(const Element& stanza);

}  // namespace crier
