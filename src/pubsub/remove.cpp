#include "pubsub/remove.hpp"

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>

#include "model/rights.hpp"
#include "pubsub/delivery.hpp"
#include "pubsub/graph.hpp"
#include "pubsub/notify.hpp"
#include "pubsub/permission.hpp"
#include "pubsub/use_cases.hpp"

namespace crier {

namespace {

/// Where the node has moved to; empty when nothing is said. §8.4.1.
Result<std::string> redirect_of(const Element& action) {
  const Element* redirect = action.child("redirect", ns::pubsub_owner);
  if (!redirect) return std::string();
  constexpr std::size_t longest = 4096;
  std::string uri(redirect->attribute_or("uri", ""));
  if (!uri.starts_with("xmpp:") || uri.size() > longest)
    return errors::bad_request.because("A redirection has an XMPP URI.");
  return uri;
}

}  // namespace

void remove_node(Turn& turn, const Node& node, std::string_view redirect, const Jid& who) {
  turn.audit({.by = who.text(), .action = "delete", .node = node.key.name});
  if (node.config.notify_delete) notify_deleted(turn, node, redirect);
  turn.store().remove(node);
  leave_graph(turn, node);
  if (!redirect.empty()) turn.store().set_redirect(node.key, redirect);
  end_delivery(turn, node);
  turn.forget(node);
}

void purge_items(Turn& turn, const Node& node, const Jid& who) {
  turn.audit({.by = who.text(),
              .action = "purge",
              .node = node.key.name,
              .old_value = std::to_string(node.item_count)});
  Node& changed = turn.change(node);
  changed.first_seq = turn.store().next_seq();
  changed.item_count = 0;
  turn.store().save_counts(changed);
  notify_purged(turn, node);
}

Result<Reply> delete_node(const Request& request, Turn& turn) {
  if (request.names_root()) return errors::not_allowed.because("The root belongs to the service.");
  const Node& node = *TRY(turn.node(request));
  TRY(may_own(node, request.from, turn.policy()));
  const auto redirect = TRY(redirect_of(request.action));
  remove_node(turn, node, redirect, request.from);
  return Reply{};
}

Result<Reply> purge(const Request& request, Turn& turn) {
  const Node& node = *TRY(turn.node(request));
  TRY(may_purge(turn, node, request.from));
  purge_items(turn, node, request.from);
  return Reply{};
}

}  // namespace crier
