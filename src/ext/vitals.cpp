/// Signs of life: ping (XEP-0199), software version (XEP-0092), uptime (XEP-0012) and time
/// (XEP-0202).

#include <crier/namespaces.hpp>
#include <crier/time.hpp>
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

/// XEP-0012 §5: of a service, how long it runs.
Result<Reply> last_activity(const Request&, Turn& turn) {
  return Reply{written([&](XmlWriter& out) {
    out.open("query", ns::last).attr("seconds", std::to_string(turn.uptime().count()));
  })};
}

/// XEP-0202 §2. Whole seconds, as in §3 there; and UTC, because where the machine stands is
/// nobody's business (§6 there).
Result<Reply> entity_time(const Request&, Turn& turn) {
  return Reply{written([&](XmlWriter& out) {
    auto time = out.open("time", ns::time);
    out.leaf("tzo", "+00:00");
    out.leaf("utc", format_datetime(std::chrono::floor<std::chrono::seconds>(turn.now())));
  })};
}

}  // namespace

void install_vitals(Service& service) {
  service.add_route({Request::Type::get, ns::ping, "ping", ping});
  service.add_feature(ns::ping);
  service.add_route({Request::Type::get, ns::version, "query", version});
  service.add_feature(ns::version);
  service.add_route({Request::Type::get, ns::last, "query", last_activity});
  service.add_feature(ns::last);
  service.add_route({Request::Type::get, ns::time, "time", entity_time});
  service.add_feature(ns::time);
}

}  // namespace crier
