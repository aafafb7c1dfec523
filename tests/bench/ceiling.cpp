#include "ceiling.hpp"

#include <algorithm>

namespace crier::bench {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view pubsub_head = "<pubsub xmlns='http://jabber.org/protocol/pubsub'>";
constexpr std::string_view pubsub_tail = "</pubsub>";
constexpr std::string_view event_head =
    "'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='";
constexpr std::string_view event_tail = "</items></event></message>";

/// Appends all `parts`.
template <class... Parts>
void append(std::string& out, const Parts&... parts) {
  (out.append(parts), ...);
}

}  // namespace

void Ceiling::take(const Stanza& stanza, std::string& out) {
  if (stanza.name != "iq" || (stanza.type != "get" && stanza.type != "set")) return;
  auto content = stanza.content;
  const auto pubsub = take_any_tag(content);
  const auto action = pubsub ? take_any_tag(content) : std::nullopt;
  if (!action) return answer(stanza, {}, out);
  if (action->name == "publish")
    publish(stanza, action->attribute("node"), content.substr(0, content.rfind("</publish")), out);
  else if (action->name == "items")
    retrieve(stanza, *action, out);
  else if (action->name == "subscribe")
    subscribe(stanza, *action, out);
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
  node.items[node.published++ % kept] = items;
  answer(request, {}, out);
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
