/// Whom to turn to about the service: a form in its disco#info. XEP-0157 §3.

#include <crier/form.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "ext/rooms.hpp"

namespace crier {

namespace {

std::string contact_form(const ServiceInfo& info) {
  return written([&](XmlWriter& out) {
    auto x = out.open("x", ns::data_forms);
    x.attr("type", "result");
    write_form_type(out, ns::serverinfo);
    for (const auto& [purpose, addresses] : info.contacts)
      write_field(out, purpose + "-addresses", "list-multi", {}, addresses);
  });
}

}  // namespace

void install_contacts(Service& service) {
  const auto& info = service.policy().info;
  if (!info.contacts.empty()) service.add_info_form(contact_form(info));
}

}  // namespace crier
