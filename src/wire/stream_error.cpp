#include "wire/stream_error.hpp"

#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace crier {

namespace {

struct Advice {
  std::string_view condition;
  LogLevel level;
  /// What to change; `{0}` is the component's domain.
  std::string_view text;
};

using enum LogLevel;

/// As Prosody and ejabberd use the conditions.
constexpr Advice advices[] = {
    {"not-authorized", error,
     "the secret is not the one that the server has for {0}: make --secret-file (or CRIER_SECRET) "
     "and the server's configuration equal"},
    {"host-unknown", error,
     "the server has no external component {0}: add it to the server's configuration, or correct "
     "--domain"},
    {"conflict", error,
     "another component is connected as {0}: stop it, or give one of both another --domain"},
    {"policy-violation", error,
     "a stanza was over a limit of the server: raise its limit for the size of components' stanzas "
     "(Prosody: component_stanza_size_limit; ejabberd: max_stanza_size, shaper)"},
    {"invalid-namespace", error,
     "that port is not one for components: correct --server (usually port 5347, or that of "
     "ejabberd_service)"},
    {"improper-addressing", error, "correct --domain, {0} is no address for the server"},
    {"invalid-from", error, "the server does not let a component send from {0}: correct --domain"},
    {"host-gone", error, "the server does not serve {0} any more"},
    {"unsupported-stanza-type", error, "please report this as a defect of crier"},
    {"invalid-xml", error, "please report this as a defect of crier"},
    {"not-well-formed", error, "please report this as a defect of crier"},
    {"restricted-xml", error, "please report this as a defect of crier"},
    {"bad-format", error, "please report this as a defect of crier"},
    {"see-other-host", warning, "crier stays with --server; change it if the server has moved"},
    {"resource-constraint", warning, "the server has too much to do"},
    {"internal-server-error", warning, "see the server's own log"},
    {"connection-timeout", warning, "the server took the connection for dead"},
    {"reset", warning, "the server asks for a new stream"},
    {"system-shutdown", warning, "the server is stopped or restarted"},
};

std::string_view advice_text(const Advice* advice) {
  return advice == std::end(advices) ? "see the server's own log" : advice->text;
}

}  // namespace

StreamFailure explain_stream_error(const Element& error, std::string_view domain) {
  std::string_view condition = "undefined-condition";
  for (const auto& child : error.children())
    if (child.ns == ns::stream_errors && child.name != "text") condition = child.name;
  const auto* text = error.child("text", ns::stream_errors);
  const auto said = text ? fmt::format(" (“{}”)", text->text()) : std::string();
  const auto advice = std::find_if(std::begin(advices), std::end(advices),
                                   [&](const Advice& row) { return row.condition == condition; });
  return {advice == std::end(advices) ? LogLevel::warning : advice->level,
          fmt::format("the server ended the stream: {}{}; {}", condition, said,
                      fmt::format(fmt::runtime(advice_text(advice)), domain))};
}

std::string stream_error(std::string_view condition, std::string_view text) {
  std::string xml = "<stream:error>";
  {
    XmlWriter out(xml);
    (void)out.open(condition, ns::stream_errors);
    if (!text.empty()) (void)out.open("text", ns::stream_errors).text(text);
  }
  return xml + "</stream:error></stream:stream>";
}

}  // namespace crier
