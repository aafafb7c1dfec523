#include "wire/handshake.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace crier {

std::string handshake_digest(std::string_view stream_id, std::string_view secret) {
  const std::string text = std::string(stream_id) + std::string(secret);
  unsigned char hash[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), hash, &size, EVP_sha1(), nullptr) != 1)
    throw std::runtime_error("OpenSSL has no SHA-1, which the component protocol needs");
  std::string hex;
  for (unsigned int at = 0; at < size; ++at) {
    hex += "0123456789abcdef"[hash[at] >> 4];
    hex += "0123456789abcdef"[hash[at] & 15];
  }
  return hex;
}

}  // namespace crier
