#pragma once
/// The options that all commands share which talk to a service as a client. Each is declared once,
/// in client_options.cpp.

#include <crier/jid.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "wire/server_address.hpp"

namespace CLI {
class App;
}

namespace crier::cli {

/// The options as they were given: on the command line, else in the environment, else in the file
/// that --config names.
struct ClientOptions {
  std::string jid = {};
  std::string control = {};
  std::string password_file = {};
  std::string host = {};
  std::string service = {};
  std::string tls_ca = {};
  bool insecure = false;
  bool json = false;
  /// Seconds.
  std::optional<double> timeout = {};
};

/// Declares the options; what is given goes to `options`, which must live as long as `app`.
void declare_client_options(CLI::App& app, ClientOptions& options);

/// Where to, and as whom: the options, checked.
struct Connection {
  /// The control socket of the service; empty for a login at an XMPP server. With it only `timeout`
  /// matters of the rest, and the socket tells both addresses.
  std::string control = {};
  /// Has a local part; its resource, if it has one, is asked for.
  Jid account;
  std::string password;
  /// Nothing for what the SRV records of the account's domain name. RFC 6120 §3.2
  std::optional<ServerAddress> server;
  Jid service;
  /// Neither encryption nor a valid certificate is asked for. Only on loopback.
  bool insecure = false;
  /// PEM of authorities that are trusted besides the system's; empty for none.
  std::string tls_ca;
  /// For connecting, and for each answer.
  std::chrono::milliseconds timeout{};
};

/// `options`, checked, without the password. Without an address it is the control socket: that of
/// --control, of CRIER_CONTROL, or where the service of this machine has it. Throws Fault (usage)
/// with the option that is wrong and the way to mend it.
Connection connection_of(const ClientOptions& options);

/// `HOST`, `HOST:PORT`, `IPV6`, `[IPV6]` or `[IPV6]:PORT`; the port is 5222 when it is left out.
std::optional<ServerAddress> parse_host(std::string_view text);

/// Whether `host` is an address of this machine's loopback, or a name that always means it
/// (RFC 6761 §6.3).
bool is_loopback(std::string_view host);

}  // namespace crier::cli
