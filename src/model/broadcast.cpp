#include <crier/broadcast.hpp>

#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "model/copies.hpp"
#include "model/event_content.hpp"
#include "model/interested_walk.hpp"
#include "model/rights.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace crier {

namespace {

void append_base36(std::string& out, std::uint64_t number) {
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, number, 36).ptr;
  out.append(digits, end);
}

constexpr std::string_view message_end = "</message>";
// Between the numbers that an id is made of: what is no digit.
constexpr char plain_mark = '-';
constexpr char durable_mark = '.';
constexpr char interest_mark = '_';

}  // namespace

std::optional<NotificationId> NotificationId::parse(std::string_view id) {
  const auto mark = id.find_first_of("-.");
  if (mark == std::string_view::npos) return {};
  std::uint64_t event = 0;
  std::int64_t subscription = 0;
  const auto read = [](std::string_view text, auto& number) {
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number, 36);
    return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() && number > 0;
  };
  if (!read(id.substr(0, mark), event) || !read(id.substr(mark + 1), subscription)) return {};
  const bool durable = id[mark] == durable_mark;
  return NotificationId{SubscriptionId{subscription},
                        durable ? Seq{static_cast<std::int64_t>(event)} : Seq{}};
}

bool covers(const SubscriptionOptions& options, Event::About about, std::uint32_t distance) {
  const auto type = options.subscription_type;
  const bool is_about = type == SubscriptionType::all ||
                        (type == SubscriptionType::items) == (about == Event::About::items);
  return is_about && distance <= options.subscription_depth.value;
}

Broadcast::Broadcast(std::shared_ptr<const Node> node, Event event, Audience audience)
    : node_(std::move(node)), event_(std::move(event)), audience_(audience) {
  start();
}

Broadcast::Broadcast(std::shared_ptr<const Node> collection, Event event, Ascent ascent)
    : node_(std::move(collection)), event_(std::move(event)), ascent_(std::move(ascent)) {
  wanted_by_default_ = wants(SubscriptionOptions());
  start();
}

Broadcast::Broadcast(Broadcast&&) noexcept = default;
Broadcast& Broadcast::operator=(Broadcast&&) noexcept = default;
Broadcast::~Broadcast() = default;

void Broadcast::start() {
  // An id is the event's number and, for each recipient, that of its subscription: unique in the
  // service (XEP-0060 §12.4) at the cost of a few digits a recipient.
  head_ = "' type='";
  head_ += event_.type;
  head_ += "' from='";
  head_ += escape_attribute(node_->key.host);
  head_ += "' id='";
  const bool durable = event_.seq != Seq{};
  append_base36(head_, durable ? static_cast<std::uint64_t>(event_.seq)
                               : static_cast<std::uint64_t>(event_.number));
  head_ += durable ? durable_mark : plain_mark;
  tail_ = "'>";
  event_size_ = event_.xml.size();
  behind_size_ = event_.behind.size();
  tail_ += std::exchange(event_.xml, {});
  tail_ += std::exchange(event_.behind, {});
  if (durable) append_stanza_id();
  append_headers(tail_, {});
  tail_ += message_end;
}

void Broadcast::add_interested(InterestedWalk walk) {
  interested_ = std::make_unique<InterestedWalk>(std::move(walk));
}

std::optional<Fanout> Broadcast::rest_from(Position position) const {
  if (event_.last == Seq{}) return {};
  const auto next = node_->subscriptions.least_from(position);
  if (!next) return {};
  return Fanout{node_->id, event_.last, event_.first, std::max(*next, first_)};
}

bool Broadcast::advance() {
  if (advance_to_subscriber()) return true;
  while (interested_ && interested_->advance(*node_, event_.number)) {
    if (!is_banned(interested_->teller().bare)) return true;
    interested_->step();
  }
  return false;
}

bool Broadcast::advance_to_subscriber() {
  const auto& subscriptions = node_->subscriptions;
  // Nearly always it matters to nobody who is online.
  const bool anywhere = !event_.presence || !node_->config.presence_based_delivery;
  for (; cursor_ < subscriptions.end(); ++cursor_) {
    const auto& slot = subscriptions.at(cursor_);
    if (!slot.live || slot.follows || slot.id < first_) continue;
    is_tailored_ = !slot.plain();
    if (is_tailored_ ? tailor(cursor_)
                     : concerns(slot) && wanted_by_default_ && !slot.suspended &&
                           (anywhere || is_there(slot, ShowValues())) && may_hear(slot))
      return true;
  }
  return false;
}

