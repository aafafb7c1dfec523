#pragma once
/// The stream with the running service of this machine, through its control socket. Who the user is
/// the kernel tells the service: there is no login.

#include "base/xml_reader.hpp"
#include "cli/client_options.hpp"
#include "cli/stream.hpp"
#include "wire/unique_fd.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace crier::cli {

class ControlStream : public Stream {
 public:
  /// Connects to the socket at `path`. Throws Fault: no_host when nobody listens there,
  /// no_permission, unavailable when it is no control socket, temporary.
  ControlStream(const std::string& path, std::chrono::milliseconds timeout, Events events);

  const Jid& jid() const override { return *jid_; }
  /// The address of the service.
  const Jid& service() const { return *service_; }
  void send(const std::string& xml) override { output_ += xml; }
  void run() override;
  void close() override;

 private:
  XmlReader::Events reader_events(Events events);
  void connect();
  void greet(const Element& stream);
  void write();
  void read();
  void check_alive() const;

  const std::string path_;
  UniqueFd socket_;
  XmlReader reader_;
  std::string output_;
  std::optional<Jid> jid_;
  std::optional<Jid> service_;
  bool over_ = false;
  /// What the service said last, when it ended the stream itself.
  std::string problem_;
};

/// Asks the socket that `connection` names for the addresses of the user and of the service.
/// Throws Fault as ControlStream does.
void introduce(Connection& connection);

}  // namespace crier::cli
