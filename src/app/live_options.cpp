#include "app/live_options.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace crier {

namespace {

/// What can change while the service runs, sorted; all others hold from the start to the end.
constexpr auto at_run_time = std::to_array<std::string_view>({
    "admin",
    "anonymous",
    "conceal-private-nodes",
    "contact",
    "create-named",
    "create-nodes",
    "limit",
    "log-level",
    "max-account-subscriptions",
    "max-affiliations",
    "max-audit-age",
    "max-audit-entries",
    "max-bounces",
    "max-children",
    "max-event-age",
    "max-event-bytes",
    "max-items",
    "max-jid-subscriptions",
    "max-lease",
    "max-nodes",
    "max-payload-bytes",
    "max-stanza-bytes",
    "max-subscriptions",
    "name",
    "node-cache-bytes",
    "node-default",
    "node-force",
    "outbox-bytes",
    "page-bytes",
    "page-items",
    "quota",
    "reserve",
    "single-subscriptions",
    "url",
});
static_assert(std::ranges::is_sorted(at_run_time));

bool can_change(std::string_view option) {
  return std::ranges::binary_search(at_run_time, option);
}

using Words = std::map<std::string, std::string>;

std::string_view value_of(const Words& words, const std::string& option) {
  const auto found = words.find(option);
  return found == words.end() ? std::string_view() : std::string_view(found->second);
}

/// The names of the options that `a` and `b` differ in, sorted.
std::vector<std::string> differences(const Options& a, const Options& b) {
  std::vector<std::string> names;
  Words all = a.words;
  all.insert(b.words.begin(), b.words.end());
  // Read anew from the same file.
  if (a.secret != b.secret) all.emplace("secret-file", "");
  for (const auto& [name, value] : all)
    if (value_of(a.words, name) != value_of(b.words, name) ||
        (name == "secret-file" && a.secret != b.secret))
      names.push_back(name);
  return names;
}

/// `next` with what needs another start as it is in `now`.
Options merged(const Options& now, Options next, const std::vector<std::string>& need_restart) {
  next.server = now.server;
  next.secret = now.secret;
  next.database = now.database;
  next.tls = now.tls;
  next.tls_ca = now.tls_ca;
  next.control = now.control;
  next.control_group = now.control_group;
  next.needs_control = now.needs_control;
  // Without any word the creators are users of the domain that the service belongs to.
  if (next.policy.domain != now.policy.domain && !next.words.contains("create-nodes") &&
      !now.words.contains("create-nodes"))
    next.policy.creators = now.policy.creators;
  next.policy.domain = now.policy.domain;
  for (const auto& name : need_restart) {
    const auto found = now.words.find(name);
    if (found == now.words.end())
      next.words.erase(name);
    else
      next.words[name] = found->second;
  }
  return next;
}

}  // namespace

LiveOptions::LiveOptions(Options options, Reader read)
    : options_(std::move(options)), read_(std::move(read)) {}

Reload LiveOptions::read() {
  Options next = read_();
  Reload reload;
  for (auto& name : differences(options_, next))
    (can_change(name) ? reload.applied : reload.need_restart).push_back(std::move(name));
  next_ = merged(options_, std::move(next), reload.need_restart);
  return reload;
}

bool LiveOptions::take() {
  if (!next_) return false;
  options_ = std::move(*next_);
  next_.reset();
  return true;
}

}  // namespace crier
