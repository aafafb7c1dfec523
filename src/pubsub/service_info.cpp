#include "pubsub/service_info.hpp"

namespace crier {

void write_identity(XmlWriter& out, const Identity& identity) {
  auto element = out.open("identity");
  element.attr("category", identity.category).attr("type", identity.type);
  if (!identity.name.empty()) element.attr("name", identity.name);
}

void write_service_info(XmlWriter& out, const Service& service) {
  for (const auto& identity : service.identities()) write_identity(out, identity);
  for (const auto feature : service.features()) out.open("feature").attr("var", feature);
  for (const auto& form : service.info_forms()) out.raw(form);
}

}  // namespace crier
