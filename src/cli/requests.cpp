#include "cli/requests.hpp"

#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include <algorithm>

namespace crier::cli {

namespace {

using enum Request::Type;

/// The request `type` about `node`, whose payload `write` writes.
template <class Write>
Request make(Request::Type type, std::string_view node, Write write) {
  Request request{type, {}, {std::string(node)}};
  XmlWriter out(request.payload);
  write(out);
  return request;
}

/// `<pubsub><action node='…'/></pubsub>`, the attribute left out when `node` is empty.
Request simple(Request::Type type, std::string_view ns, std::string_view action,
               std::string_view node) {
  return make(type, node, [&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns);
    auto tag = out.open(action);
    if (!node.empty()) tag.attr("node", node);
  });
}

}  // namespace

std::string to_iq(const Request& request, const Jid& service, std::string_view id) {
  std::string text;
  XmlWriter out(text);
  {
    auto iq = out.open("iq");
    iq.attr("type", request.type == set ? "set" : "get").attr("to", service.text()).attr("id", id);
    out.raw(request.payload);
  }
  return text;
}

Request discover_info(std::string_view node) {
  return make(get, node, [&](XmlWriter& out) {
    auto query = out.open("query", ns::disco_info);
    if (!node.empty()) query.attr("node", node);
  });
}

Request discover_items(std::string_view node, std::string_view after) {
  return make(get, node, [&](XmlWriter& out) {
    auto query = out.open("query", ns::disco_items);
    if (!node.empty()) query.attr("node", node);
    auto page = out.open("set", ns::rsm);
    out.leaf("max", std::to_string(page_size));
    if (!after.empty()) out.leaf("after", after);
  });
}

Request default_configuration() {
  return simple(get, ns::pubsub_owner, "default", {});
}

Request configuration(std::string_view node) {
  return simple(get, ns::pubsub_owner, "configure", node);
}

Request configure_node(std::string_view node, std::span<const Setting> settings) {
  return make(set, node, [&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub_owner);
    auto configure = out.open("configure");
    configure.attr("node", node);
    write_form(out, ns::node_config, settings);
  });
}

Request create_node(std::string_view node, std::span<const Setting> settings) {
  return make(set, node, [&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub);
    {
      auto create = out.open("create");
      if (!node.empty()) create.attr("node", node);
    }
    if (settings.empty()) return;
    auto configure = out.open("configure");
    write_form(out, ns::node_config, settings);
  });
}

Request delete_node(std::string_view node) {
  return simple(set, ns::pubsub_owner, "delete", node);
}

Request purge_node(std::string_view node) {
  return simple(set, ns::pubsub_owner, "purge", node);
}

Request publish_item(std::string_view node, std::string_view id, std::string_view payload) {
  auto request = make(set, node, [&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub);
    auto publish = out.open("publish");
    publish.attr("node", node);
    auto item = out.open("item");
    if (!id.empty()) item.attr("id", id);
    out.raw(payload);
  });
  request.about.item = id;
  return request;
}

Request retract_item(std::string_view node, std::string_view id, bool notify) {
  auto request = make(set, node, [&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub);
    auto retract = out.open("retract");
    retract.attr("node", node);
    if (notify) retract.attr("notify", "true");
    auto item = out.open("item");
    item.attr("id", id);
  });
  request.about.item = id;
  return request;
}

Request items_before(std::string_view node, int max, std::string_view before) {
  return make(get, node, [&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub);
    {
      auto items = out.open("items");
      items.attr("node", node).attr("max_items", std::to_string(max));
    }
    auto page = out.open("set", ns::rsm);
    out.leaf("max", std::to_string(std::min(max, item_page_size)));
    out.leaf("before", before);
  });
}

Request items_after(std::string_view node, std::string_view after) {
  return make(get, node, [&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub);
    {
      auto items = out.open("items");
      items.attr("node", node);
    }
    auto page = out.open("set", ns::rsm);
    out.leaf("max", std::to_string(item_page_size));
    if (!after.empty()) out.leaf("after", after);
  });
}

