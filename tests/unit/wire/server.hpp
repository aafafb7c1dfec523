#pragma once
/// The XMPP server as a test plays it: it listens on loopback and says what it is told to.

#include "wire/server_address.hpp"
#include "wire/tls.hpp"
#include "wire/unique_fd.hpp"

#include <sys/socket.h>

#include <string>
#include <string_view>

namespace crier::test {

/// A certificate that vouches for itself, for the addresses of a subjectAltName such as
/// "IP:127.0.0.1" or "DNS:localhost".
class Certificate {
 public:
  explicit Certificate(const std::string& addresses);
  ~Certificate();

  SSL_CTX* context() const { return context_.get(); }
  /// It as a file (PEM), for those who trust it.
  const std::string& file() const { return file_; }

 private:
  std::unique_ptr<SSL_CTX, SslDeleter> context_;
  std::string file_ = "/tmp/crier-certificate-XXXXXX";
};

class Server {
 public:
  /// Speaks TLS with `certificate`, if there is one.
  explicit Server(int family = AF_INET, const Certificate* certificate = nullptr);

  /// False where the machine has no IPv6.
  bool usable() const { return usable_; }
  ServerAddress address() const;
  /// What to poll for reading.
  int fd() const { return connection_ ? connection_.get() : listener_.get(); }

  /// Takes what has arrived.
  void step();
  void say(std::string_view text);
  /// Closes the connection; with a reset when not all was read.
  void hang_up();
  void stop_listening() { listener_ = UniqueFd(); }

  bool reading = true;
  /// What came on the connection there is now, and whether the component has closed it.
  std::string received;
  bool closed = false;
  int connections = 0;

 private:
  void accept();
  /// As recv(2).
  long read(char* bytes, int size);

  int family_;
  const Certificate* certificate_;
  bool usable_ = false;
  UniqueFd listener_;
  UniqueFd connection_;
  SslSession tls_;
};

}  // namespace crier::test
