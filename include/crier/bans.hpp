#pragma once
/// Whom the operator has banned from the whole service.

#include <crier/time.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace crier {

struct Ban {
  /// A bare JID, or a domain with all who are there (not those at its subdomains).
  std::string jid;
  /// For the banned to read; may be empty.
  std::string reason = {};
  /// The full JID of who has banned it.
  std::string by = {};
  Time created{};
  /// Nothing: until it is lifted.
  std::optional<Time> expires = {};
  bool operator==(const Ban&) const = default;
};

/// All bans, as the store has them. There are few, and everything that comes in and every
/// notification that leaves asks: so they are in memory.
class Bans {
 public:
  /// There can not be more. 20,000 take some 5 MB.
  static constexpr std::size_t most = 20'000;

  bool empty() const { return bans_.empty(); }
  std::size_t size() const { return bans_.size(); }
  /// The ban of exactly that bare JID or domain, or null.
  const Ban* find(std::string_view jid) const;
  /// These bare JIDs are under no ban.
  void exempt(const std::set<std::string, std::less<>>& accounts) { exempt_ = accounts; }
  /// The ban that a bare JID is under, its own or its domain's, or null. O(1).
  const Ban* covering(std::string_view bare) const;
  /// Those behind `after`, by JID, at most `limit`. O(n).
  std::vector<const Ban*> list(std::string_view after, std::size_t limit) const;
  /// When the first of them expires; nothing when none does. O(n).
  std::optional<Time> next_expiry() const;

  void set(Ban ban);
  void remove(std::string_view jid);

  /// They are what the store has, or what the open transaction makes of it. The batch's to know.
  bool loaded = false;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };

  const Ban* own_or_domains(std::string_view bare) const;

  std::unordered_map<std::string, Ban, Hash, std::equal_to<>> bans_;
  std::set<std::string, std::less<>> exempt_;
};

}  // namespace crier
