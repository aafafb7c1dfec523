#pragma once
/// A session with an XMPP server, as a client: libstrophe looks the server up (SRV), encrypts
/// (STARTTLS), authenticates (SASL) and binds; from then on it carries our text out, and what comes
/// in is read by our own XmlReader (see received_bytes.hpp).

#include <crier/element.hpp>
#include <crier/fault.hpp>
#include <crier/jid.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "cli/client_options.hpp"
#include "cli/refusal.hpp"
#include "cli/requests.hpp"

namespace crier::cli {

/// The session. Only what comes from the service that the connection names is told of; other
/// messages are passed over, requests from others are answered as RFC 6120 §8.2.3 wants. Every
/// function throws Fault when the connection ends.
class ClientSession {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  /// Connects. Throws Fault: no_host, unavailable, no_permission, temporary.
  explicit ClientSession(const Connection& connection);
  /// Closes the stream; waits a second at the most.
  ~ClientSession();
  ClientSession(const ClientSession&) = delete;
  ClientSession& operator=(const ClientSession&) = delete;

  /// The full JID of this session.
  const Jid& jid() const;

  /// The answer of the service, of type result or error. Throws Fault (temporary) when there is
  /// none in time.
  Document exchange(const Request& request);
  /// The answer of type result. Throws Fault with the refusal in words when it is an error.
  Document request(const Request& request);

  /// The refusal of `request`, which `answer` is, in words.
  Fault refused(const Document& answer, const Request& request) const;

  /// Tells the server that messages to the bare JID may come here. RFC 6121 §4.2
  void become_available();
  /// The next message of the service; nothing at `deadline`, or when `stop` says so, which is asked
  /// some times a second.
  std::optional<Document> next_message(Deadline deadline, const std::function<bool()>& stop);

 private:
  class State;
  std::unique_ptr<State> state_;
};

/// Whether an answer is of type error.
bool is_error(const Document& iq);

}  // namespace crier::cli