bool Broadcast::is_there(const Slot& slot, ShowValues shows) const {
  if (slot.suspended) return false;
  if (!event_.presence) return true;
  const bool any = shows.bits == ShowValues::any;
  if (any && !node_->config.presence_based_delivery) return true;
  const auto jid = node_->subscriptions.jid(slot);
  return any ? event_.presence->is_available(jid) : event_.presence->shows(jid, shows.bits);
}

bool Broadcast::concerns(const Slot& slot) const {
  return slot.since <= event_.number &&
         (audience_ == Audience::all || slot.state == SubscriptionState::subscribed);
}

bool Broadcast::wants(const SubscriptionOptions& options) const {
  if (!options.deliver) return false;
  // A digest is made of the node's own items.
  if (!ascent_.origin) return !(options.digest && event_.digestible);
  return covers(options, event_.about, ascent_.distance);
}

bool Broadcast::may_hear(const Slot& slot) const {
  if (!ascent_.origin && (!event_.bans || event_.bans->empty())) return true;
  const auto bare = node_->subscriptions.jid(slot).substr(0, slot.bare_length);
  if (is_banned(bare)) return false;
  if (!ascent_.origin) return true;
  return crier::may_hear(*ascent_.origin, bare, *ascent_.policy);
}

bool Broadcast::tailor(Position leader) {
  const auto& subscriptions = node_->subscriptions;
  const auto& slot = subscriptions.at(leader);
  tailored_ = {};
  if (!may_hear(slot)) return false;
  const auto add = [&](Position at) {
    if (audience_ == Audience::all || !subscriptions.at(at).durable) add_to_tailored(at);
  };
  if (!slot.grouped)
    add(leader);
  else
    for (auto at = leader; at != Subscriptions::none; at = subscriptions.next_in_group(at)) add(at);
  return finish_tailoring(slot);
}

bool Broadcast::finish_tailoring(const Slot& slot) {
  if (tailored_.subscriptions.empty()) return false;
  const bool all = std::ranges::find(tailored_.items, false) == tailored_.items.end();
  if (tailored_.everything || all) tailored_.items.clear();
  if (!slot.grouped || !event_.names_subscriptions) tailored_.subscriptions.clear();
  return true;
}

void Broadcast::add_to_tailored(Position position) {
  const auto& slot = node_->subscriptions.at(position);
  const auto& options = node_->subscriptions.options(position, event_.number);
  if (!concerns(slot) || !wants(options) || !is_there(slot, options.show_values)) return;
  if (options.filter.empty()) {
    tailored_.everything = true;
  } else {
    const auto& passing = content().passing(options.filter);
    if (!passing.empty() && std::ranges::find(passing, true) == passing.end()) return;
    // An event without items is for all.
    if (passing.empty()) tailored_.everything = true;
    tailored_.items.resize(passing.size());
    for (std::size_t i = 0; i < passing.size(); ++i)
      if (passing[i]) tailored_.items[i] = true;
  }
  tailored_.subscriptions.push_back(slot.id);
  tailored_.body = tailored_.body || options.include_body;
}

EventContent& Broadcast::content() {
  if (!content_) content_ = std::make_unique<EventContent>(event(), event_.payloads);
  return *content_;
}

bool Broadcast::render_for(Position at, std::string_view extra, std::string& out) {
  const auto& slot = node_->subscriptions.at(at);
  tailored_ = {};
  if (!may_hear(slot)) return false;
  add_to_tailored(at);
  if (!finish_tailoring(slot)) return false;
  is_tailored_ = true;
  append(at, out);
  out.resize(out.size() - message_end.size());
  out += extra;
  out += message_end;
  return true;
}

void Broadcast::append_stanza_id() {
  XmlWriter(tail_)
      .open("stanza-id", ns::stanza_id)
      .attr("id", std::to_string(static_cast<std::int64_t>(event_.seq)))
      .attr("by", node_->key.host);
  behind_size_ = tail_.size() - tail_event_ - event_size_;
}

