#pragma once
/// A store as a file: lines of JSON, or XML as XEP-0227 has it. Written in one go from one look at
/// the store, in memory that does not depend on what is there; the same store gives the same bytes.

#include "transfer/json_line.hpp"
#include "transfer/snapshot.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace crier::transfer {

/// Where what is written goes.
struct Output {
  /// Takes the next bytes. May throw.
  std::function<void(std::string_view)> write;
  /// Told now and then how many items are written; may be empty.
  std::function<void(std::uint64_t items)> progress = {};
};

/// Writes the selection as json_line.hpp has it; gives what was written of each kind.
Counts export_json(Snapshot& snapshot, const Selection& selection, const Output& output);

/// Writes the selection as XEP-0227 §4.10 has it, the service's nodes directly inside of its host.
/// What that has no place for stands in attributes and elements of our own namespace: creators,
/// times, options, cursors. Redirects and contacts are left out; they are not counted.
Counts export_xep0227(Snapshot& snapshot, const Selection& selection, const Output& output);

/// The namespaces of that format.
inline constexpr std::string_view xep0227_ns = "urn:xmpp:pie:0";
inline constexpr std::string_view transfer_ns = "urn:crier:transfer:0";

}  // namespace crier::transfer
