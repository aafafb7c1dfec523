#include "wire/tls.hpp"

#include <crier/fault.hpp>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sysexits.h>

#include <stdexcept>

namespace crier {

namespace {

bool is_numeric(const std::string& host) {
  unsigned char address[sizeof(in6_addr)];
  return inet_pton(AF_INET, host.c_str(), address) == 1 ||
         inet_pton(AF_INET6, host.c_str(), address) == 1;
}

}  // namespace

TlsContext::TlsContext(const std::string& ca_file) : context_(SSL_CTX_new(TLS_client_method())) {
  if (!context_) throw std::runtime_error("OpenSSL: " + tls_error(nullptr));
  auto* context = context_.get();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
  // The outbox moves its buffer and appends to it between two tries of the same write.
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  if (ca_file.empty()) {
    SSL_CTX_set_default_verify_paths(context);
  } else if (SSL_CTX_load_verify_locations(context, ca_file.c_str(), nullptr) != 1) {
    throw Fault(EX_CONFIG, fmt::format("--tls-ca: no certificate can be read from {} ({}); name a "
                                       "readable file of certificates in PEM form",
                                       ca_file, tls_error(nullptr)));
  }
}

SslSession TlsContext::connect(int fd, const std::string& host) const {
  SslSession session(SSL_new(context_.get()));
  if (!session) throw std::runtime_error("OpenSSL: " + tls_error(nullptr));
  bool done = SSL_set_fd(session.get(), fd) == 1;
  if (is_numeric(host)) {
    done &= X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session.get()), host.c_str()) == 1;
  } else {
    done &= SSL_set1_host(session.get(), host.c_str()) == 1;
    // SSL_set_tlsext_host_name, which is a macro with casts of C; the name is only read.
    done &= SSL_ctrl(session.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                     const_cast<char*>(host.c_str())) == 1;
  }
  if (!done) throw std::runtime_error("OpenSSL: " + tls_error(session.get()));
  SSL_set_connect_state(session.get());
  return session;
}

std::string tls_error(const SSL* session) {
  const auto code = ERR_peek_last_error();
  ERR_clear_error();
  const auto verified = session ? SSL_get_verify_result(session) : X509_V_OK;
  if (verified != X509_V_OK) return X509_verify_cert_error_string(verified);
  const char* reason = ERR_reason_error_string(code);
  if (reason) return reason;
  return code == 0 ? "the connection was cut" : fmt::format("error {:#x}", code);
}

}  // namespace crier
