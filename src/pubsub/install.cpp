/// The table of requests that XEP-0060 defines, and of the features that go with them.

#include <crier/namespaces.hpp>

#include "pubsub/authorize.hpp"
#include "pubsub/availability.hpp"
#include "pubsub/bounces.hpp"
#include "pubsub/delivery.hpp"
#include "pubsub/event_log.hpp"
#include "pubsub/get_pending.hpp"
#include "pubsub/interests.hpp"
#include "pubsub/item_expiry.hpp"
#include "pubsub/node_form.hpp"
#include "pubsub/presence_subscriptions.hpp"
#include "pubsub/roster_access.hpp"
#include "pubsub/subscription_timers.hpp"
#include "pubsub/use_cases.hpp"

#include <array>

namespace crier {

namespace {

constexpr auto get = Request::Type::get;
constexpr auto set = Request::Type::set;

constexpr std::array routes{
    Route{get, ns::disco_info, "query", disco_info},
    Route{get, ns::disco_items, "query", disco_items},

    Route{set, ns::pubsub, "publish", publish, "publish-options"},
    Route{get, ns::pubsub, "items", retrieve},
    Route{set, ns::pubsub, "retract", retract},
    Route{set, ns::pubsub, "subscribe", subscribe, "options"},
    Route{set, ns::pubsub, "unsubscribe", unsubscribe},
    Route{get, ns::pubsub, "subscriptions", own_subscriptions},
    Route{get, ns::pubsub, "affiliations", own_affiliations},
    Route{set, ns::pubsub, "create", create, "configure"},
    Route{get, ns::pubsub, "options", subscription_options},
    Route{set, ns::pubsub, "options", configure_subscription},
    Route{get, ns::pubsub, "default", default_subscription_options},

    Route{get, ns::pubsub_owner, "configure", configuration},
    Route{set, ns::pubsub_owner, "configure", configure},
    Route{get, ns::pubsub_owner, "default", default_configuration},
    Route{set, ns::pubsub_owner, "collection", change_associations},
    Route{set, ns::pubsub_owner, "delete", delete_node},
    Route{set, ns::pubsub_owner, "purge", purge},
    Route{get, ns::pubsub_owner, "subscriptions", node_subscriptions},
    Route{set, ns::pubsub_owner, "subscriptions", change_subscriptions},
    Route{get, ns::pubsub_owner, "affiliations", node_affiliations},
    Route{set, ns::pubsub_owner, "affiliations", change_affiliations},
};

// In the order of the table in §10.
constexpr auto features = std::to_array<std::string_view>({
    ns::disco_info,
    ns::disco_items,
    ns::pubsub,
    ns::rsm,
    "http://jabber.org/protocol/pubsub#auto-create",
    "http://jabber.org/protocol/pubsub#collections",
    "http://jabber.org/protocol/pubsub#config-node",
    "http://jabber.org/protocol/pubsub#config-node-max",
    "http://jabber.org/protocol/pubsub#create-and-configure",
    "http://jabber.org/protocol/pubsub#create-nodes",
    "http://jabber.org/protocol/pubsub#delete-items",
    "http://jabber.org/protocol/pubsub#delete-nodes",
    "http://jabber.org/protocol/pubsub#instant-nodes",
    "http://jabber.org/protocol/pubsub#item-ids",
    "http://jabber.org/protocol/pubsub#leased-subscription",
    "http://jabber.org/protocol/pubsub#manage-subscriptions",
    "http://jabber.org/protocol/pubsub#member-affiliation",
    "http://jabber.org/protocol/pubsub#meta-data",
    "http://jabber.org/protocol/pubsub#modify-affiliations",
    "http://jabber.org/protocol/pubsub#multi-collection",
    "http://jabber.org/protocol/pubsub#multi-collections",
    "http://jabber.org/protocol/pubsub#multi-items",
    "http://jabber.org/protocol/pubsub#outcast-affiliation",
    "http://jabber.org/protocol/pubsub#persistent-items",
    "http://jabber.org/protocol/pubsub#presence-notifications",
    "http://jabber.org/protocol/pubsub#publish",
    "http://jabber.org/protocol/pubsub#publish-only-affiliation",
    "http://jabber.org/protocol/pubsub#publish-options",
    "http://jabber.org/protocol/pubsub#publisher-affiliation",
    "http://jabber.org/protocol/pubsub#publish-node-full",
    "http://jabber.org/protocol/pubsub#purge-nodes",
    "http://jabber.org/protocol/pubsub#retract-items",
    "http://jabber.org/protocol/pubsub#retrieve-affiliations",
    "http://jabber.org/protocol/pubsub#retrieve-default",
    "http://jabber.org/protocol/pubsub#retrieve-default-sub",
    "http://jabber.org/protocol/pubsub#retrieve-items",
    "http://jabber.org/protocol/pubsub#retrieve-subscriptions",
    "http://jabber.org/protocol/pubsub#rsm",
    "http://jabber.org/protocol/pubsub#subscribe",
    "http://jabber.org/protocol/pubsub#subscription-notifications",
    "http://jabber.org/protocol/pubsub#subscription-options",
});

/// Of the access models the one that a new node has. §10.
std::string_view default_access_feature(const Policy& policy) {
  switch (default_config({}, policy).access_model) {
    case AccessModel::authorize: return "http://jabber.org/protocol/pubsub#access-authorize";
    case AccessModel::open: return "http://jabber.org/protocol/pubsub#access-open";
    case AccessModel::presence: return "http://jabber.org/protocol/pubsub#access-presence";
    case AccessModel::roster: return "http://jabber.org/protocol/pubsub#access-roster";
    case AccessModel::whitelist: return "http://jabber.org/protocol/pubsub#access-whitelist";
  }
  return {};
}

}  // namespace

void install_pubsub(Service& service) {
  service.add_identity({"pubsub", "service", service.policy().info.name});
  for (const auto& route : routes) service.add_route(route);
  service.add_message(ns::data_forms, "x", take_authorization);
  install_get_pending(service);
  install_item_expiry(service);
  install_subscription_timers(service);
  install_presence_subscriptions(service);
  install_availability(service);
  install_interests(service);
  install_bounces(service);
  install_event_log(service);
  install_delivery(service);
  install_roster_access(service);
  if (service.policy().multi_subscribe)
    service.add_feature("http://jabber.org/protocol/pubsub#multi-subscribe");
  service.add_feature(default_access_feature(service.policy()));
  for (const auto feature : features) service.add_feature(feature);
}

}  // namespace crier
