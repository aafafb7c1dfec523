#include <crier/busiest.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>

namespace crier {

namespace {

/// What is left of a rate after a second.
constexpr double kept = 0.9;
constexpr std::size_t longest_name = 1023;
/// Less than that for each second is silence.
constexpr double silence = 0.001;

void add_to(Activity& sum, const Activity& more) {
  sum.events += more.events;
  sum.messages += more.messages;
  sum.bytes += more.bytes;
}

void scale(Activity& activity, double factor) {
  activity.events *= factor;
  activity.messages *= factor;
  activity.bytes *= factor;
}

}  // namespace

Busiest::Place& Busiest::place_of(std::string_view name, std::string_view detail) {
  const std::uint64_t hash = std::hash<std::string_view>()(name);
  const auto set = std::span(places_).subspan(hash % sets * ways, ways);
  auto least = set.begin();
  for (auto place = set.begin(); place != set.end(); ++place) {
    if (place->hash == hash && place->name == name && place->detail == detail) return *place;
    if (place->score < least->score) least = place;
  }
  least->hash = hash;
  least->name = name;
  least->detail = detail;
  least->faded = {};
  least->total = {};
  return *least;
}

void Busiest::add(std::string_view name, const Activity& activity, std::string_view detail) {
  auto& place = place_of(name.substr(0, longest_name), detail.substr(0, longest_name));
  place.score += activity.events + activity.messages;
  add_to(place.faded, activity);
  add_to(place.total, activity);
}

void Busiest::fade(std::int64_t second) {
  const auto factor =
      std::pow(kept, static_cast<double>(std::max<std::int64_t>(second - second_, 0)));
  second_ = std::max(second, second_);
  for (auto& place : places_) {
    place.score *= factor;
    scale(place.faded, factor);
  }
}

std::vector<Busiest::Entry> Busiest::top(std::size_t most) const {
  std::vector<const Place*> found;
  for (const auto& place : places_)
    if ((place.faded.events + place.faded.messages) * (1 - kept) >= silence)
      found.push_back(&place);
  std::ranges::sort(found, [](const Place* a, const Place* b) {
    const auto activity = [](const Place* place) {
      return place->faded.events + place->faded.messages;
    };
    return activity(a) != activity(b) ? activity(a) > activity(b) : a->name < b->name;
  });
  if (found.size() > most) found.resize(most);
  std::vector<Entry> entries;
  for (const auto* place : found) {
    entries.push_back({place->name, place->detail, place->faded, place->total});
    scale(entries.back().rate, 1 - kept);
  }
  return entries;
}

}  // namespace crier
