#include <crier/known_capabilities.hpp>

#include <crier/jid.hpp>

#include <algorithm>
#include <cassert>

namespace crier {

namespace {

/// What a node of a container takes besides its value, about.
constexpr std::size_t container_node = 48;

std::size_t bytes_of(const CapsQuestion& question) {
  return sizeof question + question.to.capacity() + question.node.capacity();
}

}  // namespace

CapsId KnownCapabilities::acquire(const CapsHash& hash) {
  const auto found = ids_.find(key_of(hash));
  const CapsId id = found == ids_.end() ? insert(hash) : found->second;
  Entry& taken = entry(id);
  if (taken.references++ == 0 && found != ids_.end()) {
    idle_.erase(taken.idle);
    idle_bytes_ -= taken.bytes;
  }
  return id;
}

std::optional<CapsId> KnownCapabilities::find(const CapsHash& hash) const {
  const auto found = ids_.find(key_of(hash));
  if (found == ids_.end()) return {};
  return found->second;
}

bool KnownCapabilities::announce(CapsId id, CapsQuestion question, Time now) {
  Entry& told = entry(id);
  if (told.state == State::given_up && now >= told.rests_until) {
    told.state = State::unknown;
    told.tries = 0;
  }
  if (told.state == State::unknown) {
    ask(told, std::move(question));
    return true;
  }
  if (told.state == State::asked) wait(told, std::move(question));
  return false;
}

std::optional<CapsQuestion> KnownCapabilities::release(CapsId id, std::string_view jid, Time now) {
  Entry& released = entry(id);
  assert(released.references > 0);
  std::erase_if(released.waiting, [&](const CapsQuestion& each) { return each.to == jid; });
  auto next = give_way(released, jid, now);
  if (--released.references == 0) {
    let_go(id);
    return {};
  }
  return next;
}

std::optional<CapsQuestion> KnownCapabilities::answer(CapsId id, std::string_view jid,
                                                      const Element& query, Time now) {
  const Entry& asked = entry(id);
  if (asked.references == 0 || asked.state == State::known) return {};
  if (!matches(asked.hash, query)) return fail(id, jid, now);
  learn(id, query);
  return {};
}

std::optional<CapsQuestion> KnownCapabilities::fail(CapsId id, std::string_view jid, Time now) {
  return give_way(entry(id), jid, now);
}

bool KnownCapabilities::is_interested(CapsId id, std::string_view node) const {
  return interested_in(node).contains(id);
}

std::vector<std::string_view> KnownCapabilities::interests(CapsId id) const {
  std::vector<std::string_view> names;
  for (const auto* interest : entry(id).interests) names.push_back(interest->first);
  return names;
}

const std::set<CapsId>& KnownCapabilities::interested_in(std::string_view node) const {
  const auto found = interested_.find(node);
  return found == interested_.end() ? nobody_ : found->second;
}

CapsId KnownCapabilities::insert(const CapsHash& hash) {
  if (free_.empty()) {
    free_.push_back(static_cast<CapsId>(entries_.size()));
    entries_.emplace_back();
  }
  const CapsId id = free_.back();
  free_.pop_back();
  Entry& added = entry(id);
  added.hash = {hash.protocol, hash.algorithm, hash.hash, {}};
  ids_.emplace(key_of(added.hash), id);
  measure(added);
  return id;
}

void KnownCapabilities::erase(CapsId id) {
  Entry& erased = entry(id);
  for (auto* interest : erased.interests) {
    interest->second.erase(id);
    if (interest->second.empty()) interested_.erase(interested_.find(interest->first));
  }
  ids_.erase(key_of(erased.hash));
  bytes_ -= erased.bytes;
  erased = Entry();
  free_.push_back(id);
}

/// Remembers a question for later, unless there are enough, or one to the same account.
void KnownCapabilities::wait(Entry& entry, CapsQuestion question) {
  const auto account_of = [](const CapsQuestion& each) { return bare_of(each.to); };
  if (question.to == entry.asked.to || entry.waiting.size() == max_waiting ||
      std::ranges::count(entry.waiting, bare_of(question.to), account_of))
    return;
  entry.waiting.push_back(std::move(question));
  measure(entry);
}

void KnownCapabilities::ask(Entry& entry, CapsQuestion question) {
  entry.state = State::asked;
  entry.asked = std::move(question);
  ++entry.tries;
  measure(entry);
}

/// The one that was asked is no use. Those who wait for a hash that is given up are forgotten.
std::optional<CapsQuestion> KnownCapabilities::ask_next(Entry& entry, Time now) {
  entry.asked = {};
  entry.state = State::unknown;
  if (entry.tries >= max_tries) {
    entry.state = State::given_up;
    entry.rests_until = now + rest;
    entry.waiting = {};
  } else if (!entry.waiting.empty()) {
    auto question = std::move(entry.waiting.front());
    entry.waiting.erase(entry.waiting.begin());
    ask(entry, std::move(question));
  }
  measure(entry);
  if (entry.state != State::asked) return {};
  return entry.asked;
}

/// Asks somebody else if it is `jid` that is asked.
std::optional<CapsQuestion> KnownCapabilities::give_way(Entry& entry, std::string_view jid,
                                                        Time now) {
  if (entry.state != State::asked || entry.asked.to != jid) return {};
  return ask_next(entry, now);
}

void KnownCapabilities::learn(CapsId id, const Element& query) {
  Entry& known = entry(id);
  known.state = State::known;
  known.asked = {};
  known.waiting = {};
  for (auto& name : interests_in(query)) {
    const auto interest = interested_.try_emplace(std::move(name)).first;
    interest->second.insert(id);
    known.interests.push_back(&*interest);
  }
  measure(known);
}

/// Nobody refers to it any more. What nobody would learn from goes at once.
void KnownCapabilities::let_go(CapsId id) {
  Entry& left = entry(id);
  if (left.state == State::unknown || left.state == State::asked) return erase(id);
  idle_.push_front(id);
  left.idle = idle_.begin();
  idle_bytes_ += left.bytes;
  while (idle_bytes_ > max_idle_bytes_) {
    const CapsId last = idle_.back();
    idle_bytes_ -= entry(last).bytes;
    idle_.pop_back();
    erase(last);
  }
}

/// Notes what an entry takes. Nothing of an idle one changes. A name that several hashes share is
/// counted for each.
void KnownCapabilities::measure(Entry& entry) {
  std::size_t bytes = sizeof entry + 2 * container_node + entry.hash.hash.capacity() +
                      entry.asked.to.capacity() + entry.asked.node.capacity();
  for (const auto& question : entry.waiting) bytes += bytes_of(question);
  for (const auto* interest : entry.interests)
    bytes += sizeof interest + sizeof *interest + 2 * container_node + interest->first.capacity();
  bytes_ += bytes - entry.bytes;
  entry.bytes = bytes;
}

}  // namespace crier
