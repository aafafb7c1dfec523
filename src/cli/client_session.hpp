#pragma once
/// A conversation with a pubsub service: requests with their answers, and its messages.

#include <crier/element.hpp>
#include <crier/fault.hpp>
#include <crier/jid.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "cli/client_options.hpp"
#include "cli/refusal.hpp"
#include "cli/requests.hpp"
#include "cli/stream.hpp"

namespace crier::cli {

/// The conversation. Only what comes from the service that the connection names is told of; other
/// messages are passed over, requests from others are answered as RFC 6120 §8.2.3 wants. Every
/// function throws Fault (temporary) when the stream ends.
class ClientSession {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  /// Connects, as a client or to the control socket. Throws Fault: no_host, unavailable,
  /// no_permission, temporary.
  explicit ClientSession(const Connection& connection);
  /// Closes the stream; waits a second at the most.
  ~ClientSession();
  ClientSession(const ClientSession&) = delete;
  ClientSession& operator=(const ClientSession&) = delete;

  /// The full JID of this session.
  const Jid& jid() const { return stream_->jid(); }

  /// The answer of the service, of type result or error. Throws Fault (temporary) when there is
  /// none in time.
  Document exchange(const Request& request);
  /// The answer of type result. Throws Fault with the refusal in words when it is an error.
  Document request(const Request& request);

  /// The refusal of `request`, which `answer` is, in words.
  Fault refused(const Document& answer, const Request& request) const;

  /// Tells the server that messages to the bare JID may come here. RFC 6121 §4.2
  void become_available() { stream_->send("<presence/>"); }
  /// The next message of the service; nothing at `deadline`, or when `stop` says so, which is asked
  /// some times a second.
  std::optional<Document> next_message(Deadline deadline, const std::function<bool()>& stop);

 private:
  void on_stanza(Document stanza);
  void on_iq(Document iq);
  void on_oversized(const Element& header, std::string_view reason);
  void answer(const Element& request);
  bool is_from_service(const Element& stanza) const;

  const Connection connection_;
  /// In front of the ids of requests, so that none is one of another session.
  const std::string id_prefix_;
  unsigned ids_ = 0;
  std::string awaited_id_;
  std::optional<Document> answer_;
  std::deque<Document> messages_;
  /// Last: what it tells of goes to the members above.
  std::unique_ptr<Stream> stream_;
};

/// Whether an answer is of type error.
bool is_error(const Document& iq);

}  // namespace crier::cli
