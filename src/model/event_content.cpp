#include "model/event_content.hpp"

#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "model/readable_body.hpp"

namespace crier {

namespace {

constexpr std::size_t most_known = 64;

std::vector<const Element*> items_of(const Document& event) {
  std::vector<const Element*> items;
  const Element* list = event ? event.root().child("items", ns::pubsub_event) : nullptr;
  if (!list) return items;
  for (const auto& item : list->children())
    if (item.is("item", ns::pubsub_event)) items.push_back(&item);
  return items;
}

Document parsed(std::string_view xml) {
  auto document = parse_xml(xml);
  return document ? std::move(*document) : Document();
}

}  // namespace

EventContent::EventContent(std::string_view event, std::string_view payloads)
    : event_(parsed(event)), payloads_(parsed(payloads)), items_(items_of(event_)) {
  whole_ = payloads_ ? items_of(payloads_) : items_;
}

const Element* EventContent::payload(std::size_t item) const {
  return whole_[item]->first_child();
}

const std::vector<bool>& EventContent::passing(const ContentFilter& filter) {
  for (const auto& [known, items] : known_)
    if (known == filter) return items;
  std::vector<bool> items;
  for (std::size_t i = 0; i < items_.size(); ++i) items.push_back(passes(filter, payload(i)));
  if (known_.size() == most_known) known_.pop_back();
  return known_.emplace_back(filter, std::move(items)).second;
}

std::string_view EventContent::event_with(const std::vector<bool>& items) {
  if (!last_event_ || last_event_->of != items) last_event_ = {items, make_event(items)};
  return last_event_->text;
}

std::string_view EventContent::body(const std::vector<bool>& items) {
  if (!last_body_ || last_body_->of != items) last_body_ = {items, make_body(items)};
  return last_body_->text;
}

std::string EventContent::make_event(const std::vector<bool>& items) const {
  return written([&](XmlWriter& out) {
    auto event = out.open("event", ns::pubsub_event);
    auto list = out.open("items");
    list.attr("node", items_.front()->parent->attribute_or("node", ""));
    for (std::size_t i = 0; i < items.size(); ++i)
      if (items[i]) out.raw(to_xml(*items_[i]));
  });
}

std::string EventContent::make_body(const std::vector<bool>& items) const {
  std::string body;
  for (std::size_t i = 0; i < whole_.size(); ++i) {
    if (!items.empty() && !items[i]) continue;
    const Element* found = payload(i);
    const auto text = found ? readable_body(*found) : "";
    if (text.empty()) continue;
    if (!body.empty()) body += "\n\n";
    body += text;
  }
  return body;
}

}  // namespace crier
