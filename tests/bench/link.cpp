#include "link.hpp"

#include "interruption.hpp"

#include <fmt/format.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <iterator>
#include <stdexcept>

namespace crier::bench {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::string_view end_of_stream = "</stream:stream>";

[[noreturn]] void lost(const char* what) {
  throw std::runtime_error(fmt::format("the stream broke: {}: {}", what, std::strerror(errno)));
}

bool again() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

}  // namespace

Link::Link(Descriptor socket) : socket_(std::move(socket)), in_(new char[in_size_]) {
  const int on = 1;
  setsockopt(socket_.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void Link::exchange(std::chrono::milliseconds timeout, const OnStanza& on_stanza) {
  send_some();
  // Under load there is always something to read: asking poll first would be a wasted call.
  if (!ahead_ && !read_some() && (!wait(timeout) || !read_some())) return;
  ahead_ = false;
  hand_over(on_stanza);
  send_some();
}

void Link::open(std::chrono::milliseconds timeout,
                const std::function<bool(std::string_view&)>& take) {
  const auto deadline = Clock::now() + timeout;
  while (true) {
    std::string_view input(in_.get() + in_begin_, in_end_ - in_begin_);
    const bool done = take(input);
    in_begin_ = in_end_ - input.size();
    ahead_ = in_begin_ < in_end_;
    if (done) return;
    if (Clock::now() >= deadline) throw std::runtime_error("the peer does not open a stream");
    if (!read_some()) wait(100ms);
  }
}

void Link::flush() {
  while (!out_.empty()) {
    send_some();
    if (!out_.empty()) wait(100ms);
  }
}

void Link::close(std::chrono::milliseconds timeout) {
  await_end(timeout);
  send(socket_.fd(), end_of_stream.data(), end_of_stream.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  socket_ = Descriptor();
}

void Link::end(std::chrono::milliseconds timeout) {
  out_ += end_of_stream;
  await_end(timeout);
  socket_ = Descriptor();
}

void Link::await_end(std::chrono::milliseconds timeout) {
  const auto deadline = Clock::now() + timeout;
  try {
    while (Clock::now() < deadline) exchange(100ms, [](const Stanza&) {});
  } catch (const StreamEnded&) {
    return;
  }
  throw std::runtime_error("the peer does not end the stream");
}

void Link::send_some() {
  while (sent_ < out_.size()) {
    const auto count =
        send(socket_.fd(), out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0) {
      if (again()) return;
      lost("send");
    }
    sent_ += static_cast<std::size_t>(count);
  }
  out_.clear();
  sent_ = 0;
}

bool Link::wait(std::chrono::milliseconds timeout) const {
  check_interruption();
  pollfd entry{.fd = socket_.fd(), .events = POLLIN, .revents = 0};
  if (!out_.empty()) entry.events |= POLLOUT;
  return poll(&entry, 1, static_cast<int>(timeout.count())) > 0;
}

bool Link::read_some() {
  check_interruption();
  if (in_size_ - in_end_ < read_bytes) {
    const auto waiting = in_end_ - in_begin_;
    if (waiting > in_size_ / 2) {
      std::unique_ptr<char[]> larger(new char[2 * in_size_]);
      std::memcpy(larger.get(), in_.get() + in_begin_, waiting);
      in_ = std::move(larger);
      in_size_ *= 2;
    } else {
      std::memmove(in_.get(), in_.get() + in_begin_, waiting);
    }
    in_begin_ = 0;
    in_end_ = waiting;
  }
  const auto count = recv(socket_.fd(), in_.get() + in_end_, read_bytes, MSG_DONTWAIT);
  if (count == 0) throw StreamEnded();
  if (count < 0) {
    if (again()) return false;
    lost("recv");
  }
  in_end_ += static_cast<std::size_t>(count);
  return true;
}

void Link::hand_over(const OnStanza& on_stanza) {
  std::string_view input(in_.get() + in_begin_, in_end_ - in_begin_);
  Stanza stanza;
  auto found = Scanner::Found::stanza;
  while ((found = scanner_.next(input, stanza)) == Scanner::Found::stanza) {
    if (stanza.name == "stream:error")
      throw std::runtime_error(fmt::format("the peer sent {}", stanza.content));
    if (answers_ && stanza.name == "iq" && (stanza.type == "get" || stanza.type == "set"))
      answer(stanza);
    else
      on_stanza(stanza);
  }
  if (found == Scanner::Found::end_of_stream) throw StreamEnded();
  in_begin_ = in_end_ - input.size();
  if (input.empty()) in_begin_ = in_end_ = 0;
}

void Link::answer(const Stanza& request) {
  const auto is_ping = find_tag(request.content, "ping").has_value();
  fmt::format_to(std::back_inserter(out_), "<iq type='{}' to='{}' from='{}' id='{}'>{}</iq>",
                 is_ping ? "result" : "error", request.from, request.to, request.id,
                 is_ping ? ""
                         : "<error type='cancel'><service-unavailable "
                           "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>");
}

}  // namespace crier::bench
