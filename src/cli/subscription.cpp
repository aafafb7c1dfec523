/// `crier subscription`: who hears of what happens to a node. XEP-0060 §5.6, §6.1, §6.2, §6.3,
/// §8.8.

#include <crier/fault.hpp>

#include <fmt/format.h>

#include "cli/client_command.hpp"
#include "cli/client_session.hpp"
#include "cli/exit_status.hpp"
#include "cli/nouns.hpp"
#include "cli/printable.hpp"
#include "cli/responses.hpp"

namespace crier::cli {

namespace {

struct SubscriptionOptions {
  std::string node;
  std::string subscriber;
  std::string subid;
  std::vector<std::string> set;
  bool all = false;
};

void declare_list(Arguments arguments, SubscriptionOptions& options) {
  arguments.add_option("NODE", options.node, "only those to this node");
  arguments.add_flag("--all", options.all, "those of everybody, for an owner of the node")
      .not_configurable();
}

void declare_subscriber(Arguments arguments, SubscriptionOptions& options) {
  arguments.add_node(options.node);
  arguments
      .add_option("--subscriber,--jid-to-subscribe", options.subscriber,
                  "who is subscribed; your bare address")
      .type_name("JID")
      .not_configurable();
}

void declare_remove(Arguments arguments, SubscriptionOptions& options) {
  declare_subscriber(arguments, options);
  arguments.add_option("--subid", options.subid, "which one, if there are several")
      .type_name("ID")
      .not_configurable();
}

void declare_options(Arguments arguments, SubscriptionOptions& options) {
  declare_remove(arguments, options);
  arguments
      .add_option("--set", options.set, "the new value of a field; may be given more than once")
      .type_name("FIELD=VALUE")
      .one_value_each()
      .not_configurable();
}

Jid subscriber_of(const Call& call, const SubscriptionOptions& options) {
  if (options.subscriber.empty()) return call.connection.account.to_bare();
  auto subscriber = Jid::parse(options.subscriber);
  if (!subscriber)
    throw Fault(exit_status::usage, fmt::format("--subscriber: \"{}\" is not an address",
                                                printable(options.subscriber)));
  return *std::move(subscriber);
}

Json to_json(const Subscription& subscription) {
  Json json{
      {"node", subscription.node}, {"jid", subscription.jid}, {"subscription", subscription.state}};
  if (!subscription.subid.empty()) json["subid"] = subscription.subid;
  return json;
}

/// §5.6, or §8.8.1 with --all
void list(const Call& call, const SubscriptionOptions& options) {
  if (options.all && options.node.empty()) throw Fault(exit_status::usage, "--all needs a NODE");
  ClientSession session(call.connection);
  const auto answer = session.request(options.all ? subscriptions_to(options.node)
                                                  : own_subscriptions(options.node));
  Table table{{"NODE", "JID", "STATE", "SUBID"}, {}};
  auto json = Json::array();
  for (auto& subscription : read_subscriptions(answer.root())) {
    // A service need not repeat what was asked for.
    if (subscription.node.empty()) subscription.node = options.node;
    table.rows.push_back(
        {subscription.node, subscription.jid, subscription.state, subscription.subid});
    json.push_back(to_json(subscription));
  }
  call.json ? print_json(json) : print_table(table);
}

/// §6.1
void add(const Call& call, const SubscriptionOptions& options) {
  const auto subscriber = subscriber_of(call, options);
  ClientSession session(call.connection);
  const auto answer = session.request(subscribe(options.node, subscriber));
  const auto made = read_subscriptions(answer.root());
  // A service need not repeat what was asked for.
  auto subscription = made.empty() ? Subscription{} : made.front();
  if (subscription.node.empty()) subscription.node = options.node;
  if (subscription.jid.empty()) subscription.jid = subscriber.text();
  if (subscription.state.empty()) subscription.state = "subscribed";
  if (call.json)
    print_json(to_json(subscription));
  else
    print(fmt::format(
        "{} {} to {}{}\n", printable(subscription.state), printable(subscription.jid),
        printable(subscription.node),
        subscription.subid.empty() ? "" : " with subid " + printable(subscription.subid)));
}

/// §6.2
void remove(const Call& call, const SubscriptionOptions& options) {
  const auto subscriber = subscriber_of(call, options);
  ClientSession session(call.connection);
  session.request(unsubscribe(options.node, subscriber, options.subid));
  if (call.json)
    print_json(Json{{"node", options.node}, {"jid", subscriber.text()}, {"done", "unsubscribed"}});
  else
    print(fmt::format("unsubscribed {} from {}\n", subscriber.text(), printable(options.node)));
}

void print_form(const Call& call, const Form& form, Json json) {
  Table table{{"FIELD", "VALUE", "MEANING"}, {}};
  for (const auto& field : form.fields) {
    const bool multi = field.type.ends_with("-multi") || field.values.size() > 1;
    const auto one = field.values.empty() ? Json() : Json(field.values.front());
    json["options"][field.var] = multi ? Json(field.values) : one;
    for (const auto& value : field.values) table.rows.push_back({field.var, value, field.label});
    if (field.values.empty()) table.rows.push_back({field.var, "", field.label});
  }
  call.json ? print_json(json) : print_table(table);
}

/// §6.3
void options(const Call& call, const SubscriptionOptions& options) {
  const auto subscriber = subscriber_of(call, options);
  auto settings = read_settings(options.set);
  ClientSession session(call.connection);
  const auto answer =
      session.request(subscription_options(options.node, subscriber, options.subid));
  const auto form = read_configuration(answer.root());
  Json json{{"node", options.node}, {"jid", subscriber.text()}};
  if (!options.subid.empty()) json["subid"] = options.subid;
  if (settings.empty()) {
    json["options"] = Json::object();
    return print_form(call, form, std::move(json));
  }
  match_settings(settings, form);
  session.request(configure_subscription(options.node, subscriber, options.subid, settings));
  json["done"] = "configured";
  if (call.json)
    print_json(json);
  else
    print(fmt::format("configured the subscription of {} to {}\n", subscriber.text(),
                      printable(options.node)));
}

constexpr Verb<SubscriptionOptions> verbs[] = {
    {"list", "list your subscriptions, or all subscriptions to your node",
     "  crier subscription list\n"
     "  crier subscription list princely_musings --all\n",
     declare_list, list},
    {"add", "subscribe to a node",
     "  crier subscription add princely_musings\n"
     "  crier subscription add princely_musings --subscriber me@example.org/desktop\n",
     declare_subscriber, add},
    {"remove", "unsubscribe from a node", "  crier subscription remove princely_musings\n",
     declare_remove, remove},
    {"options", "show the options of a subscription, or change them",
     "  crier subscription options princely_musings\n"
     "  crier subscription options princely_musings --set digest=yes --set digest_frequency=60000\n"
     "  crier subscription options princely_musings --subid 7a3f --set deliver=no\n",
     declare_options, options},
};

}  // namespace

std::unique_ptr<Subcommand> subscription() {
  return make_noun("crier subscription", "Sees and changes who is subscribed to nodes.", verbs);
}

}  // namespace crier::cli
