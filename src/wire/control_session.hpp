#pragma once
/// One user of this machine at the service's control socket: an XML stream in both directions.

#include <crier/element.hpp>
#include <crier/jid.hpp>

#include "base/xml_reader.hpp"
#include "wire/unique_fd.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace crier {

/// Speaks the stream of XMPP (RFC 6120 §4) without negotiation: the kernel has said who the peer
/// is. The header that answers the peer's tells it the service's address (`from`) and its own
/// (`to`), which stands in each stanza that is taken, whatever the peer wrote there.
class ControlSession {
 public:
  /// Nothing is read while more waits to be written; a session ends that lets four times as much
  /// wait.
  static constexpr std::size_t max_pending_bytes = 4 * 1024 * 1024;

  /// Both with the sender's address in `from`.
  struct Events {
    std::function<void(Document stanza)> on_stanza;
    /// A stanza that went over a limit, of which only the start tag is known, and which limit.
    std::function<void(Document header, std::string_view reason)> on_oversized;
  };

  ControlSession(UniqueFd socket, Jid jid, std::string_view service, const XmlLimits& limits,
                 Events events);

  int fd() const { return socket_.get(); }
  const Jid& jid() const { return jid_; }
  /// What to wait for, as events of poll().
  short events() const;
  /// Reads what is there, at most 64 KiB, and writes what waits.
  void advance(short revents);
  /// Takes a whole stanza for the peer.
  void send(std::string_view stanza);
  /// Writes what the socket takes.
  void flush();
  /// What came has been answered: a peer that has said all is let go when it has taken that.
  void answered();
  /// Says goodbye, as far as that can be done at once.
  void close();
  bool is_over() const { return over_; }

 private:
  XmlReader::Events reader_events(std::string_view service);
  /// The stanza as its peer's, in the component's namespace; nothing for what is none.
  std::optional<Document> addressed(const Element& stanza, std::string_view service) const;
  void read();
  void end(std::string_view last_words);

  UniqueFd socket_;
  const Jid jid_;
  const Events events_;
  XmlReader reader_;
  std::string output_;
  std::size_t sent_ = 0;
  /// The peer says no more.
  bool ending_ = false;
  bool over_ = false;
};

/// `stanza` with another sender, `from`, and with the receiver `to` if it names none, in the
/// namespace `ns`, as are those of its children that were in the stream's. Text of a whole stanza;
/// an empty `ns` for the one that is the default where it is put, an empty `from` for the sender
/// that it has.
std::string readdressed(const Element& stanza, std::string_view ns, std::string_view from,
                        std::string_view to);

}  // namespace crier