/// Inline: that is a good part of what a notification costs.
[[gnu::always_inline]] inline void Broadcast::append_jid(const Slot& slot, std::string& out) const {
  if (slot.escape)
    append_attribute_value(out, node_->subscriptions.jid(slot));
  else
    out += node_->subscriptions.jid(slot);
}

void Broadcast::append_next(std::string& out) {
  if (is_at_subscriber()) {
    ++told_;
    return append(cursor_++, out);
  }
  append_for_interested(out);
  step();
}

void Broadcast::step() {
  ++told_;
  if (is_at_subscriber())
    ++cursor_;
  else
    interested_->step();
}

void Broadcast::append_for_interested(std::string& out) {
  out += "<message to='";
  append_recipient(out);
  out += head_;
  append_own_id(out);
  out += tail_;
}

bool Broadcast::may_be_copied() const {
  const bool is_plain = !is_at_subscriber() || !is_tailored_;
  const bool many = interested_ || node_->subscriptions.size() >= copies::fewest;
  return is_plain && many && head_.size() + tail_.size() <= copies::most_bytes_copied;
}

void Broadcast::append_copied(std::string& out) {
  const auto begin = out.size();
  out += "<message to='";
  append_attribute_value(out, node_->key.host);
  out += head_;
  out += "'>";
  copies::begin_list(out);
  const auto lines = out.size();
  const auto told = told_;
  do {
    append_own_id(out);
    out += copies::separator;
    append_recipient(out);
    out += copies::line_end;
    step();
  } while (out.size() < lines + copies::list_bytes && advance() && may_be_copied());
  if (told_ == told + 1) return make_plain(out, begin, lines);
  copies::end_list(out);
  out += std::string_view(tail_).substr(tail_event_);
}

/// Puts the message for the only one that the list names in the place of the stanza that begins
/// there.
void Broadcast::make_plain(std::string& out, std::size_t begin, std::size_t lines) const {
  const std::string line = out.substr(lines, out.size() - lines - 1);
  const auto own_id = line.find(copies::separator);
  out.resize(begin);
  out.append("<message to='").append(line, own_id + 1) += head_;
  out.append(line, 0, own_id) += tail_;
}

void Broadcast::append_recipient(std::string& out) const {
  if (!is_at_subscriber()) {
    const auto& teller = interested_->teller();
    return append_attribute_value(out, full_jid(teller.bare, *teller.resource));
  }
  append_jid(node_->subscriptions.at(cursor_), out);
}

/// That of who is interested is none of a subscription.
void Broadcast::append_own_id(std::string& out) const {
  if (is_at_subscriber())
    return append_base36(out, static_cast<std::uint64_t>(node_->subscriptions.at(cursor_).id));
  append_base36(out, static_cast<std::uint64_t>(interested_->caps()));
  out += interest_mark;
  append_base36(out, interested_->place());
}

void Broadcast::append(Position at, std::string& out) {
  const auto& slot = node_->subscriptions.at(at);
  out += "<message to='";
  append_jid(slot, out);
  out += head_;
  append_base36(out, static_cast<std::uint64_t>(slot.id));
  if (is_tailored_)
    append_tailored(out);
  else
    out += tail_;
}

void Broadcast::append_tailored(std::string& out) {
  out += "'>";
  if (tailored_.body) {
    const auto body = content().body(tailored_.items);
    if (!body.empty()) XmlWriter(out).leaf("body", body);
  }
  if (tailored_.items.empty())
    out += event();
  else
    out += content().event_with(tailored_.items);
  out += behind();
  append_headers(out, tailored_.subscriptions);
  out += "</message>";
}

void Broadcast::append_headers(std::string& out,
                               const std::vector<SubscriptionId>& subscriptions) const {
  const bool names_collection = ascent_.origin && ascent_.names_collection;
  if (subscriptions.empty() && !names_collection) return;
  XmlWriter writer(out);
  auto headers = writer.open("headers", ns::shim);
  if (names_collection) writer.open("header").attr("name", "Collection").text(node_->key.name);
  for (const auto id : subscriptions)
    writer.open("header").attr("name", "SubID").text(subid_of(id));
}

}  // namespace crier
