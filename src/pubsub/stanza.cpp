#include "pubsub/stanza.hpp"

#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

namespace crier {

namespace {

std::string_view name_of(ErrorType type) {
  switch (type) {
    case ErrorType::auth: return "auth";
    case ErrorType::cancel: return "cancel";
    case ErrorType::modify: return "modify";
    case ErrorType::wait: return "wait";
  }
  return {};
}

/// Addresses an answer to the sender of `stanza`, with the addresses as they were written.
void address(XmlWriter::Tag& answer, std::string_view type, const Element& stanza) {
  answer.attr("type", type);
  answer.attr("from", stanza.attribute_or("to", ""));
  answer.attr("to", stanza.attribute_or("from", ""));
  if (const auto id = stanza.attribute("id")) answer.attr("id", *id);
}

void write_error(XmlWriter& out, const Error& error) {
  const ErrorKind& kind = *error.kind;
  auto element = out.open("error");
  element.attr("type", name_of(kind.type));
  {
    auto condition = out.open(kind.condition, ns::stanza_errors);
    if (!error.address.empty()) condition.text(error.address);
  }
  if (!error.text.empty()) {
    auto text = out.open("text", ns::stanza_errors);
    text.attr("xml:lang", "en").text(error.text);
  }
  if (kind.pubsub_condition.empty()) return;
  const auto ns = kind.child_ns.empty() ? ns::pubsub_errors : kind.child_ns;
  auto condition = out.open(kind.pubsub_condition, ns);
  if (!kind.feature.empty()) condition.attr("feature", kind.feature);
}

}  // namespace

std::string result_stanza(const Element& iq, const Reply& reply) {
  return written([&](XmlWriter& out) {
    auto answer = out.open("iq");
    address(answer, "result", iq);
    if (!reply.payload.empty()) out.raw(reply.payload);
  });
}

std::string error_stanza(const Element& stanza, const Error& error) {
  return written([&](XmlWriter& out) {
    auto answer = out.open(stanza.name);
    address(answer, "error", stanza);
    if (!error.echo.empty()) out.raw(error.echo);
    write_error(out, error);
  });
}

bool may_be_refused(const Element& stanza) {
  const auto type = stanza.attribute_or("type", "");
  if (stanza.name == "iq") return type != "result" && type != "error";
  return stanza.name == "message" && type != "error";
}

}  // namespace crier
