#include "cli/refusal.hpp"

#include <crier/namespaces.hpp>

#include <fmt/format.h>

#include "cli/exit_status.hpp"
#include "cli/printable.hpp"

namespace crier::cli {

namespace {

namespace status = exit_status;

/// How one refusal reads. `{node}`, `{place}` (nothing when no node is named), `{subject}` and
/// `{feature}` stand for what it is about.
struct Wording {
  std::string_view condition;
  std::string_view pubsub_condition;
  std::string_view sentence;
  int exit_status = exit_status::refused;
};

/// The first row that fits decides; a row without pubsub condition fits every one.
constexpr Wording wordings[] = {
    {"bad-request", "invalid-jid", "this JID is not yours, or it is not a JID"},
    {"bad-request", "jid-required", "the request must name a JID"},
    {"bad-request", "nodeid-required", "the request must name a node"},
    {"bad-request", "subid-required", "there are several subscriptions; name one with --subid"},
    {"bad-request", "item-required", "node {node} wants an item"},
    {"bad-request", "item-forbidden", "node {node} stores and delivers nothing, so takes no item"},
    {"bad-request", "payload-required", "node {node} wants a payload"},
    {"bad-request", "invalid-payload", "node {node} does not take such a payload"},
    {"bad-request", "invalid-options", "a field has a value that the service does not take"},
    {"bad-request", "", "the service can make nothing of the request"},
    {"conflict", "precondition-not-met", "node {node} is not configured as was asked for"},
    {"conflict", "node-full", "node {node} is full"},
    {"conflict", "", "a node named {node} exists already"},
    {"feature-not-implemented", "unsupported", "the service does not support {feature}"},
    {"feature-not-implemented", "", "the service does not support this"},
    {"forbidden", "", "you have no right to do this{place}", status::no_permission},
    {"gone", "", "node {node} has moved"},
    {"internal-server-error", "", "the service is in trouble"},
    {"item-not-found", "", "there is no {subject}"},
    {"jid-malformed", "", "this is not a JID"},
    {"not-acceptable", "invalid-subid", "there is no subscription with that subid"},
    {"not-acceptable", "payload-too-big", "the payload is too big"},
    {"not-acceptable", "unsupported-access-model", "the service has no such access model"},
    {"not-acceptable", "", "the service does not accept the values"},
    {"not-allowed", "closed-node", "node {node} is open only to those on its whitelist",
     status::no_permission},
    {"not-allowed", "max-items-exceeded", "max_items is above the service's limit"},
    {"not-allowed", "max-nodes-exceeded", "you have as many nodes as the service allows"},
    {"not-allowed", "", "the service allows this to nobody"},
    {"not-authorized", "presence-subscription-required",
     "node {node} is open only to the contacts of its owner", status::no_permission},
    {"not-authorized", "not-in-roster-group",
     "node {node} is open only to certain contacts of its owner", status::no_permission},
    {"not-authorized", "pending-subscription", "an owner has yet to approve the subscription",
     status::no_permission},
    {"not-authorized", "not-subscribed", "node {node} is open only to its subscribers",
     status::no_permission},
    {"not-authorized", "configuration-required", "the subscription must be configured first"},
    {"not-authorized", "", "you have no right to do this", status::no_permission},
    {"payment-required", "", "node {node} must be paid for", status::no_permission},
    {"policy-violation", "too-many-subscriptions", "you have as many subscriptions as is allowed"},
    {"policy-violation", "", "the request is against the service's rules, or too large"},
    {"recipient-unavailable", "", "the service is not available now", status::temporary},
    {"redirect", "", "node {node} has moved"},
    {"registration-required", "", "you must register with the service first",
     status::no_permission},
    {"remote-server-not-found", "", "its server is not known; is --service right?",
     status::unavailable},
    {"remote-server-timeout", "", "it can not be reached now", status::temporary},
    {"resource-constraint", "", "the service is too busy, or out of space", status::temporary},
    {"service-unavailable", "",
     "there is no such service, or it does not do this; is --service "
     "right?",
     status::unavailable},
    {"subscription-required", "", "you must be subscribed to the service", status::no_permission},
    {"unexpected-request", "not-subscribed", "there is no such subscription to node {node}"},
    {"unexpected-request", "", "the service did not expect this now"},
};

const Wording* wording_of(const Refusal& refusal) {
  for (const auto& wording : wordings) {
    if (wording.condition != refusal.condition) continue;
    if (wording.pubsub_condition.empty() || wording.pubsub_condition == refusal.pubsub_condition)
      return &wording;
  }
  return nullptr;
}

std::string in_quotes(std::string_view text) {
  return fmt::format("\"{}\"", printable(text));
}

std::string subject(const Subject& about) {
  if (about.node.empty()) return "such thing";
  if (about.item.empty()) return fmt::format("node named {}", in_quotes(about.node));
  return fmt::format("item {} in node {}, or no such node", in_quotes(about.item),
                     in_quotes(about.node));
}

std::string sentence_of(const Refusal& refusal, const Subject& about) {
  const auto* wording = wording_of(refusal);
  if (!wording) return "it does not say why in a way that is known here";
  return fmt::format(
      fmt::runtime(wording->sentence),
      fmt::arg("node", about.node.empty() ? "without name" : in_quotes(about.node)),
      fmt::arg("place", about.node.empty() ? "" : " to node " + in_quotes(about.node)),
      fmt::arg("subject", subject(about)),
      fmt::arg("feature", refusal.feature.empty() ? "this" : printable(refusal.feature)));
}

}  // namespace

Refusal read_refusal(const Element& iq) {
  Refusal refusal;
  const auto* error = iq.child("error", iq.ns);
  if (!error) return refusal;
  refusal.type = error->attribute_or("type", "");
  for (const auto& child : error->children()) {
    if (child.is("text", ns::stanza_errors)) {
      refusal.text = child.text();
    } else if (child.ns == ns::stanza_errors) {
      refusal.condition = child.name;
    } else if (child.ns == ns::pubsub_errors) {
      refusal.pubsub_condition = child.name;
      refusal.feature = child.attribute_or("feature", "");
    }
  }
  return refusal;
}

std::string to_text(const Refusal& refusal, std::string_view service, const Subject& about) {
  auto conditions = printable(refusal.condition.empty() ? "no condition" : refusal.condition);
  if (!refusal.pubsub_condition.empty()) conditions += ", " + printable(refusal.pubsub_condition);
  auto text = fmt::format("{} refused: {} ({})", service, sentence_of(refusal, about), conditions);
  if (!refusal.text.empty()) text += fmt::format("; it says: {}", printable(refusal.text));
  return text;
}

int exit_status_of(const Refusal& refusal) {
  const auto* wording = wording_of(refusal);
  // Type wait promises that the same request may succeed later; of the conditions of pubsub itself
  // that is not true, though services say it.
  if (refusal.type == "wait" && (!wording || wording->pubsub_condition.empty()))
    return exit_status::temporary;
  return wording ? wording->exit_status : exit_status::refused;
}

}  // namespace crier::cli
