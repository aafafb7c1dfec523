#pragma once
/// Stream errors (RFC 6120 §4.9) in words: what the server said, and what to change.

#include <crier/element.hpp>

#include "wire/report.hpp"

#include <string>
#include <string_view>

namespace crier {

/// One line about the end of a stream.
struct StreamFailure {
  LogLevel level;
  std::string text;
};

/// What `error`, a `<stream:error/>`, means for the component of `domain`. RFC 6120 §4.9.3,
/// XEP-0114 §3.
StreamFailure explain_stream_error(const Element& error, std::string_view domain);

/// The stream error of that defined condition, and the end of the stream behind it. RFC 6120 §4.9.
std::string stream_error(std::string_view condition, std::string_view text);

}  // namespace crier
