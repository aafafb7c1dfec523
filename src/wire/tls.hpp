#pragma once
/// TLS for the component's stream: who is trusted, and in which versions.

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace crier {

struct SslDeleter {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* session) const { SSL_free(session); }
};
using SslSession = std::unique_ptr<SSL, SslDeleter>;

/// What all TLS connections share: TLS 1.2 or later, a certificate that a trusted authority
/// issued, for the host that was asked for.
class TlsContext {
 public:
  /// Trusts the authorities in `ca_file` (PEM), or those of the system when it is empty. Throws
  /// Fault when the file can not be used.
  explicit TlsContext(const std::string& ca_file);

  /// A client's session on a connected socket, which it does not own. The server must prove to be
  /// `host`, a name or an address in numbers; a name is told to the server (SNI).
  SslSession connect(int fd, const std::string& host) const;

 private:
  std::unique_ptr<SSL_CTX, SslDeleter> context_;
};

/// What OpenSSL says about the last thing that failed on `session`, for people to read; empties
/// OpenSSL's queue of errors.
std::string tls_error(const SSL* session);

}  // namespace crier
