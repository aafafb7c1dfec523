#pragma once
/// One stanza in place of many: a notification that the server copies (docs/copies.md).
///
/// The notifications of an event differ in whom they are for and in the end of their id. A server
/// that has crier's module is sent
///
///     <message to='pubsub.example.org' type='headline' from='pubsub.example.org' id='7-'>
///       <copies xmlns='urn:crier:copies:0'>3 romeo@example.org
///     4 juliet@example.org/balcony
///     </copies>
///       <event xmlns='http://jabber.org/protocol/pubsub#event'>…</event>
///     </message>
///
/// and makes a message of each line: what stands in front of the first space goes behind the id,
/// what stands behind it is the JID, which has no line end in it (RFC 7622 §3.4); the list itself
/// is left out. It is sent to the service itself, so that it comes back where nobody copies it.

#include <crier/element.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace crier::copies {

/// Append the tags around the lines.
void begin_list(std::string& out);
void end_list(std::string& out);
constexpr char separator = ' ';
constexpr char line_end = '\n';

/// Nodes with fewer subscriptions are not worth it.
constexpr std::size_t fewest = 3;
/// Nor are events that large: the stanza must stay far below the limits that servers have, and
/// what the list saves is little beside them.
constexpr std::size_t most_bytes_copied = std::size_t{32} * 1024;
/// One stanza names about as many bytes of recipients: some 150, so that the server is not busy
/// with it for more than a few milliseconds.
constexpr std::size_t list_bytes = std::size_t{4} * 1024;

/// What the whole stanza has at most, in bytes, and what it has when it comes back: a server may
/// write a reference for each quotation mark.
constexpr std::size_t most_bytes = 2 * most_bytes_copied;
constexpr std::size_t most_bytes_returned = 6 * most_bytes;

/// The messages that are to be made of `message`, should it be such a stanza; empty when not. A
/// line that is none is passed over.
std::vector<std::string> made_of(const Element& message);

}  // namespace crier::copies
