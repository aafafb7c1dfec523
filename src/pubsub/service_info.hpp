#pragma once
/// What the service says of itself.

#include <crier/service.hpp>
#include <crier/xml_writer.hpp>

namespace crier {

/// Writes an `<identity/>`. XEP-0030 §3.1.
void write_identity(XmlWriter& out, const Identity& identity);

/// Writes what stands in the service's disco#info: identities, features, forms. §5.1, XEP-0128 §2.
void write_service_info(XmlWriter& out, const Service& service);

}  // namespace crier
