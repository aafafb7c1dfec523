#pragma once
/// What XEP-0060 lets an entity ask, one function a request. Each reads the request, checks
/// everything, then changes and answers; a refusal has changed nothing. All refuse with
/// nodeid-required when a node must be named and is not, and with item-not-found when there is no
/// such node.

#include <crier/service.hpp>

namespace crier {

// discover.cpp

/// What the service, or a node, is and offers. §5.1, §5.3, §5.4; XEP-0030 §3.
/// Refuses with item-not-found a node that does not exist, or that the asker may not see.
Result<Reply> disco_info(const Request& request, Turn& turn);
/// The nodes of the service, or the items of a node, as far as the asker may see them. §5.2, §5.5.
Result<Reply> disco_items(const Request& request, Turn& turn);

// subscribe.cpp

/// Subscribes the JID that the request names. §6.1.
/// Refuses with jid-required, jid-malformed, invalid-jid (§6.1.3.1), forbidden (§6.1.3.8),
/// presence-subscription-required (§6.1.3.2), not-in-roster-group (§6.1.3.3), closed-node
/// (§6.1.3.4), pending-subscription (§6.1.3.7), too-many-subscriptions (§6.1.3.9),
/// subscribe unsupported (§6.1.3.10), invalid-options (§6.3.6.2).
Result<Reply> subscribe(const Request& request, Turn& turn);
/// Ends a subscription. §6.2.
/// Refuses with jid-required, forbidden (§6.2.3.3), not-subscribed (§6.2.3.2), subid-required
/// (§6.2.3.1), invalid-subid (§6.2.3.5).
Result<Reply> unsubscribe(const Request& request, Turn& turn);

// options.cpp

/// The form of a subscription's options. §6.3.2.
/// Refuses with forbidden (§6.3.4.1), no_such_subscription (§6.3.4.2), jid-required (§6.3.4.3),
/// subid-required (§6.3.4.4), invalid-subid (§6.3.4.5).
Result<Reply> subscription_options(const Request& request, Turn& turn);
/// Changes a subscription's options. §6.3.5. Refuses as subscription_options does, and with
/// invalid-options (§6.3.6.2).
Result<Reply> configure_subscription(const Request& request, Turn& turn);
/// The options that a subscription has when nothing else is said. §6.4.
Result<Reply> default_subscription_options(const Request& request, Turn& turn);

// retrieve.cpp

/// Items of a node: all, the newest, or those named; in the order of publication, newest last.
/// What does not fit into a page is left out, and told of by a `<set/>`. §6.5, §12.1.
/// Refuses with forbidden (§6.5.9.10), presence-subscription-required (§6.5.9.6),
/// not-in-roster-group (§6.5.9.7), closed-node (§6.5.9.8), invalid-subid (§6.5.9.2),
/// persistent-items unsupported (§6.5.9.4), item-not-found for a page that starts at no item
/// (XEP-0059 §2.2).
Result<Reply> retrieve(const Request& request, Turn& turn);

// publish.cpp

/// Publishes items, all or none; creates the node when there is none and the publisher may
/// (§7.1.4). §7.1, §12.11. Refuses with forbidden (§7.1.3.1), node-full (§7.1.3.4), payload-too-big
/// (§7.1.3.5), invalid-payload (§7.1.3.6), item-required, payload-required, item-forbidden
/// (§7.1.3.7), precondition-not-met (§7.1.5), max-items-exceeded (§12.11).
Result<Reply> publish(const Request& request, Turn& turn);

// retract.cpp

/// Deletes items. §7.2.
/// Refuses with forbidden (§7.2.3.1), item-not-found (§7.2.3.2), item-required (§7.2.3.4),
/// persistent-items unsupported (§7.2.3.5).
Result<Reply> retract(const Request& request, Turn& turn);

// create.cpp

/// Creates a node, named or instant, configured as the companion says. §8.1.
/// Refuses with forbidden, conflict (§8.1.1), max_nodes_exceeded, and as `configure` does.
Result<Reply> create(const Request& request, Turn& turn);

// configure.cpp

/// The configuration form of a node. §8.2.1. Refuses with forbidden (§8.2.3.2).
Result<Reply> configuration(const Request& request, Turn& turn);
/// Changes the configuration of a node. §8.2.4.
/// Refuses with forbidden (§8.2.3.2), not-acceptable (§8.2.5.2, or what the operator has set),
/// unsupported-access-model.
Result<Reply> configure(const Request& request, Turn& turn);
/// The configuration that a new node has when nothing else is said; one of the name that the
/// request gives, if it gives one. §8.3.
Result<Reply> default_configuration(const Request& request, Turn& turn);

// associate.cpp

/// Puts a node into a collection, or takes it out. XEP-0248 §7.5, §7.6.
/// Refuses with forbidden, max_nodes_exceeded, impossible_graph, and with bad-request when the node
/// is not in the collection.
Result<Reply> change_associations(const Request& request, Turn& turn);

// remove.cpp

/// Deletes a node. §8.4. Refuses with forbidden (§8.4.3.1).
Result<Reply> delete_node(const Request& request, Turn& turn);
/// Removes all items of a node. §8.5.
/// Refuses with forbidden (§8.5.3.2), persistent-items unsupported (§8.5.3.3).
Result<Reply> purge(const Request& request, Turn& turn);

// subscriptions.cpp

/// The asker's own subscriptions, at all nodes or the one named. §5.6.
Result<Reply> own_subscriptions(const Request& request, Turn& turn);
/// The subscriptions of a node, for its owner; pending ones are left out. §8.8.1.
/// Refuses with forbidden (§8.8.1.3.2).
Result<Reply> node_subscriptions(const Request& request, Turn& turn);
/// Changes subscriptions of a node. §8.8.2.
/// Refuses with forbidden, and with not-acceptable the entries that can not be; those are echoed
/// as they are, the others are changed (§8.8.2.4).
Result<Reply> change_subscriptions(const Request& request, Turn& turn);

// affiliations.cpp

/// The asker's own affiliations, at all nodes or the one named. §5.7.
Result<Reply> own_affiliations(const Request& request, Turn& turn);
/// The affiliations of a node, for its owner. §8.9.1. Refuses with forbidden (§8.9.1.3.2).
Result<Reply> node_affiliations(const Request& request, Turn& turn);
/// Changes affiliations of a node. §8.9.2.
/// Refuses with forbidden, bad-request for two entries of one JID, too_many_affiliations, and with
/// not-acceptable the entries that can not be, such as the last owner's resignation; those are
/// echoed as they are, the others are changed (§8.9.2.4).
Result<Reply> change_affiliations(const Request& request, Turn& turn);

/// Registers all of the above, with the features that they make true. §10.
void install_pubsub(Service& service);

}  // namespace crier
