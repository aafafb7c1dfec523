#include <crier/broadcast.hpp>

#include <crier/xml_writer.hpp>

#include <charconv>

namespace crier {

namespace {

void append_base36(std::string& out, std::uint64_t number) {
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, number, 36).ptr;
  out.append(digits, end);
}

}  // namespace

Broadcast::Broadcast(NodeId node, EventNumber number, std::string_view from, std::string_view type,
                     std::string event, std::shared_ptr<const Subscriptions> subscriptions,
                     Audience audience)
    : node_(node), number_(number), subscriptions_(std::move(subscriptions)), audience_(audience) {
  // An id is the event's number and, for each recipient, the place of its subscription: unique in
  // the service (XEP-0060 §12.4) at the cost of a few digits a recipient.
  head_ = "' type='";
  head_ += type;
  head_ += "' from='";
  head_ += escape_attribute(from);
  head_ += "' id='";
  append_base36(head_, static_cast<std::uint64_t>(number_));
  head_ += '-';
  tail_ = "'>";
  tail_ += event;
  tail_ += "</message>";
}

bool Broadcast::advance() {
  for (; cursor_ < subscriptions_->end(); ++cursor_) {
    const auto& slot = subscriptions_->at(cursor_);
    if (slot.live && slot.since <= number_ &&
        (audience_ == Audience::all || slot.state == SubscriptionState::subscribed))
      return true;
  }
  return false;
}

void Broadcast::append(std::string& out) {
  const auto& slot = subscriptions_->at(cursor_);
  out += "<message to='";
  if (slot.escape)
    append_attribute_value(out, subscriptions_->jid(slot));
  else
    out += subscriptions_->jid(slot);
  out += head_;
  append_base36(out, cursor_);
  out += tail_;
  ++cursor_;
}

}  // namespace crier
