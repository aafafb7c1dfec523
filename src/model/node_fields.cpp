#include "model/node_fields.hpp"

#include <crier/errors.hpp>

#include <array>

namespace crier {

template <>
struct Choices<AccessModel> {
  static constexpr std::array<Choice, 5> list{{
      {"authorize", "An owner approves each subscription; only subscribers retrieve items"},
      {"open", "Anyone may subscribe and retrieve items"},
      {"presence", "Those who see the presence of an owner may subscribe and retrieve items"},
      {"roster",
       "Those in the allowed groups of an owner's roster may subscribe and retrieve items"},
      {"whitelist", "Only those on the whitelist may subscribe and retrieve items"},
  }};
};

template <>
struct Choices<PublishModel> {
  static constexpr std::array<Choice, 3> list{{
      {"publishers", "Only owners and publishers may publish"},
      {"subscribers", "Subscribers may publish"},
      {"open", "Anyone may publish"},
  }};
};

template <>
struct Choices<NotificationType> {
  static constexpr std::array<Choice, 2> list{{
      {"normal", "Messages of type normal, which may wait for somebody who is away"},
      {"headline", "Messages of type headline, which do not wait"},
  }};
};

template <>
struct Choices<ItemReply> {
  static constexpr std::array<Choice, 3> list{{
      {"none", "Nobody"},
      {"owner", "The owners of the node"},
      {"publisher", "The publisher of the item"},
  }};
};

template <>
struct Choices<SendLastPublishedItem> {
  static constexpr std::array<Choice, 3> list{{
      {"never", "Never"},
      {"on_sub", "When a new subscription is processed"},
      {"on_sub_and_presence",
       "When a new subscription is processed and whenever a subscriber comes online"},
  }};
};

template <>
struct Choices<PublishNodeFull> {
  static constexpr std::array<Choice, 3> list{{
      {"retract-oldest", "Remove the oldest item and tell the subscribers"},
      {"discard-oldest", "Remove the oldest item silently"},
      {"reject", "Refuse the new item"},
  }};
};

template <>
struct Choices<NodeType> {
  static constexpr std::array<Choice, 2> list{{
      {"leaf", "The node holds items"},
      {"collection", "The node holds other nodes"},
  }};
};

template <>
struct Choices<AssociationPolicy> {
  static constexpr std::array<Choice, 3> list{{
      {"all", "Anyone may associate nodes with this collection"},
      {"owners", "Only owners may associate nodes with this collection", "owner"},
      {"whitelist", "Only those on the whitelist may associate nodes with this collection"},
  }};
};

namespace {

template <auto member>
constexpr Field<NodeConfig> field(std::string_view var, std::string_view label,
                                  const ErrorKind* invalid = nullptr) {
  return Field<NodeConfig>::of<member>(var, label, invalid);
}

constexpr std::array node_table{
    field<&NodeConfig::title>("pubsub#title", "A short name for the node"),
    field<&NodeConfig::description>("pubsub#description", "A description of the node"),
    field<&NodeConfig::type>("pubsub#type", "The namespace of the payloads; others are refused"),
    field<&NodeConfig::language>("pubsub#language", "The default language of the node"),
    field<&NodeConfig::contact>("pubsub#contact", "Whom to ask about the node"),
    field<&NodeConfig::access_model>("pubsub#access_model", "Who may subscribe and retrieve items",
                                     &errors::unsupported_access_model),
    field<&NodeConfig::roster_groups_allowed>("pubsub#roster_groups_allowed",
                                              "The roster groups that may subscribe and retrieve"),
    field<&NodeConfig::subscribe>("pubsub#subscribe", "Whether to allow subscriptions"),
    field<&NodeConfig::publish_model>("pubsub#publish_model", "Who may publish items"),
    field<&NodeConfig::max_items>("pubsub#max_items",
                                  "The number of items that are kept, or max for as many as the "
                                  "service allows"),
    field<&NodeConfig::publish_node_full>("pubsub#publish_node_full",
                                          "What a publish does to a node that is full")
        .known_as("pubsub#publish_full_node"),
    field<&NodeConfig::item_expire>("pubsub#item_expire",
                                    "Seconds after which an item is removed, or max for never"),
    field<&NodeConfig::persist_items>("pubsub#persist_items", "Keep items in storage"),
    field<&NodeConfig::max_payload_size>("pubsub#max_payload_size",
                                         "The most bytes that a payload may have"),
    field<&NodeConfig::deliver_notifications>("pubsub#deliver_notifications",
                                              "Notify subscribers of events"),
    field<&NodeConfig::deliver_payloads>("pubsub#deliver_payloads",
                                         "Deliver payloads with event notifications"),
    field<&NodeConfig::notification_type>("pubsub#notification_type",
                                          "How notifications are delivered"),
    field<&NodeConfig::notify_config>("pubsub#notify_config",
                                      "Notify subscribers when the configuration changes"),
    field<&NodeConfig::notify_delete>("pubsub#notify_delete",
                                      "Notify subscribers when the node is deleted"),
    field<&NodeConfig::notify_retract>("pubsub#notify_retract",
                                       "Notify subscribers when items are removed"),
    field<&NodeConfig::notify_sub>("pubsub#notify_sub",
                                   "Notify owners of new and lost subscribers"),
    field<&NodeConfig::itemreply>("pubsub#itemreply", "Whom replies to items go to"),
    field<&NodeConfig::send_last_published_item>("pubsub#send_last_published_item",
                                                 "When to send the last published item"),
    field<&NodeConfig::presence_based_delivery>("pubsub#presence_based_delivery",
                                                "Notify only those who are online"),
    field<&NodeConfig::tempsub>("pubsub#tempsub",
                                "End subscriptions when their subscriber goes offline"),
    field<&NodeConfig::purge_offline>("pubsub#purge_offline",
                                      "Remove what a publisher has published when it goes offline"),
    field<&NodeConfig::durable>("x-durable",
                                "Keep notifications for new subscribers while they are away"),
    field<&NodeConfig::body_xslt>("pubsub#body_xslt",
                                  "The URL of a stylesheet that makes a message body of a payload"),
    field<&NodeConfig::dataform_xslt>(
        "pubsub#dataform_xslt", "The URL of a stylesheet that makes a data form of a payload"),
    field<&NodeConfig::node_type>("pubsub#node_type", "Whether the node is a leaf or a collection"),
    field<&NodeConfig::collection>("pubsub#collection", "The collections that the node is in")
        .and_derived(),
    field<&NodeConfig::children>("pubsub#children", "The nodes that are in this collection")
        .and_derived(),
    field<&NodeConfig::children_association_policy>("pubsub#children_association_policy",
                                                    "Who may associate nodes with this collection"),
    field<&NodeConfig::children_association_whitelist>(
        "pubsub#children_association_whitelist",
        "Those who may associate nodes with this collection"),
    field<&NodeConfig::children_max>("pubsub#children_max",
                                     "The most nodes that this collection may have"),
};

/// The last four are about collections.
constexpr std::size_t leaf_fields = node_table.size() - 4;

}  // namespace

std::span<const Field<NodeConfig>> node_fields() {
  return node_table;
}

std::span<const Field<NodeConfig>> node_fields(NodeType type) {
  return type == NodeType::leaf ? std::span(node_table).first(leaf_fields) : node_fields();
}

}  // namespace crier
