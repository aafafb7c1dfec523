#pragma once
/// What a component proves that it knows the secret with, on either side of the stream.

#include <string>
#include <string_view>

namespace crier::bench {

/// The SHA-1 of stream id and secret, in lower-case hexadecimal digits. XEP-0114 §3.
std::string handshake_of(std::string_view stream_id, std::string_view secret);

}  // namespace crier::bench
