#include "pubsub/get_pending.hpp"

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/service.hpp>
#include <crier/xml_writer.hpp>

#include "model/rights.hpp"
#include "pubsub/authorize.hpp"

namespace crier {

namespace {

/// As the example of §8.7.3.3 has it, not auth/forbidden as everywhere else.
constexpr ErrorKind no_owner{ErrorType::cancel, "forbidden"};

/// The nodes that the asker owns, as many as an answer holds. §8.7.2.
std::vector<std::string> own_nodes(const Request& request, Turn& turn) {
  std::vector<std::string> nodes;
  for (auto& entry : turn.store().affiliations_of(turn.policy().domain, request.from.bare()))
    if (entry.affiliation == Affiliation::owner && nodes.size() < turn.policy().page_items)
      nodes.push_back(std::move(entry.node));
  return nodes;
}

std::string choice_of(const std::vector<std::string>& nodes) {
  return written([&](XmlWriter& out) {
    auto x = out.open("x", ns::data_forms);
    x.attr("type", "form");
    out.leaf("title", "Pending subscriptions");
    out.leaf("instructions", "Choose the node whose pending subscriptions you want to see.");
    {
      auto field = out.open("field");
      field.attr("var", "FORM_TYPE").attr("type", "hidden");
      out.leaf("value", ns::subscribe_authorization);
    }
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
                       "Pending subscriptions of a node", get_pending});
  service.add_feature("http://jabber.org/protocol/pubsub#get-pending");
}

}  // namespace crier
