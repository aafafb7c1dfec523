#pragma once
/// Numbers that name things; none is an `int`, and none is another.

#include <cstdint>

namespace crier {

/// A node's key in the store.
enum class NodeId : std::int64_t {};

/// A subscription's key in the store; its SubID is made of it.
enum class SubscriptionId : std::int64_t {};

/// The one sequence number of the whole service: order of publication, paging id and cursor at
/// once. Grows with every item stored; an item that is overwritten takes a new one. XEP-0060 §12.1.
enum class Seq : std::int64_t {};

/// The number of an event within the life of the process: later events have greater ones.
enum class EventNumber : std::uint64_t {};

}  // namespace crier
