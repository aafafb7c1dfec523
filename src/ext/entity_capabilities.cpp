/// The service's own capabilities: hashes of its disco#info, told in its presence, so that whoever
/// knows them need not ask. XEP-0115, XEP-0390.
///
/// All that the service says of itself is settled once the rooms are installed, so there is one
/// hash of each kind for the life of the process. What it said before a restart under another
/// configuration is not kept: a node of that is as unknown as any other.

#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include <crier/capabilities.hpp>
#include "ext/rooms.hpp"
#include "pubsub/service_info.hpp"

#include <optional>

namespace crier {

namespace {

/// The URI that names the software, whatever version and whoever runs it. XEP-0115 §4.
constexpr std::string_view software = "https://crier.im";

/// The service's hashes, as far as there are the hash functions. XEP-0115 §9.1, XEP-0390 §4.2.
std::vector<CapsHash> own_hashes(const Service& service) {
  const auto info = parse_xml(written([&](XmlWriter& out) {
    auto query = out.open("query", ns::disco_info);
    write_service_info(out, service);
  }));
  if (!info) return {};
  std::vector<CapsHash> hashes;
  for (auto& hash : {caps_hash("sha-1", software, info->root()),
                     caps2_hash("sha-256", info->root()), caps2_hash("sha3-256", info->root())})
    if (hash) hashes.push_back(*hash);
  return hashes;
}

/// XEP-0115 §6.1.
void write_caps(XmlWriter& out, const CapsHash& hash) {
  auto c = out.open("c", ns::caps);
  c.attr("hash", hash.algorithm).attr("node", software).attr("ver", hash.hash);
}

/// XEP-0390 §5.4.
void write_caps2(XmlWriter& out, const std::vector<CapsHash>& hashes) {
  auto c = out.open("c", ns::caps2);
  for (const auto& hash : hashes) {
    if (hash.protocol != CapsHash::Protocol::caps2) continue;
    auto element = out.open("hash", ns::hashes);
    element.attr("algo", hash.algorithm).text(hash.hash);
  }
}

/// XEP-0115 §6.2, XEP-0390 §5.5.
Result<std::string> info(const Request&, Turn& turn) {
  return written([&](XmlWriter& out) { write_service_info(out, turn.service()); });
}

}  // namespace

void install_entity_capabilities(Service& service) {
  service.add_feature(ns::caps);
  service.add_feature(ns::caps2);
  const auto hashes = own_hashes(service);
  service.set_capabilities(written([&](XmlWriter& out) {
    for (const auto& hash : hashes)
      if (hash.protocol == CapsHash::Protocol::caps) write_caps(out, hash);
    write_caps2(out, hashes);
  }));
  for (const auto& hash : hashes) service.add_disco_node({hash.node, info});
}

}  // namespace crier
