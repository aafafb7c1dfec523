#pragma once
/// An XML stream that carries a command's stanzas: with an XMPP server as a client, or with the
/// service itself through its control socket.

#include <crier/element.hpp>
#include <crier/jid.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace crier::cli {

class Stream {
 public:
  /// Told of what comes, from inside of run().
  struct Events {
    std::function<void(Document stanza)> on_stanza;
    /// A stanza was too large to be read; `reason` says in what.
    std::function<void(const Element& header, std::string_view reason)> on_oversized;
  };

  virtual ~Stream() = default;

  /// The full JID of this end.
  virtual const Jid& jid() const = 0;
  /// Takes XML that is sent during the next run().
  virtual void send(const std::string& xml) = 0;
  /// Sends, waits a fraction of a second and receives. Throws Fault (temporary) when the stream has
  /// ended, and what a handler throws.
  virtual void run() = 0;
  /// Closes the stream; waits a second at the most for the other end to do the same.
  virtual void close() = 0;
};

}  // namespace crier::cli
