#pragma once
/// An XML stream with an XMPP server, as a client: libstrophe looks the server up (SRV), encrypts
/// (STARTTLS), authenticates (SASL) and binds; from then on it carries our text out, and what comes
/// in is read by our own XmlReader (see received_bytes.hpp).

#include <crier/jid.hpp>

#include <memory>
#include <string>

#include "cli/client_options.hpp"
#include "cli/stream.hpp"

namespace crier::cli {

class ClientStream : public Stream {
 public:
  /// Connects. Throws Fault: no_host, unavailable, no_permission, temporary.
  ClientStream(const Connection& connection, Events events);
  ~ClientStream() override;
  ClientStream(const ClientStream&) = delete;
  ClientStream& operator=(const ClientStream&) = delete;

  /// The full JID that was bound.
  const Jid& jid() const override;
  void send(const std::string& xml) override;
  void run() override;
  void close() override;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace crier::cli
