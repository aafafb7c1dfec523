#pragma once
/// An event, looked into for those whose subscription has options: which of its items pass a
/// filter, and what they say in words. XEP-0060 §12.8, §12.20.

#include <crier/content_filter.hpp>
#include <crier/element.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crier {

class EventContent {
 public:
  /// `event` is a whole `<event/>`; `payloads` the same with the payloads that it leaves out, or
  /// empty.
  EventContent(std::string_view event, std::string_view payloads);

  /// Which items pass; empty for an event that has no items, which every filter lets pass.
  const std::vector<bool>& passing(const ContentFilter& filter);
  /// The event with those items only. Valid until the next call.
  std::string_view event_with(const std::vector<bool>& items);
  /// What those items say; all of them when `items` is empty. Empty when the service can not read
  /// them. Valid until the next call.
  std::string_view body(const std::vector<bool>& items);

 private:
  /// A text that is made of some of the items, kept because those who follow want the same.
  struct Made {
    std::vector<bool> of;
    std::string text;
  };

  const Element* payload(std::size_t item) const;
  std::string make_event(const std::vector<bool>& items) const;
  std::string make_body(const std::vector<bool>& items) const;

  Document event_;
  Document payloads_;
  std::vector<const Element*> items_;
  /// The same items, with their payloads.
  std::vector<const Element*> whole_;
  /// Many subscribers have the same filters.
  std::vector<std::pair<ContentFilter, std::vector<bool>>> known_;
  std::optional<Made> last_event_;
  std::optional<Made> last_body_;
};

}  // namespace crier
