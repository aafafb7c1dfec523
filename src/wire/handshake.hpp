#pragma once
/// The credentials of the component protocol. XEP-0114 §3.

#include <string>
#include <string_view>

namespace crier {

/// What `<handshake/>` holds: the SHA-1 of the stream's id and the secret, in lower-case
/// hexadecimal digits. XEP-0114 §3.
std::string handshake_digest(std::string_view stream_id, std::string_view secret);

}  // namespace crier