Request particular_item(std::string_view node, std::string_view id) {
  auto request = make(get, node, [&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub);
    auto items = out.open("items");
    items.attr("node", node);
    auto item = out.open("item");
    item.attr("id", id);
  });
  request.about.item = id;
  return request;
}

Request own_subscriptions(std::string_view node) {
  return simple(get, ns::pubsub, "subscriptions", node);
}

Request subscriptions_to(std::string_view node) {
  return simple(get, ns::pubsub_owner, "subscriptions", node);
}

Request subscribe(std::string_view node, const Jid& subscriber) {
  return make(set, node, [&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub);
    auto subscribe = out.open("subscribe");
    subscribe.attr("node", node).attr("jid", subscriber.text());
  });
}

Request subscribe_while_online(std::string_view node, const Jid& subscriber) {
  return make(set, node, [&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub);
    out.open("subscribe").attr("node", node).attr("jid", subscriber.text());
    auto options = out.open("options");
    const Setting expire[] = {{"pubsub#expire", {"presence"}}};
    write_form(out, ns::subscribe_options, expire);
  });
}

Request unsubscribe(std::string_view node, const Jid& subscriber, std::string_view subid) {
  return make(set, node, [&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub);
    auto unsubscribe = out.open("unsubscribe");
    unsubscribe.attr("node", node).attr("jid", subscriber.text());
    if (!subid.empty()) unsubscribe.attr("subid", subid);
  });
}

namespace {

template <class Write>
Request options_request(Request::Type type, std::string_view node, const Jid& subscriber,
                        std::string_view subid, Write write) {
  return make(type, node, [&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub);
    auto options = out.open("options");
    options.attr("node", node).attr("jid", subscriber.text());
    if (!subid.empty()) options.attr("subid", subid);
    write(out);
  });
}

}  // namespace

Request subscription_options(std::string_view node, const Jid& subscriber, std::string_view subid) {
  return options_request(get, node, subscriber, subid, [](XmlWriter&) {});
}

Request configure_subscription(std::string_view node, const Jid& subscriber, std::string_view subid,
                               std::span<const Setting> settings) {
  return options_request(set, node, subscriber, subid,
                         [&](XmlWriter& out) { write_form(out, ns::subscribe_options, settings); });
}

Request set_subscription(std::string_view node, std::string_view jid, std::string_view subid,
                         std::string_view state) {
  return make(set, node, [&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub_owner);
    auto subscriptions = out.open("subscriptions");
    subscriptions.attr("node", node);
    auto entry = out.open("subscription");
    entry.attr("jid", jid).attr("subscription", state);
    if (!subid.empty()) entry.attr("subid", subid);
  });
}

Request own_affiliations(std::string_view node) {
  return simple(get, ns::pubsub, "affiliations", node);
}

Request affiliations_with(std::string_view node) {
  return simple(get, ns::pubsub_owner, "affiliations", node);
}

Request set_affiliation(std::string_view node, const Jid& jid, std::string_view affiliation) {
  return make(set, node, [&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub_owner);
    auto affiliations = out.open("affiliations");
    affiliations.attr("node", node);
    auto entry = out.open("affiliation");
    entry.attr("jid", jid.text()).attr("affiliation", affiliation);
  });
}

Request execute_command(std::string_view command, const Subject& about) {
  auto request = make(set, {}, [&](XmlWriter& out) {
    auto element = out.open("command", ns::commands);
    element.attr("node", command).attr("action", "execute");
  });
  request.about = about;
  return request;
}

Request submit_command(std::string_view command, std::string_view session,
                       std::string_view form_type, std::span<const Setting> settings,
                       const Subject& about) {
  auto request = make(set, {}, [&](XmlWriter& out) {
    auto element = out.open("command", ns::commands);
    element.attr("node", command);
    if (!session.empty()) element.attr("sessionid", session);
    write_form(out, form_type, settings);
  });
  request.about = about;
  return request;
}

}  // namespace crier::cli
