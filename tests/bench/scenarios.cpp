#include "scenario.hpp"

#include "running_service.hpp"

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
    {"many-nodes", "notifications of 1,000 nodes with 20 subscribers each, published to in turn",
     true, many_nodes},
    {"fanout-publish", "how long others wait while one node's broadcast to 100,000 runs on and on",
     false, fanout_publish},
    {"come-online", "how long others wait when 50,000 who have missed 20 items come online at once",
     false, come_online},
    {"create-delete", "nodes created and deleted again, 64 requests in flight", true,
     create_delete},
    {"mixed", "1,000 nodes: 10 % publishes, 60 % retrieves, subscriptions, discovery, 64 in flight",
     true, mixed},
    {"big-store",
     "publish and retrieve with 1,000,000 stored items and with none; restart to ready", false,
     big_store},
    {"memory", "what a subscription, a node, an item, an online contact costs of memory", false,
     memory},
};

}  // namespace

std::span<const Scenario> scenarios() {
  return rows;
}

Stage Stage::on(RunningService& other) const {
  return {.link = other.link(),
          .service = service,
          .users = users,
          .nodes = nodes,
          .span = span,
          .subscribers = subscribers,
          .store = store,
          .pid = {.service = other.pid()},
          .disposable = disposable,
          .own = &other};
}

}  // namespace crier::bench
