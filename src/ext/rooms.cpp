#include "ext/rooms.hpp"

#include "pubsub/use_cases.hpp"

namespace crier {

Service make_service(Policy policy) {
  Service service(std::move(policy));
  install_pubsub(service);
  install_headers(service);
  install_vitals(service);
  install_contacts(service);
  install_vcard(service);
  install_privileges(service);
  install_explain(service);
  install_my_subscriptions(service);
  install_administration(service);
  install_node_administration(service);
  install_bans(service);
  install_audit(service);
  install_statistics(service);
  install_trace(service);
  install_reload(service);
  install_commands(service);
  install_entity_capabilities(service);
  return service;
}

}  // namespace crier
