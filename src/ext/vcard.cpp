/// The service's vCard. XEP-0054 §3.

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "ext/rooms.hpp"

namespace crier {

namespace {

/// XEP-0054 §3.3. A vCard has a structured name (§9 there), which of a service is empty.
Result<Reply> vcard(const Request&, Turn& turn) {
  const auto& info = turn.policy().info;
  return Reply{written([&](XmlWriter& out) {
    auto card = out.open("vCard", ns::vcard_temp);
    out.leaf("FN", info.name);
    out.open("N");
    out.leaf("NICKNAME", info.name);
    if (!info.url.empty()) out.leaf("URL", info.url);
    out.leaf("DESC", "Publish-subscribe service");
  })};
}

/// XEP-0054 §3.2: another's vCard. The operator alone decides what is in it.
Result<Reply> refuse_change(const Request&, Turn&) {
  return errors::not_allowed;
}

}  // namespace

void install_vcard(Service& service) {
  service.add_route({Request::Type::get, ns::vcard_temp, "vCard", vcard});
  service.add_route({Request::Type::set, ns::vcard_temp, "vCard", refuse_change});
  service.add_feature(ns::vcard_temp);
}

}  // namespace crier
