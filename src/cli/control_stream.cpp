#include "cli/control_stream.hpp"

#include <crier/fault.hpp>
#include <crier/namespaces.hpp>

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "cli/exit_status.hpp"
#include "cli/printable.hpp"

namespace crier::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int poll_milliseconds = 50;
constexpr auto goodbye_time = std::chrono::seconds(1);
/// As from any service: far above what answers have.
constexpr XmlLimits limits{.max_stanza_bytes = 64 * 1024 * 1024, .max_children = 1024 * 1024};

Fault no_connection(const std::string& path, int error) {
  const auto name = printable(path);
  if (error == EACCES || error == EPERM)
    return {exit_status::no_permission,
            fmt::format("you may not use {}; be in the group that --control-group names, or log in "
                        "with --jid me@example.org",
                        name)};
  return {exit_status::no_host,
          fmt::format("no service listens at {} ({}); start crier serve, or log in with --jid "
                      "me@example.org",
                      name, std::strerror(error))};
}

}  // namespace

ControlStream::ControlStream(const std::string& path, std::chrono::milliseconds timeout,
                             Events events)
    : path_(path), reader_(limits, reader_events(std::move(events))) {
  connect();
  output_ = fmt::format("<?xml version='1.0'?><stream:stream xmlns='{}' xmlns:stream='{}'>",
                        ns::client, ns::streams);
  const auto deadline = Clock::now() + timeout;
  while (!jid_) {
    if (Clock::now() >= deadline)
      throw Fault(exit_status::temporary,
                  fmt::format("{} did not answer in time", printable(path_)));
    run();
  }
}

XmlReader::Events ControlStream::reader_events(Events events) {
  XmlReader::Events reading;
  reading.on_open = [this](const Element& stream) { greet(stream); };
  reading.on_stanza = [this, on_stanza = std::move(events.on_stanza)](Document stanza) {
    if (!stanza.root().is("error", ns::streams)) return on_stanza(std::move(stanza));
    const auto* text = stanza.root().child("text", ns::stream_errors);
    problem_ = text ? text->text() : "an error";
  };
  reading.on_oversized = [on_oversized = std::move(events.on_oversized)](Document header,
                                                                         std::string_view reason) {
    on_oversized(header.root(), reason);
  };
  reading.on_close = [this] { over_ = true; };
  reading.on_error = [this](std::string_view condition, std::string_view) {
    problem_ = fmt::format("its XML is {}", condition);
    over_ = true;
  };
  return reading;
}

void ControlStream::connect() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path_.size() >= sizeof address.sun_path) throw no_connection(path_, ENAMETOOLONG);
  std::memcpy(address.sun_path, path_.data(), path_.size());
  socket_ = UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw no_connection(path_, errno);
}

void ControlStream::greet(const Element& stream) {
  const auto from = Jid::parse(stream.attribute_or("from", ""));
  const auto to = Jid::parse(stream.attribute_or("to", ""));
  if (!from || !to)
    throw Fault(exit_status::unavailable,
                fmt::format("{} is not the control socket of a crier", printable(path_)));
  service_ = from;
  jid_ = to;
}

void ControlStream::run() {
  check_alive();
  write();
  pollfd polled{socket_.get(), POLLIN, 0};
  if (!output_.empty()) polled.events |= POLLOUT;
  if (::poll(&polled, 1, poll_milliseconds) <= 0) return;
  if ((polled.revents & ~POLLOUT) != 0) read();
}

void ControlStream::write() {
  while (!output_.empty()) {
    const auto count =
        ::send(socket_.get(), output_.data(), output_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    // What the service said before it hung up is still to be read.
    if (count < 0) return;
    output_.erase(0, static_cast<std::size_t>(count));
  }
}

void ControlStream::read() {
  std::array<char, 64 * 1024> input;
  const auto count = ::recv(socket_.get(), input.data(), input.size(), MSG_DONTWAIT);
  if (count > 0)
    reader_.feed({input.data(), static_cast<std::size_t>(count)});
  else if (count == 0 || (errno != EAGAIN && errno != EINTR))
    over_ = true;
}

void ControlStream::check_alive() const {
  if (!over_) return;
  if (!jid_ && problem_.empty())
    throw Fault(exit_status::no_permission,
                fmt::format("the service at {} does not let you in; be in the group that "
                            "--control-group names, or log in with --jid me@example.org",
                            printable(path_)));
  auto text = fmt::format("the service at {} closed the connection", printable(path_));
  if (!problem_.empty()) text += fmt::format(" ({})", printable(problem_));
  throw Fault(exit_status::temporary, text);
}

void ControlStream::close() {
  if (over_) return;
  output_ += "</stream:stream>";
  const auto deadline = Clock::now() + goodbye_time;
  while (!over_ && Clock::now() < deadline) run();
}

void introduce(Connection& connection) {
  ControlStream stream(connection.control, connection.timeout, {});
  connection.account = stream.jid().to_bare();
  connection.service = stream.service();
  stream.close();
}

}  // namespace crier::cli
