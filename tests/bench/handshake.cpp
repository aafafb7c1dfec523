#include "handshake.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>

namespace crier::bench {

std::string handshake_of(std::string_view stream_id, std::string_view secret) {
  const auto text = fmt::format("{}{}", stream_id, secret);
  unsigned char hash[SHA_DIGEST_LENGTH];
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash);
  std::string digits;
  for (const auto byte : hash) digits += fmt::format("{:02x}", byte);
  return digits;
}

}  // namespace crier::bench
