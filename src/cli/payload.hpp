#pragma once
/// What a user publishes, checked before it is sent.

#include <cstddef>
#include <string>
#include <string_view>

namespace crier::cli {

/// The largest file that is read as a payload. Servers stop far below.
inline constexpr std::size_t max_payload_bytes = 16 * 1024 * 1024;

/// The whole of the file `path`, or of the standard input for `-`. Throws Fault: io_error when it
/// can not be read, bad_data when it is larger than max_payload_bytes.
std::string read_payload_file(const std::string& path);

/// `xml` as a fragment that means the same inside of a stanza. Comments and processing
/// instructions are left out: XMPP carries none (RFC 6120 §11.1). Throws Fault (bad_data) for
/// what is not one well-formed element in a namespace, naming `source` and the line.
std::string check_payload(std::string_view xml, std::string_view source);

}  // namespace crier::cli
