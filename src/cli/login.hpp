#pragma once
/// Why a connection did not come to be, told from what the server said before the session began.
/// libstrophe itself only tells that it was closed.

#include <crier/element.hpp>
#include <crier/fault.hpp>

#include <string>

#include "cli/client_options.hpp"

namespace crier::cli {

/// What was seen between connecting and the session, or the end of it.
struct Login {
  /// The server opened a stream, so it is one and can be reached.
  bool stream_opened = false;
  /// The last offer of features had `<starttls/>`; RFC 6120 §5.4.1.
  bool starttls_offered = false;
  /// TLS is established.
  bool encrypted = false;
  /// Why the certificate is not valid; empty when nobody said so.
  std::string certificate_problem = {};
  /// The condition of the last `<failure/>` of SASL (§6.5), and its text.
  std::string sasl_condition = {};
  std::string sasl_text = {};
  /// The condition of a `<stream:error/>` (§4.9.3), and its text.
  std::string stream_condition = {};
  std::string stream_text = {};
  /// Why the address could not be connected to.
  std::string connect_problem = {};
  /// The first error that libstrophe logged.
  std::string libstrophe_error = {};
};

/// Notes what a child of the stream tells.
void observe(Login& login, const Element& child);

/// The failure that fits best; `timed_out` when it was us who gave up.
Fault login_failure(const Login& login, const Connection& connection, bool timed_out);

/// The name of the server for messages: --host, or the account's domain.
std::string server_name(const Connection& connection);

}  // namespace crier::cli
