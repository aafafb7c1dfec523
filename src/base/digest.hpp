#pragma once
/// Hashes of texts, by the names that hash functions have in XMPP. XEP-0300 §3.

#include <optional>
#include <string>
#include <string_view>

namespace crier {

/// Whether there is that hash function: `sha-1`, `sha-256`, `sha-512`, `sha3-256`, `sha3-512` or
/// `blake2b-512`, as far as the OpenSSL that the service runs with has it.
bool has_digest(std::string_view algorithm);

/// The hash of `text` in base64, with padding (RFC 4648 §4). Nothing when there is no such hash
/// function.
std::optional<std::string> digest(std::string_view algorithm, std::string_view text);

}  // namespace crier
