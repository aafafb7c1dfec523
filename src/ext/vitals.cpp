/// Signs of life: ping (XEP-0199) and software version (XEP-0092).

#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "ext/rooms.hpp"

namespace crier {

namespace {

/// XEP-0199 §4.2.
Result<Reply> ping(const Request&, Turn&) {
  return Reply{};
}

/// XEP-0092 §2. The operating system is nobody's business (§5 there).
Result<Reply> version(const Request&, Turn&) {
  return Reply{written([&](XmlWriter& out) {
    auto query = out.open("query", ns::version);
    out.leaf("name", "crier");
    out.leaf("version", CRIER_VERSION);
  })};
}

}  // namespace

void install_vitals(Service& service) {
  service.add_route({Request::Type::get, ns::ping, "ping", ping});
  service.add_feature(ns::ping);
  service.add_route({Request::Type::get, ns::version, "query", version});
  service.add_feature(ns::version);
}

}  // namespace crier
