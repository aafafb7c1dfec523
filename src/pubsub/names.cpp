#include "pubsub/names.hpp"

#include <array>

namespace crier {

namespace {

constexpr std::array<std::string_view, 6> affiliations{"none",   "outcast",   "publish-only",
                                                       "member", "publisher", "owner"};
constexpr std::array<std::string_view, 3> states{"pending", "unconfigured", "subscribed"};

template <class Enum, std::size_t size>
std::optional<Enum> find(const std::array<std::string_view, size>& names, std::string_view name) {
  for (std::size_t i = 0; i < size; ++i)
    if (names[i] == name) return static_cast<Enum>(i);
  return {};
}

}  // namespace

std::string_view name_of(Affiliation affiliation) {
  return affiliations[static_cast<std::size_t>(affiliation)];
}

std::optional<Affiliation> affiliation_named(std::string_view name) {
  return find<Affiliation>(affiliations, name);
}

std::string_view name_of(SubscriptionState state) {
  return states[static_cast<std::size_t>(state)];
}

std::optional<SubscriptionState> subscription_state_named(std::string_view name) {
  return find<SubscriptionState>(states, name);
}

}  // namespace crier
