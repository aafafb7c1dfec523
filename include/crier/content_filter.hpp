#pragma once
/// A subscription's filter on the content of what is published. XEP-0060 §12.20.

#include <crier/element.hpp>

#include <optional>
#include <string>
#include <vector>

namespace crier {

struct ContentFilter {
  /// Every one must occur in the payload.
  std::vector<std::string> keywords;
  /// Of the payload's root element; empty: any.
  std::string payload_namespace;
  /// An expression of the subset in model/xpath.hpp that must hold; empty: none.
  std::string xpath;

  bool empty() const { return keywords.empty() && payload_namespace.empty() && xpath.empty(); }
  bool operator==(const ContentFilter&) const = default;
};

/// Nothing when the filter can be used, else a sentence for people that says what is wrong.
std::optional<std::string> problem_of(const ContentFilter& filter);

/// Whether an item with that payload (null: none) passes. An empty filter passes everything; any
/// other passes no item without payload.
bool passes(const ContentFilter& filter, const Element* payload);

}  // namespace crier
