#include "ceiling.hpp"

#include <algorithm>

namespace crier::bench {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view pubsub_head = "<pubsub xmlns='http://jabber.org/protocol/pubsub'>";
constexpr std::string_view pubsub_tail = "</pubsub>";
constexpr std::string_view event_head =
    "'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='";
constexpr std::string_view item_tail = "</item>";
constexpr std::string_view event_tail = "</items></event></message>";

/// What a service with some thirty options says of a node: eight fields of what it is, and a form
/// of as many fields as there are options, every fourth one with choices. XEP-0060 §5.4, §8.2.
std::string make_info() {
  std::string info =
      "<identity category='pubsub' type='leaf'/>"
      "<feature var='http://jabber.org/protocol/disco#info'/>"
      "<feature var='http://jabber.org/protocol/disco#items'/>"
      "<feature var='http://jabber.org/protocol/pubsub'/><x xmlns='jabber:x:data' type='result'>";
  for (int field = 0; field < 8; ++field)
    info += "<field var='pubsub#max_items' type='text-single'><value>of the node</value></field>";
  return info + "</x>";
}

std::string make_form() {
  std::string form = "<x xmlns='jabber:x:data' type='form'>";
  for (int field = 0; field < 32; ++field) {
    form +=
        "<field var='pubsub#max_items' type='list-single' label='What the field is about, in "
        "short'>";
    for (int choice = 0; field % 4 == 0 && choice < 5; ++choice)
      form += "<option label='A choice'><value>choice</value></option>";
    form += "<value>choice</value></field>";
  }
  return form + "</x>";
}

/// Appends all `parts`.
template <class... Parts>
void append(std::string& out, const Parts&... parts) {
  (out.append(parts), ...);
}

}  // namespace

Ceiling::Ceiling(std::string jid) : jid_(std::move(jid)), info_(make_info()), form_(make_form()) {}

void Ceiling::take(const Stanza& stanza, std::string& out) {
  if (stanza.name != "iq" || (stanza.type != "get" && stanza.type != "set")) return;
  auto content = stanza.content;
  const auto request = take_any_tag(content);
  if (request && request->name == "query") return discover(stanza, *request, out);
  const auto action = request ? take_any_tag(content) : std::nullopt;
  if (!action) return answer(stanza, {}, out);
  if (action->name == "publish")
    publish(stanza, action->attribute("node"), content.substr(0, content.rfind("</publish")), out);
  else if (action->name == "items")
    retrieve(stanza, *action, out);
  else if (action->name == "subscribe")
    subscribe(stanza, *action, out);
  else if (action->name == "unsubscribe")
    unsubscribe(stanza, *action, out);
  else if (action->name == "configure" && stanza.type == "get")
    configure(stanza, action->attribute("node"), out);
  else
    answer(stanza, {}, out);
  if (action->name == "delete")
    if (const auto found = nodes_.find(action->attribute("node")); found != nodes_.end())
      nodes_.erase(found);
}

Ceiling::Node& Ceiling::node(std::string_view name) {
  const auto found = nodes_.find(name);
  return found != nodes_.end() ? found->second : nodes_[std::string(name)];
}

void Ceiling::answer(const Stanza& request, std::string_view content, std::string& out) const {
  append(out, "<iq type='result' from='", jid_, "' to='", request.from, "' id='", request.id, "'>",
         content, "</iq>");
}

void Ceiling::publish(const Stanza& request, std::string_view name, std::string_view items,
                      std::string& out) {
  auto& node = this->node(name);
  for (auto rest = items; !rest.empty();) {
    const auto end = rest.find(item_tail);
    const auto item = end == std::string_view::npos ? rest : rest.substr(0, end + item_tail.size());
    node.items[node.published++ % kept] = item;
    rest.remove_prefix(item.size());
  }
  std::string content;
  append(content, pubsub_head, "<publish node='", name, "'/>", pubsub_tail);
  answer(request, content, out);
  for (const auto& subscriber : node.subscribers)
    append(out, "<message type='headline' from='", jid_, "' to='", subscriber, event_head, name,
           "'>", items, event_tail);
}

void Ceiling::subscribe(const Stanza& request, const Tag& tag, std::string& out) {
  const auto jid = tag.attribute("jid");
  node(tag.attribute("node")).subscribers.emplace_back(jid);
  std::string content;
  append(content, pubsub_head, "<subscription node='", tag.attribute("node"), "' jid='", jid,
         "' subscription='subscribed'/>", pubsub_tail);
  answer(request, content, out);
}

void Ceiling::unsubscribe(const Stanza& request, const Tag& tag, std::string& out) {
  std::erase(node(tag.attribute("node")).subscribers, tag.attribute("jid"));
  answer(request, {}, out);
}

void Ceiling::discover(const Stanza& request, const Tag& query, std::string& out) {
  const auto name = query.attribute("node");
  const auto space = query.attribute("xmlns");
  std::string content;
  append(content, "<query xmlns='", space, "' node='", name, "'>");
  if (space.ends_with("#info")) {
    content += info_;
  } else {
    const auto& node = this->node(name);
    for (auto at = node.published - std::min(node.published, listed); at < node.published; ++at) {
      const auto item = find_tag(node.items[at % kept], "item");
      append(content, "<item jid='", jid_, "' name='", item ? item->attribute("id") : "", "'/>");
    }
  }
  answer(request, content += "</query>", out);
}

void Ceiling::configure(const Stanza& request, std::string_view name, std::string& out) {
  std::string content;
  append(content, "<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'><configure node='", name,
         "'>", form_, "</configure>", pubsub_tail);
  answer(request, content, out);
}

void Ceiling::retrieve(const Stanza& request, const Tag& tag, std::string& out) {
  const auto& node = this->node(tag.attribute("node"));
  const auto asked = number_in(tag.attribute("max_items"), "").value_or(kept);
  const auto count = std::min({static_cast<std::size_t>(asked), node.published, kept});
  std::string content;
  append(content, pubsub_head, "<items node='", tag.attribute("node"), "'>");
  for (auto at = node.published - count; at < node.published; ++at)
    content += node.items[at % kept];
  append(content, "</items>", pubsub_tail);
  answer(request, content, out);
}

void serve_ceiling(Link& link, const std::string& jid) {
  Ceiling ceiling(jid);
  link.hand_on_requests();
  const Link::OnStanza on_stanza = [&](const Stanza& stanza) { ceiling.take(stanza, link.out()); };
  try {
    while (true) link.exchange(1000ms, on_stanza);
  } catch (const StreamEnded&) {
  }
}

}  // namespace crier::bench
