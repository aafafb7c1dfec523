#include <crier/turn.hpp>

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/service.hpp>
#include <crier/xml_writer.hpp>

#include "model/node_cache.hpp"
#include "model/rights.hpp"
#include "pubsub/acquaintance.hpp"
#include "pubsub/node_form.hpp"
#include "pubsub/permission.hpp"

#include <algorithm>

namespace crier {

Turn::Turn(const Service& service, Store& store, NodeCache& nodes, Effects& effects, World& world)
    : service_(service),
      store_(store),
      nodes_(nodes),
      effects_(effects),
      world_(world),
      now_(world.now()) {}

const Policy& Turn::policy() const {
  return service_.policy();
}

std::string Turn::fresh_id() {
  constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
  std::string id;
  for (int half = 0; half < 2; ++half) {
    auto bits = world_.random();
    for (int i = 0; i < 10; ++i, bits >>= 5) id += alphabet[bits & 31];
  }
  return id;
}

Result<Reload> Turn::reload() {
  if (!world_.reload) return errors::feature_not_implemented;
  return world_.reload();
}

EventNumber Turn::next_event() {
  return EventNumber{++world_.last_event};
}

Result<const Node*> Turn::node(const Request& request) {
  if (request.node.empty()) return errors::nodeid_required.because("The request names no node.");
  const Node* node = find(request.node);
  const bool discovers =
      request.payload.ns == ns::disco_info || request.payload.ns == ns::disco_items;
  TRY(may_find(*this, node, request.from, discovers ? Patience::decides_at_once : Patience::waits));
  return node;
}

Result<const Node*> Turn::visible_node(const Request& request) {
  const Node* found = TRY(node(request));
  TRY(may_see(*this, *found, request.from));
  return found;
}

bool Turn::conceals(const Node& node, const Jid& who) {
  return policy().conceal_private_nodes && !may_see(*this, node, who);
}

Result<const Node*> Turn::node_or_root(const Request& request) {
  if (!request.node.empty()) return node(request);
  return &root();
}

const Node& Turn::root() {
  if (const Node* root = find(std::string_view())) return *root;
  auto root = std::make_shared<Node>();
  root->key = {policy().domain, {}};
  root->config.node_type = NodeType::collection;
  root->creator = policy().domain;
  root->created = now();
  store_.create(*root);
  return add(std::move(root));
}

const Node* Turn::find(std::string_view name) {
  const auto& domain = policy().domain;
  if (const Node* node = nodes_.find(domain, name)) return node;
  auto node = store_.load({domain, std::string(name)});
  if (!node) return nullptr;
  // What is stored may be older than what the operator has set. The root belongs to the service.
  if (!name.empty()) node->config = forced_config(std::move(node->config), name, policy());
  return &nodes_.insert(std::move(node));
}

const Node* Turn::in_memory(std::string_view name) {
  return nodes_.find(policy().domain, name);
}

const Node* Turn::find(NodeId id) {
  const auto key = store_.key_of(id);
  return key ? find(key->name) : nullptr;
}

Node& Turn::change(const Node& node) {
  // Every Node& that leaves this class belongs to the cache, which owns it without const.
  auto& changed = const_cast<Node&>(node);
  nodes_.touch(changed);
  return changed;
}

Node& Turn::add(std::shared_ptr<Node> node) {
  forget_interest(node->key.name);
  return change(nodes_.insert(std::move(node)));
}

void Turn::forget(const Node& node) {
  forget_interest(node.key.name);
  nodes_.drop(node);
}

void Turn::forget_interest(std::string_view name) {
  auto& interests = session().interests;
  if (!interests.capabilities.interested_in(name).empty()) interests.nodes.clear();
}

void Turn::set_timer(const Timer& timer) {
  store_.set_timer(timer);
  world_.next_timer = std::min(world_.next_timer, timer.due);
}

void Turn::add_timer(const Timer& timer) {
  store_.add_timer(timer);
  world_.next_timer = std::min(world_.next_timer, timer.due);
}

bool Turn::defer(const Element& request) {
  if (needed_.empty()) return false;
  WaitingRequest waiting{{}, std::move(needed_)};
  append_xml(waiting.xml, request);
  std::size_t bytes = 0;
  for (const auto& other : effects_.waiting) bytes += other.xml.size();
  if (!session().waiting.has_room(waiting.xml.size(), effects_.waiting.size(), bytes)) return false;
  effects_.waiting.push_back(std::move(waiting));
  return true;
}

bool Turn::ask(std::string_view type, std::string_view payload, Question question,
               std::chrono::seconds patience) {
  auto id = fresh_id();
  auto stanza = written([&](XmlWriter& out) {
    auto iq = out.open("iq");
    iq.attr("type", type).attr("from", policy().domain).attr("to", question.to).attr("id", id);
    out.raw(payload);
  });
  question.deadline = now_ + patience;
  if (!session().questions.add(std::move(id), std::move(question))) return false;
  send(std::move(stanza));
  return true;
}

const Bans& Turn::load_bans() {
  world_.bans = {};
  world_.bans.exempt(policy().admins);
  for (auto& ban : store_.bans(Bans::most)) world_.bans.set(std::move(ban));
  world_.bans.loaded = true;
  return world_.bans;
}

const Ban* Turn::ban_of(const Jid& who) {
  return bans().covering(who.bare());
}

void Turn::ban(Ban ban) {
  if (!world_.bans_before) world_.bans_before = bans();
  store_.set_ban(ban);
  world_.bans.set(std::move(ban));
  if (const auto next = world_.bans.next_expiry()) set_timer({TimerKind::ban_expiry, 0, *next});
}

void Turn::unban(std::string_view jid) {
  if (!world_.bans_before) world_.bans_before = bans();
  store_.remove_ban(jid);
  world_.bans.remove(jid);
}

void Turn::audit(AuditEntry entry) {
  entry.time = now_;
  for (auto* text : {&entry.subject, &entry.old_value, &entry.new_value}) *text = audit_text(*text);
  entry.by_admin = entry.by == policy().domain || policy().is_admin(bare_of(entry.by));
  store_.append_audit(entry);
  // One request may write thousands: what they displace goes with them, not when there is time.
  constexpr std::size_t at_once = 2;
  store_.trim_audit(policy().max_audit_entries, now_ - policy().max_audit_age, at_once);
}

void Turn::send(std::string stanza) {
  effects_.stanzas.push_back(std::move(stanza));
}

void Turn::broadcast(Broadcast broadcast) {
  effects_.broadcasts.push_back(std::move(broadcast));
}

}  // namespace crier
