#include "model/node_fields.hpp"

#include <crier/errors.hpp>

#include <array>

namespace crier {

template <>
struct Choices<AccessModel> {
  static constexpr std::array<Choice, 2> list{{
      {"open", "Anyone may subscribe and retrieve items"},
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
struct Choices<SendLastPublishedItem> {
  static constexpr std::array<Choice, 2> list{{
      {"never", "Never"},
      {"on_sub", "When a new subscription is processed"},
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
  static constexpr std::array<Choice, 1> list{{{"leaf", "The node holds items"}}};
};

namespace {

template <auto member>
constexpr Field<NodeConfig> field(std::string_view var, std::string_view label,
                                  const ErrorKind* invalid = nullptr) {
  return Field<NodeConfig>::of<member>(var, label, invalid);
}

constexpr std::array table{
    field<&NodeConfig::title>("pubsub#title", "A short name for the node"),
    field<&NodeConfig::description>("pubsub#description", "A description of the node"),
    field<&NodeConfig::access_model>("pubsub#access_model", "Who may subscribe and retrieve items",
                                     &errors::unsupported_access_model),
    field<&NodeConfig::publish_model>("pubsub#publish_model", "Who may publish items"),
    field<&NodeConfig::max_items>("pubsub#max_items",
                                  "The number of items that are kept, or max for as many as the "
                                  "service allows"),
    field<&NodeConfig::publish_node_full>("pubsub#publish_node_full",
                                          "What a publish does to a node that is full"),
    field<&NodeConfig::persist_items>("pubsub#persist_items", "Keep items in storage"),
    field<&NodeConfig::deliver_payloads>("pubsub#deliver_payloads",
                                         "Deliver payloads with event notifications"),
    field<&NodeConfig::notify_retract>("pubsub#notify_retract",
                                       "Notify subscribers when items are removed"),
    field<&NodeConfig::notify_delete>("pubsub#notify_delete",
                                      "Notify subscribers when the node is deleted"),
    field<&NodeConfig::send_last_published_item>("pubsub#send_last_published_item",
                                                 "When to send the last published item"),
    field<&NodeConfig::node_type>("pubsub#node_type", "Whether the node is a leaf",
                                  &errors::collections_unsupported),
};

}  // namespace

std::span<const Field<NodeConfig>> node_fields() {
  return table;
}

}  // namespace crier
