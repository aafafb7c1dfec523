#pragma once
/// The reading side of an XML stream (RFC 6120 §4, §11), without a socket.

#include <crier/element.hpp>

#include "base/xml_limits.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace crier {

/// Reads a stream that arrives in pieces and tells of whole stanzas.
///
/// The cost is linear in the bytes fed, and where they are cut makes no difference (but which error
/// ends a stream that is wrong in several ways, and how soon). The memory that is held is bounded,
/// whatever is fed: for an ordinary stanza some six times its bytes; for one that is made to be
/// expensive (`<a/><a/>…`, a tag of nothing but attributes) up to 50 times max_stanza_bytes, until
/// it is told or skipped.
///
/// Events are told in the order of the stream, from inside of feed(), but not from inside of the
/// parser: one may throw. What it throws comes out of feed(), and the reader must be reset then.
/// After an `on_error` or `on_close` nothing more is told until the reader is reset.
class XmlReader {
 public:
  struct Events {
    /// The stream's start tag was read; it has no content yet.
    std::function<void(const Element& stream)> on_open;
    /// A whole child of the stream. Text between the children is passed over.
    std::function<void(Document stanza)> on_stanza;
    /// A child of the stream is over the limit that `reason` names and is being skipped. `header`
    /// has its name and attributes (of more than max_attributes the first) and no content. Told
    /// once, when the limit is passed.
    std::function<void(Document header, std::string_view reason)> on_oversized;
    /// The end tag of the stream.
    std::function<void()> on_close;
    /// The stream can not be read on. `condition` is the stream error of RFC 6120 §4.9.3 that says
    /// it: not-well-formed, restricted-xml (comments, processing instructions, DTD),
    /// policy-violation (a single tag of more than four times max_stanza_bytes, a stream header
    /// over the limits, or a stanza nested too deep even to be skipped).
    std::function<void(std::string_view condition, std::string_view text)> on_error;
  };

  XmlReader(XmlLimits limits, Events events);
  ~XmlReader();
  XmlReader(const XmlReader&) = delete;
  XmlReader& operator=(const XmlReader&) = delete;

  /// Takes the next bytes of the stream. Must not be called from inside of an event.
  void feed(std::string_view bytes);

  /// How many of the bytes that were fed stand behind the last stanza that is whole, or behind the
  /// stream's start tag: what is there of the next one, and white space. npos while no stream is
  /// open.
  std::size_t unfinished() const;

  /// Other limits count from the next reset() on.
  void set_limits(const XmlLimits& limits);

  /// Expects a new stream. Called from inside of an event, it drops what is left of the bytes that
  /// are being fed.
  void reset();

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace crier
