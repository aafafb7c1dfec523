#pragma once
/// An XML stream with an XMPP server, as a client: libstrophe looks the server up (SRV), encrypts
/// (STARTTLS), authenticates (SASL) and binds; from then on it carries our text out, and what comes
/// in is read by our own XmlReader (see received_bytes.hpp).

#include <crier/element.hpp>
#include <crier/jid.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "cli/client_options.hpp"

namespace crier::cli {

class ClientStream {
 public:
  /// Told of what comes, from inside of run().
  struct Events {
    std::function<void(Document stanza)> on_stanza;
    /// A stanza was too large to be read; `reason` says in what.
    std::function<void(const Element& header, std::string_view reason)> on_oversized;
  };

  /// Connects. Throws Fault: no_host, unavailable, no_permission, temporary.
  ClientStream(const Connection& connection, Events events);
  ~ClientStream();
  ClientStream(const ClientStream&) = delete;
  ClientStream& operator=(const ClientStream&) = delete;

  /// The full JID that was bound.
  const Jid& jid() const;
  /// Takes XML that is sent during the next run().
  void send(const std::string& xml);
  /// Sends, waits a fraction of a second and receives. Throws Fault (temporary) when the stream has
  /// ended, and what a handler throws.
  void run();
  /// Closes the stream; waits a second at the most for the server to do the same.
  void close();

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace crier::cli
