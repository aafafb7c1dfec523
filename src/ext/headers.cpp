/// Stanza headers: which ones the service sends. XEP-0131.

#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "ext/rooms.hpp"

namespace crier {

namespace {

/// §3.
Result<std::string> headers_info(const Request&, Turn&) {
  return written([](XmlWriter& out) {
    out.open("feature").attr("var", "http://jabber.org/protocol/shim#Collection");
    out.open("feature").attr("var", "http://jabber.org/protocol/shim#SubID");
  });
}

}  // namespace

void install_headers(Service& service) {
  service.add_feature(ns::shim);
  service.add_disco_node({std::string(ns::shim), headers_info});
}

}  // namespace crier
