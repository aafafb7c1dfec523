#include "scenario.hpp"

namespace crier::bench {

namespace {

constexpr Scenario rows[] = {
    {"publish", "stored and acknowledged publishes: 16 publishers, a node each, 32 in flight each",
     true, publish},
    {"publish-shared", "the same on one node that all 16 publish to", false, publish_shared},
    {"publish-transient", "the same as publish on nodes that store nothing", false,
     publish_transient},
    {"fanout", "notifications to many subscribers of one node", true, fanout},
    {"latency", "from publish to notification, one at a time", true, latency},
    {"retrieve", "the latest 10 of 1,000 items, 32 requests in flight", true, retrieve},
    {"subscribe", "subscribing to one node, 512 requests in flight", true, subscribe},
    {"presence", "100,000 users who come online and then change their status in turn", true,
     presence},
};

}  // namespace

std::span<const Scenario> scenarios() {
  return rows;
}

}  // namespace crier::bench
