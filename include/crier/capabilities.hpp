#pragma once
/// Entity capabilities: what a presence tells of what its sender can do, as hashes of the
/// disco#info that it answers with. XEP-0115, XEP-0390.

#include <crier/element.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crier {

/// One hash of somebody's disco#info.
struct CapsHash {
  enum class Protocol {
    /// XEP-0115.
    caps,
    /// XEP-0390.
    caps2,
  };
  Protocol protocol = Protocol::caps;
  /// As XEP-0300 calls it: `sha-1`.
  std::string algorithm;
  /// In base64.
  std::string hash;
  /// The node whose disco#info has that hash. XEP-0115 §6.2, XEP-0390 §4.3.
  std::string node;

  bool operator==(const CapsHash&) const = default;
};

/// The hash of `query` under that algorithm, for a node of XEP-0115 below the URI `software`.
/// Nothing when it has none.
std::optional<CapsHash> caps_hash(std::string_view algorithm, std::string_view software,
                                  const Element& query);
/// The same for XEP-0390, whose nodes are named by the hash alone.
std::optional<CapsHash> caps2_hash(std::string_view algorithm, const Element& query);

/// The hashes in a presence's `<c/>` elements that can be verified, the best first: those of
/// XEP-0390, then those of XEP-0115, sha-256 before what is as good but rarer, sha-1 last. One for
/// each algorithm; without those longer than 256 bytes, or whose node is longer than 1023. XEP-0115
/// §4, XEP-0390 §5.4.
std::vector<CapsHash> hashes_of(const Element& presence);

/// Whether `query`, the disco#info of the hash's node in the stanza that it came in, is what the
/// hash says, and what interests_in() finds there follows from the hash. XEP-0115 §5.4, XEP-0390
/// §4.4.
bool matches(const CapsHash& hash, const Element& query);

/// The NodeIDs that who answered with `query` wants to be notified of, prepared and sorted, each
/// once; of more than 500 the first. XEP-0060 §9.2.
std::vector<std::string> interests_in(const Element& query);

}  // namespace crier
