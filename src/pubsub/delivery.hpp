#pragma once
/// Delivery to durable subscriptions: what an event is to each of them, and when it has arrived.
///
/// A node has a level: all its durable subscriptions have taken what there is up to there, but for
/// those that are behind, which have a cursor each. New events are sent in passes over those who
/// keep up; whoever can not be reached falls behind. Who is behind and comes back is sent what it
/// has missed, a group at a time, until it keeps up again. Behind each slice of notifications goes
/// a question to the server, whose answer tells that all before it was taken: then level and
/// cursors move on in the store. So an event costs one row whatever the number of subscribers, and
/// when the stream or the process dies, what was not confirmed is sent again.

#include <crier/service.hpp>

namespace crier {

/// A node has a new event: it is sent once the batch is committed.
void begin_delivery(Turn& turn, const Node& node);

/// A durable subscription that has come to be: it takes what happens from now on.
void begin_durable(Turn& turn, const Node& node, Subscriptions::Position at);

/// A durable subscription that is behind can be reached again.
void catch_up(Turn& turn, const Node& node, Subscriptions::Position at);

/// A notification of a durable subscription came back, or never arrived: from there on events are
/// sent again, in a while.
void fall_back(Turn& turn, const Node& node, Subscriptions::Position at, Seq lost);

/// A subscription that is durable no more, or has ended; a node that is gone.
void end_durable(Turn& turn, SubscriptionId subscription);
void end_delivery(Turn& turn, const Node& node);

/// Registers what moves deliveries on.
void install_delivery(Service& service);

}  // namespace crier
