#include "wire/server.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <unistd.h>

namespace crier::test {

namespace {

socklen_t length_of(int family) {
  return family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
}

}  // namespace

Certificate::Certificate(const std::string& addresses)
    : context_(SSL_CTX_new(TLS_server_method())) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* x509 = X509_new();
  X509_set_version(x509, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
  X509_gmtime_adj(X509_getm_notBefore(x509), -3600);
  X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
  auto* name = X509_get_subject_name(x509);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
  X509_set_issuer_name(x509, name);
  X509_set_pubkey(x509, key);
  X509_EXTENSION* extension =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, addresses.c_str());
  X509_add_ext(x509, extension, -1);
  X509_EXTENSION_free(extension);
  X509_sign(x509, key, EVP_sha256());
  SSL_CTX_use_certificate(context_.get(), x509);
  SSL_CTX_use_PrivateKey(context_.get(), key);
  std::FILE* out = fdopen(mkstemp(file_.data()), "w");
  PEM_write_X509(out, x509);
  std::fclose(out);
  X509_free(x509);
  EVP_PKEY_free(key);
}

Certificate::~Certificate() {
  ::unlink(file_.c_str());
}

Server::Server(int family, const Certificate* certificate)
    : family_(family),
      certificate_(certificate),
      listener_(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
  sockaddr_storage any{};
  any.ss_family = static_cast<sa_family_t>(family);
  if (family == AF_INET)
    reinterpret_cast<sockaddr_in&>(any).sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  else
    reinterpret_cast<sockaddr_in6&>(any).sin6_addr = in6addr_loopback;
  const auto* address = reinterpret_cast<const sockaddr*>(&any);
  usable_ =
      ::bind(listener_.get(), address, length_of(family)) == 0 && ::listen(listener_.get(), 8) == 0;
}

ServerAddress Server::address() const {
  sockaddr_storage bound{};
  auto size = length_of(family_);
  getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&bound), &size);
  const auto port = family_ == AF_INET ? reinterpret_cast<sockaddr_in&>(bound).sin_port
                                       : reinterpret_cast<sockaddr_in6&>(bound).sin6_port;
  return {family_ == AF_INET ? "127.0.0.1" : "::1", ntohs(port)};
}

void Server::accept() {
  connection_ = UniqueFd(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK));
  if (!connection_) return;
  const int on = 1;
  setsockopt(connection_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ++connections;
  received.clear();
  closed = false;
  if (!certificate_) return;
  tls_.reset(SSL_new(certificate_->context()));
  SSL_set_fd(tls_.get(), connection_.get());
  SSL_set_accept_state(tls_.get());
}

long Server::read(char* bytes, int size) {
  if (!tls_) return ::recv(connection_.get(), bytes, static_cast<std::size_t>(size), 0);
  const int result = SSL_read(tls_.get(), bytes, size);
  if (result > 0) return result;
  return SSL_get_error(tls_.get(), result) == SSL_ERROR_WANT_READ ? -1 : 0;
}

void Server::step() {
  if (!connection_) accept();
  while (connection_ && reading && !closed) {
    char bytes[65536];
    const auto size = read(bytes, sizeof bytes);
    if (size == 0) closed = true;
    if (size <= 0) break;
    received.append(bytes, static_cast<std::size_t>(size));
  }
}

void Server::say(std::string_view text) {
  const auto sent = tls_ ? SSL_write(tls_.get(), text.data(), static_cast<int>(text.size()))
                         : ::send(connection_.get(), text.data(), text.size(), MSG_NOSIGNAL);
  REQUIRE(sent == static_cast<long>(text.size()));
}

void Server::hang_up() {
  tls_.reset();
  connection_ = UniqueFd();
}

}  // namespace crier::test
