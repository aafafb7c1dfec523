#pragma once
/// What a user publishes, checked before it is sent.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crier::cli {

/// The largest file that is read as a payload. Servers stop far below.
inline constexpr std::size_t max_payload_bytes = 16 * 1024 * 1024;

/// The whole of the file `path`, or of the standard input for `-`. Throws Fault: io_error when it
/// can not be read, bad_data when it is larger than max_payload_bytes.
std::string read_payload_file(const std::string& path);

/// `xml` as a fragment that means the same inside of a stanza. Comments and processing
/// instructions are left out: XMPP carries none (RFC 6120 §11.1). Throws Fault (bad_data) for
/// what is not one well-formed element in a namespace, naming `source` and the line.
std::string check_payload(std::string_view xml, std::string_view source);

/// `text`, one JSON value in UTF-8, in the element that carries JSON. XEP-0335 §3
/// Throws Fault (bad_data) for what is not JSON, naming `source`, the line and the column.
std::string json_payload(std::string_view text, std::string_view source);

/// The text of a payload that carries JSON; nothing when it is another one.
std::optional<std::string> json_in(std::string_view payload);

/// How to read a file.
enum class PayloadKind {
  /// As the name ends (.xml, .json, .jsonl, .ndjson), else as the content begins.
  automatic,
  json,
};

/// A payload, and where it came from, for messages.
struct Payload {
  std::string source;
  std::string xml;
};

/// The payloads in the file `path` (or the standard input, for `-`), checked: one, or with `lines`
/// one for each line that is not empty. Throws Fault: io_error, bad_data.
std::vector<Payload> read_payloads(const std::string& path, PayloadKind kind, bool lines);

}  // namespace crier::cli
