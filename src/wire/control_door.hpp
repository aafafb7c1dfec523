#pragma once
/// The control socket: a door for the users of this machine, beside the server's stream.
///
/// It is a Unix socket. Whoever may open it, by the file's permissions and by who he is, speaks
/// stanzas as any client does, from an address at the service's own domain:
/// `USER@pubsub.example.org/control-N`. Nobody else can have such an address, and the policy gives
/// it an admin's rights.

#include "wire/control_session.hpp"
#include "wire/report.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace crier {

class ControlDoor {
 public:
  /// More wait in the kernel until one of these has gone.
  static constexpr std::size_t max_sessions = 32;

  struct Settings {
    /// Of the socket, at most 107 bytes; its directory is made if only the last part of it is
    /// missing.
    std::string path;
    /// Whose members may come in besides root and the user that the service runs as; empty for
    /// nobody.
    std::string group;
    /// The service's address.
    std::string domain;
    XmlLimits limits;
  };
  struct Events {
    /// With the sender's address, at the service's domain, in `from`.
    std::function<void(Document stanza)> on_stanza;
    /// The same of a stanza that went over a limit: only its start tag is known.
    std::function<void(Document header, std::string_view reason)> on_oversized;
    /// A session ended, which had that full JID.
    std::function<void(const Jid& jid)> on_end;
    Report report;
  };

  /// Listens. What a process that died has left there is replaced; a socket at which somebody
  /// listens is not. Throws Fault (EX_CONFIG) that names the path and what to do.
  ControlDoor(Settings settings, Events events);
  ~ControlDoor();
  ControlDoor(const ControlDoor&) = delete;
  ControlDoor& operator=(const ControlDoor&) = delete;

  /// Readable when advance() has something to do.
  int fd() const { return poll_.get(); }
  /// Takes who comes, reads, writes, and lets go whose session is over.
  void advance();
  /// What has come was answered, as far as it is at once: writes what sessions take of that. Nobody
  /// is let go: that is told in advance().
  void flush();
  /// Whether somebody is to be let go: advance() has something to do without being woken.
  bool has_ended() const;
  /// For sessions that begin from now on.
  void set_limits(const XmlLimits& limits) { settings_.limits = limits; }
  /// Whether anybody is there.
  bool is_empty() const { return sessions_.empty(); }
  /// The addresses (full JIDs) of who is there.
  std::vector<std::string> present() const;
  /// Gives a stanza to whom it is for; false when no session has that address (full JID).
  bool deliver(std::string_view jid, std::string_view stanza);

 private:
  using Sessions = std::vector<std::unique_ptr<ControlSession>>;

  void listen();
  void accept();
  void admit(UniqueFd socket);
  void watch(const ControlSession& session, int operation);
  void remove_ended();

  Settings settings_;
  const Events events_;
  UniqueFd poll_;
  UniqueFd listener_;
  /// The socket is this process's, to be removed at the end.
  bool is_bound_ = false;
  Sessions sessions_;
  std::uint64_t admitted_ = 0;
};

/// The receiver of a stanza that the service has written, as it stands in its start tag; empty when
/// it names none.
std::string_view receiver_of(std::string_view stanza);

}  // namespace crier
