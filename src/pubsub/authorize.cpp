#include "pubsub/authorize.hpp"

#include <crier/form.hpp>
#include <crier/namespaces.hpp>
#include <crier/service.hpp>
#include <crier/xml_writer.hpp>

#include "model/fields.hpp"
#include "model/rights.hpp"
#include "pubsub/subscription_entry.hpp"

#include <fmt/format.h>

namespace crier {

namespace {

void ask(Turn& turn, const Node& node, Subscriptions::Position at, std::string_view owner) {
  const auto& slot = node.subscriptions.at(at);
  const auto jid = node.subscriptions.jid(slot);
  if (turn.bans().covering(owner)) return;
  turn.send(written([&](XmlWriter& out) {
    auto message = out.open("message");
    message.attr("from", node.key.host).attr("to", owner).attr("id", turn.fresh_id());
    out.leaf("body", fmt::format("{} asks to subscribe to {}.", jid, node.key.name));
    auto x = out.open("x", ns::data_forms);
    x.attr("type", "form");
    out.leaf("title", "Subscription request");
    out.leaf("instructions", "Choose whether to allow the subscription.");
    write_form_type(out, ns::subscribe_authorization);
    write_field(out, "pubsub#subid", "hidden", {}, subid_of(slot.id));
    write_field(out, "pubsub#node", "text-single", "The node", node.key.name);
    write_field(out, "pubsub#subscriber_jid", "jid-single", "Who asks", jid);
    write_field(out, "pubsub#allow", "boolean", "Allow the subscription", "false");
  }));
}

/// The one value of a field; empty when it has none.
std::string value_of(const DataForm& form, std::string_view var) {
  const auto* field = form.field(var);
  return field && field->values.size() == 1 ? field->values.front() : std::string();
}

/// The pending subscription that the form is about, or `none`.
Subscriptions::Position pending_subscription(const DataForm& form, const Node& node) {
  const auto jid = Jid::parse(value_of(form, "pubsub#subscriber_jid"));
  if (!jid) return Subscriptions::none;
  const auto subid = value_of(form, "pubsub#subid");
  for (const auto at : node.subscriptions.group(jid->text())) {
    const auto& slot = node.subscriptions.at(at);
    if (slot.state == SubscriptionState::pending && (subid.empty() || subid == subid_of(slot.id)))
      return at;
  }
  return Subscriptions::none;
}

}  // namespace

void ask_owners(Turn& turn, const Node& node, Subscriptions::Position at) {
  for (const auto& owner : node.owners) ask(turn, node, at, owner);
}

std::vector<Subscriptions::Position> pending_at(const Node& node, std::size_t most) {
  const auto& subscriptions = node.subscriptions;
  // Most nodes have none that waits, or few; the walk ends with the last of them.
  auto waiting = subscriptions.size() - subscriptions.subscribed();
  std::vector<Subscriptions::Position> found;
  for (Subscriptions::Position at = 0; waiting > 0 && found.size() < most; ++at) {
    const auto& slot = subscriptions.at(at);
    if (!slot.live || slot.state == SubscriptionState::subscribed) continue;
    --waiting;
    if (slot.state == SubscriptionState::pending) found.push_back(at);
  }
  return found;
}

void ask_owner_of_pending(Turn& turn, const Node& node, std::string_view owner) {
  for (const auto at : pending_at(node, turn.policy().page_items)) ask(turn, node, at, owner);
}

void take_authorization(const Message& message, Turn& turn) {
  const auto form = DataForm::parse(message.payload);
  if (!form || form.value().form_type() != ns::subscribe_authorization) return;
  if (form.value().type() != "submit") return;
  const auto name = prepare_resource(value_of(form.value(), "pubsub#node"));
  const Node* node = name ? turn.find(*name) : nullptr;
  if (!node || !may_own(*node, message.from, turn.policy())) return;
  const auto at = pending_subscription(form.value(), *node);
  bool allow = false;
  if (at == Subscriptions::none ||
      !FieldValue<bool>::read({value_of(form.value(), "pubsub#allow")}, allow))
    return;
  turn.audit({.by = message.from.text(),
              .action = "subscription",
              .node = node->key.name,
              .subject = std::string(node->subscriptions.jid(node->subscriptions.at(at))),
              .old_value = "pending",
              .new_value = allow ? "subscribed" : "none"});
  if (allow)
    approve(turn, *node, at);
  else
    end_subscription(turn, *node, at);
}

}  // namespace crier
