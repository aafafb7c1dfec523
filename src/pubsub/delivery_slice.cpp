#include "pubsub/delivery_slice.hpp"

#include <crier/namespaces.hpp>
#include <crier/time.hpp>
#include <crier/xml_writer.hpp>

namespace crier {

namespace {

/// What one slice sends at most, and what it costs at most.
constexpr std::size_t slice_bytes = 64 * 1024;
constexpr std::size_t slice_cost = 50'000;
/// An event that is older says when it happened.
constexpr std::chrono::seconds news{10};

/// XEP-0203, XEP-0184 §5.3.
std::string extra_of(const DurableEvent& event, const SubscriptionOptions& options, Time now) {
  const bool old = event.happened + news < now;
  if (!old && !is_receipted(options)) return {};
  return written([&](XmlWriter& out) {
    if (old) out.open("delay", ns::delay).attr("stamp", format_datetime(event.happened));
    if (is_receipted(options)) out.open("request", ns::receipts);
  });
}

}  // namespace

bool Slice::full() const {
  return bytes >= slice_bytes || cost >= slice_cost;
}

bool Slice::send(DurableEvent& event, Subscriptions::Position at,
                 const SubscriptionOptions& options) {
  std::string message;
  if (!event.broadcast.render_for(at, extra_of(event, options, turn.now()), message)) return false;
  bytes += message.size();
  turn.send(std::move(message));
  return true;
}

bool is_reachable(Turn& turn, const Node& node, Subscriptions::Position at) {
  const auto& slot = node.subscriptions.at(at);
  if (slot.state != SubscriptionState::subscribed || slot.suspended) return false;
  const auto jid = node.subscriptions.jid(slot);
  const auto& presence = turn.session().presence;
  const auto shows = node.subscriptions.options(at).show_values.bits;
  if (shows != ShowValues::any) return presence.shows(jid, shows);
  if (presence.is_available(jid)) return true;
  return !node.config.presence_based_delivery &&
         !turn.store().contact(jid.substr(0, slot.bare_length)).seen;
}

void hold(Turn& turn, std::string_view jid) {
  auto& session = turn.session();
  if (session.presence.is_available(jid)) session.deliveries.held.emplace(bare_of(jid));
}

Deliveries::Flow& flow_of(Turn& turn, const Node& node) {
  auto& flow = turn.session().deliveries.flows[node.id];
  if (!flow.node) {
    flow.node = node.shared_from_this();
    flow.sent = node.level;
  }
  return flow;
}

void settle(Deliveries& deliveries, NodeId id) {
  const auto found = deliveries.flows.find(id);
  if (found == deliveries.flows.end()) return;
  const auto& flow = found->second;
  if (!flow.queued && !flow.passing && flow.unconfirmed == 0 && flow.replays.empty())
    deliveries.flows.erase(found);
}

void set_taken(Turn& turn, const Node& node, Subscriptions::Position at, std::optional<Seq> taken) {
  turn.store().set_taken(node.subscriptions.at(at).id, taken);
  turn.change(node).subscriptions.set_taken(at, taken);
}

bool is_receipted(const SubscriptionOptions& options) {
  return options.acknowledgement == Acknowledgement::receipt;
}

}  // namespace crier
