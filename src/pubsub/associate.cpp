/// Associating nodes with collections by themselves. XEP-0248 §7.5, §7.6.

#include <crier/errors.hpp>

#include "pubsub/graph.hpp"
#include "pubsub/use_cases.hpp"

namespace crier {

namespace {

/// The node that an `<associate/>` or `<dissociate/>` names.
Result<std::string> child_of(const Element& element) {
  const auto name = element.attribute_or("node", "");
  if (name.empty()) return errors::nodeid_required;
  auto prepared = prepare_resource(name);
  if (!prepared) return errors::bad_request.because("The NodeID is not a valid one.");
  return std::move(*prepared);
}

}  // namespace

Result<Reply> change_associations(const Request& request, Turn& turn) {
  const Node& collection = *TRY(turn.node(request));
  const Element* element = request.action.first_child();
  if (!element || ++Element::Iterator(request.action.content) != Element::Iterator())
    return errors::bad_request.because("One node is associated, or dissociated.");
  const auto child = TRY(child_of(*element));
  const Association edge{collection.key.name, child};
  GraphChange change;
  if (element->is("associate", request.action.ns))
    change = TRY(plan_association(turn, edge, request.from));
  else if (element->is("dissociate", request.action.ns))
    change = TRY(plan_dissociation(turn, edge, request.from));
  else
    return errors::bad_request.because("One node is associated, or dissociated.");
  apply(turn, change);
  turn.audit({.by = request.from.text(),
              .action = std::string(element->name),
              .node = collection.key.name,
              .subject = child});
  return Reply{};
}

}  // namespace crier
