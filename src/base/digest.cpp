#include "base/digest.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace crier {

namespace {

struct Algorithm {
  std::string_view name;
  /// How OpenSSL calls it.
  const char* openssl;
};

constexpr Algorithm algorithms[] = {
    {"sha-1", "SHA1"},        {"sha-256", "SHA256"},    {"sha-512", "SHA512"},
    {"sha3-256", "SHA3-256"}, {"sha3-512", "SHA3-512"}, {"blake2b-512", "BLAKE2b512"},
};

/// The hash function, or null.
const EVP_MD* find_digest(std::string_view name) {
  const auto found = std::ranges::find(algorithms, name, &Algorithm::name);
  return found == std::end(algorithms) ? nullptr : EVP_get_digestbyname(found->openssl);
}

std::string base64(const unsigned char* bytes, unsigned int size) {
  // Four characters for three bytes, and the zero that OpenSSL puts behind them.
  unsigned char text[(EVP_MAX_MD_SIZE + 2) / 3 * 4 + 1];
  const int length = EVP_EncodeBlock(text, bytes, static_cast<int>(size));
  return {text, text + length};
}

}  // namespace

bool has_digest(std::string_view algorithm) {
  return find_digest(algorithm) != nullptr;
}

std::optional<std::string> digest(std::string_view algorithm, std::string_view text) {
  const EVP_MD* function = find_digest(algorithm);
  if (!function) return {};
  unsigned char hash[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), hash, &size, function, nullptr) != 1) return {};
  return base64(hash, size);
}

}  // namespace crier
