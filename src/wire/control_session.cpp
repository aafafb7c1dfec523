#include "wire/control_session.hpp"

#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "wire/stream_error.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

namespace crier {

namespace {

constexpr std::size_t read_bytes = 64 * 1024;
constexpr std::string_view stream_end = "</stream:stream>";

bool is_of_stream(const Element& element) {
  return element.ns == ns::client || element.ns == ns::component;
}

bool is_stanza(const Element& element) {
  return is_of_stream(element) &&
         (element.name == "iq" || element.name == "message" || element.name == "presence");
}

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/// An attribute as it is written again; a stanza's own have no prefix but `xml`.
void write_attribute(XmlWriter::Tag& tag, const Attribute& attribute) {
  if (attribute.ns.empty()) tag.attr(attribute.name, attribute.value);
  if (attribute.prefix == "xml") tag.attr(fmt::format("xml:{}", attribute.name), attribute.value);
}

/// The content of an element, where what was in the stream's namespace stays in that around it.
void write_content(XmlWriter& out, const Element& element) {
  for (const auto* piece = element.content; piece; piece = piece->next) {
    if (!piece->element) {
      out.text(piece->text);
    } else if (!is_of_stream(*piece->element)) {
      out.raw(to_xml(*piece->element));
    } else {
      auto tag = out.open(piece->element->name);
      for (const auto& attribute : piece->element->attributes) write_attribute(tag, attribute);
      write_content(out, *piece->element);
    }
  }
}

}  // namespace

std::string readdressed(const Element& stanza, std::string_view ns, std::string_view from,
                        std::string_view to) {
  return written([&](XmlWriter& out) {
    auto tag = ns.empty() ? out.open(stanza.name) : out.open(stanza.name, ns);
    for (const auto& attribute : stanza.attributes) {
      const bool replaced = attribute.name == "from" && attribute.ns.empty() && !from.empty();
      if (!replaced) write_attribute(tag, attribute);
    }
    if (!from.empty()) tag.attr("from", from);
    if (!to.empty() && !stanza.attribute("to")) tag.attr("to", to);
    write_content(out, stanza);
  });
}

ControlSession::ControlSession(UniqueFd socket, Jid jid, std::string_view service,
                               const XmlLimits& limits, Events events)
    : socket_(std::move(socket)),
      jid_(std::move(jid)),
      events_(std::move(events)),
      reader_(limits, reader_events(service)) {}

XmlReader::Events ControlSession::reader_events(std::string_view service) {
  XmlReader::Events events;
  events.on_open = [this, service = std::string(service)](const Element&) {
    output_ += fmt::format(
        "<?xml version='1.0'?><stream:stream xmlns='{}' xmlns:stream='{}' from='{}' to='{}'>",
        ns::client, ns::streams, escape_attribute(service), escape_attribute(jid_.text()));
  };
  events.on_stanza = [this, service = std::string(service)](Document stanza) {
    if (auto own = addressed(stanza.root(), service)) events_.on_stanza(std::move(*own));
  };
  events.on_oversized = [this, service = std::string(service)](Document header,
                                                               std::string_view reason) {
    if (auto own = addressed(header.root(), service)) events_.on_oversized(std::move(*own), reason);
  };
  events.on_close = [this] { ending_ = true; };
  events.on_error = [this](std::string_view condition, std::string_view text) {
    end(stream_error(condition, text));
  };
  return events;
}

std::optional<Document> ControlSession::addressed(const Element& stanza,
                                                  std::string_view service) const {
  if (over_ || !is_stanza(stanza)) return {};
  return parse_xml(readdressed(stanza, ns::component, jid_.text(), service));
}

short ControlSession::events() const {
  const auto pending = output_.size() - sent_;
  const int reading = pending <= max_pending_bytes && !ending_ ? POLLIN : 0;
  return static_cast<short>(reading | (pending > 0 ? POLLOUT : 0));
}

void ControlSession::advance(short revents) {
  if ((revents & ~POLLOUT) != 0 && !ending_) read();
  flush();
}

void ControlSession::read() {
  std::array<char, read_bytes> input;
  const auto count = ::recv(fd(), input.data(), input.size(), 0);
  if (count > 0)
    reader_.feed({input.data(), static_cast<std::size_t>(count)});
  else if (count == 0)
    ending_ = true;
  else if (!would_block())
    over_ = true;
}

void ControlSession::send(std::string_view stanza) {
  if (over_) return;
  output_ += stanza;
  if (output_.size() - sent_ > 4 * max_pending_bytes)
    end(stream_error("resource-constraint", "What waits for you is not taken."));
}

void ControlSession::flush() {
  while (sent_ < output_.size()) {
    const auto count =
        ::send(fd(), output_.data() + sent_, output_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0) {
      if (!would_block()) over_ = true;
      // What was sent takes no more room than what was not.
      if (sent_ > output_.size() / 2) output_.erase(0, std::exchange(sent_, 0));
      return;
    }
    sent_ += static_cast<std::size_t>(count);
  }
  output_.clear();
  sent_ = 0;
}

void ControlSession::answered() {
  if (ending_ && !over_ && output_.empty()) end(stream_end);
}

void ControlSession::end(std::string_view last_words) {
  output_ += last_words;
  flush();
  over_ = true;
}

void ControlSession::close() {
  if (!over_) end(stream_end);
}

}  // namespace crier
