#pragma once
/// What may be asked of the XML reader.

#include <cstddef>

namespace crier {

/// What a stanza may cost, at the most. A stanza that is over a limit is skipped, never truncated.
struct XmlLimits {
  /// Less than 512 MiB: expat counts what it is given in an int.
  std::size_t max_stanza_bytes = std::size_t{1024} * 1024;
  /// Levels of elements, the stanza's own being the first.
  std::size_t max_depth = 512;
  /// Of one element, declarations of namespaces included.
  std::size_t max_attributes = 256;
  /// Child elements of one element.
  std::size_t max_children = 65536;
  /// Prefixes declared by an element and by all around it. Looking one up costs that much.
  std::size_t max_prefixes = 128;
};

}  // namespace crier
