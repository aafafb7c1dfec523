/// Which hash to believe, and what follows from it.
///
/// XEP-0115 hashes a list of words, each with '<' behind it, that does not say which of them are
/// identities, features or values of forms: somebody can answer for a hash of others with a feature
/// of theirs dressed up as a form, and hide it (XEP-0115 §9.3). The words are the same in any such
/// disguise. So an answer is taken only when each word `X+notify` is a feature: then the interests,
/// which is all that is taken from it, are what the hash says.

#include <crier/capabilities.hpp>

#include <crier/jid.hpp>
#include <crier/namespaces.hpp>

#include "base/digest.hpp"
#include "model/capability_hash_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace crier {

namespace {

constexpr std::string_view notify_suffix = "+notify";

/// How often `part` stands in `text`.
std::ptrdiff_t count(std::string_view text, std::string_view part) {
  std::ptrdiff_t found = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

bool is_interest(std::string_view feature) {
  return feature.ends_with(notify_suffix);
}

/// Whether each word `X+notify` of the verification string is a feature.
bool tells_interests(std::string_view verification_string, const Element& query) {
  std::ptrdiff_t features = 0;
  for (const auto& child : query.children())
    features += child.is("feature", ns::disco_info) && is_interest(child.attribute_or("var", ""));
  return count(verification_string, "+notify<") == features;
}

// Presence

/// The hash functions that a hash is verified with, the best first: what most entities have, so
/// that those who run one software are known by one hash.
constexpr std::string_view preferred[] = {"sha-256",  "sha3-256",    "sha-512",
                                          "sha3-512", "blake2b-512", "sha-1"};

CapsHash make_caps(std::string_view algorithm, std::string_view hash, std::string_view software) {
  return {CapsHash::Protocol::caps, std::string(algorithm), std::string(hash),
          fmt::format("{}#{}", software, hash)};
}

CapsHash make_caps2(std::string_view algorithm, std::string_view hash) {
  return {CapsHash::Protocol::caps2, std::string(algorithm), std::string(hash),
          fmt::format("{}#{}.{}", ns::caps2, algorithm, hash)};
}

bool is_usable(const CapsHash& hash) {
  constexpr std::size_t max_hash = 256;
  constexpr std::size_t max_node = 1023;
  return !hash.hash.empty() && hash.hash.size() <= max_hash && hash.node.size() <= max_node &&
         std::ranges::find(preferred, hash.algorithm) != std::end(preferred) &&
         has_digest(hash.algorithm);
}

/// What one `<c/>` says, usable or not.
std::vector<CapsHash> read_hashes(const Element& c) {
  std::vector<CapsHash> hashes;
  if (c.is("c", ns::caps)) {
    const auto algorithm = c.attribute("hash");
    const auto hash = c.attribute("ver");
    const auto software = c.attribute("node");
    // Without the name of the hash function this is the legacy format. XEP-0115 §5.4 step 1
    if (algorithm && hash && software) hashes.push_back(make_caps(*algorithm, *hash, *software));
  } else if (c.is("c", ns::caps2)) {
    for (const auto& hash : c.children())
      if (hash.is("hash", ns::hashes))
        hashes.push_back(make_caps2(hash.attribute_or("algo", ""), hash.text()));
  }
  return hashes;
}

/// The place of a hash in the order of preference.
std::pair<bool, std::ptrdiff_t> rank(const CapsHash& hash) {
  return {hash.protocol == CapsHash::Protocol::caps,
          std::ranges::find(preferred, hash.algorithm) - std::begin(preferred)};
}

}  // namespace

std::optional<CapsHash> caps_hash(std::string_view algorithm, std::string_view software,
                                  const Element& query) {
  const auto text = verification_string(query);
  const auto hash = text ? digest(algorithm, *text) : std::nullopt;
  if (!hash) return {};
  return make_caps(algorithm, *hash, software);
}

std::optional<CapsHash> caps2_hash(std::string_view algorithm, const Element& query) {
  const auto input = capability_hash_input(query);
  const auto hash = input ? digest(algorithm, *input) : std::nullopt;
  if (!hash) return {};
  return make_caps2(algorithm, *hash);
}

std::vector<CapsHash> hashes_of(const Element& presence) {
  std::vector<CapsHash> hashes;
  for (const auto& child : presence.children())
    for (auto& hash : read_hashes(child))
      if (is_usable(hash) && !std::ranges::count(hashes, rank(hash), rank))
        hashes.push_back(std::move(hash));
  std::ranges::sort(hashes, {}, rank);
  return hashes;
}

bool matches(const CapsHash& hash, const Element& query) {
  if (!query.is("query", ns::disco_info)) return false;
  const auto is_hash_of = [&](const std::optional<std::string>& text) {
    return text && digest(hash.algorithm, *text) == hash.hash;
  };
  if (hash.protocol == CapsHash::Protocol::caps) {
    const auto text = verification_string(query);
    return is_hash_of(text) && tells_interests(*text, query);
  }
  // A server puts the language of a client's stream on its stanzas (RFC 6120 §8.1.5), of which the
  // client may know nothing when it makes its hash.
  return is_hash_of(capability_hash_input(query, IdentityLanguage::inherited)) ||
         is_hash_of(capability_hash_input(query, IdentityLanguage::own));
}

std::vector<std::string> interests_in(const Element& query) {
  constexpr std::size_t most = 500;
  std::set<std::string> nodes;
  for (const auto& child : query.children()) {
    auto feature = child.attribute_or("var", "");
    if (!child.is("feature", ns::disco_info) || !is_interest(feature)) continue;
    feature.remove_suffix(notify_suffix.size());
    if (auto node = prepare_resource(feature)) nodes.insert(std::move(*node));
  }
  const auto end = std::ranges::next(nodes.begin(), most, nodes.end());
  return {nodes.begin(), end};
}

}  // namespace crier
