#pragma once
/// Every refusal that the service knows, by name. XEP-0060 §11 and the error cases of each use
/// case; RFC 6120 §8.3.3 for those without a child of pubsub's own.

#include <crier/error.hpp>
#include <crier/namespaces.hpp>

namespace crier::errors {

using enum ErrorType;

// What is wrong with a request as such.
inline constexpr ErrorKind bad_request{modify, "bad-request"};
inline constexpr ErrorKind jid_malformed{modify, "jid-malformed"};
inline constexpr ErrorKind service_unavailable{cancel, "service-unavailable"};
inline constexpr ErrorKind feature_not_implemented{cancel, "feature-not-implemented"};
inline constexpr ErrorKind stanza_too_big{modify, "policy-violation"};
/// Who may ask again later. RFC 6120 §8.3.3.12
inline constexpr ErrorKind too_many_requests{wait, "policy-violation"};
inline constexpr ErrorKind not_acceptable{modify, "not-acceptable"};

// What is wrong with the service.
inline constexpr ErrorKind internal_server_error{cancel, "internal-server-error"};
inline constexpr ErrorKind resource_constraint{wait, "resource-constraint"};

// Who asks.
inline constexpr ErrorKind forbidden{auth, "forbidden"};
/// §6.1.3.6, whose example has another type than all others.
inline constexpr ErrorKind anonymous_forbidden{cancel, "forbidden"};
inline constexpr ErrorKind not_allowed{cancel, "not-allowed"};
inline constexpr ErrorKind registration_required{auth, "registration-required"};
inline constexpr ErrorKind closed_node{cancel, "not-allowed", "closed-node"};
inline constexpr ErrorKind presence_subscription_required{auth, "not-authorized",
                                                          "presence-subscription-required"};
inline constexpr ErrorKind not_in_roster_group{auth, "not-authorized", "not-in-roster-group"};
inline constexpr ErrorKind pending_subscription{auth, "not-authorized", "pending-subscription"};
/// Retrieval that only subscribers may do, §6.5.9.3.
inline constexpr ErrorKind subscribers_only{auth, "not-authorized", "not-subscribed"};

// Which node, item, address or subscription.
inline constexpr ErrorKind item_not_found{cancel, "item-not-found"};
/// The node moved for good, §6.1.3.11; the text is where to.
inline constexpr ErrorKind gone{modify, "gone"};
inline constexpr ErrorKind conflict{cancel, "conflict"};
inline constexpr ErrorKind nodeid_required{modify, "bad-request", "nodeid-required"};
inline constexpr ErrorKind jid_required{modify, "bad-request", "jid-required"};
inline constexpr ErrorKind invalid_jid{modify, "bad-request", "invalid-jid"};
inline constexpr ErrorKind subid_required{modify, "bad-request", "subid-required"};
inline constexpr ErrorKind invalid_subid{modify, "not-acceptable", "invalid-subid"};
/// Of unsubscribing, §6.2.3.2.
inline constexpr ErrorKind not_subscribed{cancel, "unexpected-request", "not-subscribed"};
/// Of subscription options, §6.3.4.2.
inline constexpr ErrorKind no_such_subscription{modify, "unexpected-request", "not-subscribed"};
inline constexpr ErrorKind too_many_subscriptions{wait, "policy-violation",
                                                  "too-many-subscriptions"};

inline constexpr ErrorKind too_many_affiliations{wait, "policy-violation"};

/// An account or a domain that stores as much as it may, and may again when something has gone.
/// RFC 6120 §8.3.3.12: what the operator has decided; that the service as a whole has no room is
/// resource_constraint, §8.3.3.18.
inline constexpr ErrorKind quota_exceeded{wait, "policy-violation"};

// What is published.
inline constexpr ErrorKind invalid_payload{modify, "bad-request", "invalid-payload"};
inline constexpr ErrorKind payload_required{modify, "bad-request", "payload-required"};
inline constexpr ErrorKind payload_too_big{modify, "not-acceptable", "payload-too-big"};
inline constexpr ErrorKind item_required{modify, "bad-request", "item-required"};
inline constexpr ErrorKind item_forbidden{modify, "bad-request", "item-forbidden"};
inline constexpr ErrorKind node_full{cancel, "conflict", "node-full"};
inline constexpr ErrorKind max_items_exceeded{cancel, "not-allowed", "max-items-exceeded"};
inline constexpr ErrorKind precondition_not_met{cancel, "conflict", "precondition-not-met"};

// Forms.
inline constexpr ErrorKind invalid_options{modify, "bad-request", "invalid-options"};
/// What the graph of collections can not be. XEP-0248 §7.2.3.
inline constexpr ErrorKind impossible_graph{cancel, "not-allowed", "invalid-options"};
inline constexpr ErrorKind max_nodes_exceeded{cancel, "not-allowed", "max-nodes-exceeded"};
inline constexpr ErrorKind unsupported_access_model{modify, "not-acceptable",
                                                    "unsupported-access-model"};

// Ad-hoc commands, XEP-0050 §4.4.
inline constexpr ErrorKind malformed_action{
    modify, "bad-request", "malformed-action", {}, ns::commands};
inline constexpr ErrorKind bad_action{modify, "bad-request", "bad-action", {}, ns::commands};
inline constexpr ErrorKind bad_payload{modify, "bad-request", "bad-payload", {}, ns::commands};

// What this service, or this node, does not do.
inline constexpr ErrorKind subscribe_unsupported{cancel, "feature-not-implemented", "unsupported",
                                                 "subscribe"};
inline constexpr ErrorKind persistent_items_unsupported{cancel, "feature-not-implemented",
                                                        "unsupported", "persistent-items"};
inline constexpr ErrorKind publish_unsupported{cancel, "feature-not-implemented", "unsupported",
                                               "publish"};
inline constexpr ErrorKind delete_items_unsupported{cancel, "feature-not-implemented",
                                                    "unsupported", "delete-items"};
inline constexpr ErrorKind purge_nodes_unsupported{cancel, "feature-not-implemented", "unsupported",
                                                   "purge-nodes"};

}  // namespace crier::errors
