#include "pubsub/get_pending.hpp"

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/service.hpp>
#include <crier/xml_writer.hpp>

#include "model/rights.hpp"
#include "pubsub/authorize.hpp"
#include "pubsub/command_form.hpp"

#include <array>

namespace crier {

namespace {

constexpr std::string_view pending_name = "urn:crier:command:pending";

/// As the example of §8.7.3.3 has it, not auth/forbidden as everywhere else.
constexpr ErrorKind no_owner{ErrorType::cancel, "forbidden"};

/// The nodes that the asker owns, as many as an answer holds. §8.7.2.
std::vector<std::string> own_nodes(const Request& request, Turn& turn) {
  constexpr std::size_t tags = 64;
  const Policy& policy = turn.policy();
  std::vector<std::string> nodes;
  std::size_t bytes = 0;
  for (auto& entry : turn.store().affiliations_of(policy.domain, request.from.bare())) {
    if (entry.affiliation != Affiliation::owner) continue;
    // Each is written twice: for people, and as the value.
    bytes += 2 * escape_attribute(entry.node).size() + tags;
    if (nodes.size() == policy.page_items || (!nodes.empty() && bytes > policy.page_bytes)) break;
    nodes.push_back(std::move(entry.node));
  }
  return nodes;
}

std::string choice_of(const std::vector<std::string>& nodes) {
  return written([&](XmlWriter& out) {
    auto x = out.open("x", ns::data_forms);
    x.attr("type", "form");
    out.leaf("title", "Pending subscriptions");
    out.leaf("instructions", "Choose the node whose pending subscriptions you want to see.");
    write_form_type(out, ns::subscribe_authorization);
    auto field = out.open("field");
    field.attr("var", "pubsub#node").attr("type", "list-single").attr("label", "The node");
    out.open("required");
    for (const auto& node : nodes) {
      auto option = out.open("option");
      option.attr("label", node);
      out.leaf("value", node);
    }
  });
}

/// §8.7.4. Refuses with item-not-found (§8.7.3.4), forbidden (§8.7.3.3).
Result<CommandStage> ask_about(const DataForm& form, const Request& request, Turn& turn) {
  if (!form.form_type().empty() && form.form_type() != ns::subscribe_authorization)
    return errors::bad_payload.because("The form has a FORM_TYPE that does not belong here.");
  const auto* field = form.field("pubsub#node");
  const bool named = field && field->values.size() == 1;
  const auto name = named ? prepare_resource(field->values.front()) : std::nullopt;
  if (!name) return errors::bad_payload.because("The form names no node.");
  const Node* node = turn.find(*name);
  if (!node || turn.conceals(*node, request.from)) return errors::item_not_found;
  if (!may_own(*node, request.from, turn.policy())) return no_owner;
  ask_owner_of_pending(turn, *node, request.from.bare());
  return CommandStage{};
}

// Their list, which §8.8.1 leaves out.

struct PendingForm {
  NodeName node;
  Bounded<1, 500> max{100};
};

constexpr FormHead pending_head{pending_name, "List of pending subscriptions",
                                "Those who wait for an owner of the node to let them in."};
constexpr std::array pending_fields{
    Field<PendingForm>::of<&PendingForm::node>("node", "Node").and_required(),
    Field<PendingForm>::of<&PendingForm::max>("max", "At most"),
};
constexpr std::array<Column, 2> pending_columns{
    {{"jid", "Who asks", "jid-single"}, {"subid", "Subscription"}}};

Result<CommandStage> list_pending(const Request& request, const DataForm* form, Turn& turn) {
  const std::span<const Field<PendingForm>> table(pending_fields);
  if (!form) return ask_for(pending_head, table, PendingForm());
  const auto wanted = TRY(read_form(pending_head, table, *form));
  const Node* node = turn.find(wanted.node.text);
  if (!node || turn.conceals(*node, request.from)) return errors::item_not_found;
  TRY(may_own(*node, request.from, turn.policy()));
  const auto& subscriptions = node->subscriptions;
  Report report;
  for (const auto at : pending_at(*node, static_cast<std::size_t>(wanted.max.value))) {
    const auto& slot = subscriptions.at(at);
    if (!report.add({std::string(subscriptions.jid(slot)), subid_of(slot.id)}, turn.policy()))
      break;
  }
  return done(pending_head, pending_columns, report, "Nobody waits.");
}

/// §8.7.1, §8.7.2.
Result<CommandStage> get_pending(const Request& request, const DataForm* form, Turn& turn) {
  if (form) return ask_about(*form, request, turn);
  const auto nodes = own_nodes(request, turn);
  if (nodes.empty()) return no_owner.because("You own no node.");
  return CommandStage{CommandStage::Status::executing, choice_of(nodes)};
}

}  // namespace

void install_get_pending(Service& service) {
  service.add_command({"http://jabber.org/protocol/pubsub#get-pending",
                       "Pending subscriptions of a node", get_pending, CommandLevel::owners});
  service.add_command({pending_name, pending_head.title, list_pending, CommandLevel::owners});
  service.add_feature("http://jabber.org/protocol/pubsub#get-pending");
}

}  // namespace crier
