#pragma once
/// What Prosody's two kinds of storage have in common: nodes and payloads as tables.

#include "transfer/foreign/carrier.hpp"
#include "transfer/foreign/term.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace crier::transfer {

/// A node of mod_pubsub as it is stored; members may be null.
struct ProsodyNode {
  std::string name;
  const Term* config = nullptr;
  /// JID to affiliation.
  const Term* affiliations = nullptr;
  /// JID to `true`, or to the options.
  const Term* subscribers = nullptr;
};

/// Hands a node over with its affiliations and subscriptions; its items are to follow when it is
/// true. `created`: when its oldest item was published.
bool carry_prosody_node(const ProsodyNode& node, std::optional<Time> created, Carrier& carrier);

/// A stanza as Prosody serialises tables of it (`name`, `attr`, and the content in order) as XML;
/// nothing when it is none.
std::optional<std::string> prosody_stanza_xml(const Term& stanza);

}  // namespace crier::transfer
