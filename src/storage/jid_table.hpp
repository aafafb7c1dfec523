#pragma once
/// The numbers that stand for JIDs in all other tables.

#include "storage/database.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace crier {

enum class JidId : std::int64_t {};

/// The table `jid`, with the numbers that were asked for lately in memory.
class JidTable {
 public:
  explicit JidTable(Database& database) : database_(database) {}

  /// The number of a normalised JID, bare or full; a new one gets its own.
  JidId intern(std::string_view jid);
  /// The number, if the JID has one.
  std::optional<JidId> find(std::string_view jid);
  /// The number of the domain of an address that has one; its text spares a look into the table.
  JidId domain_of(JidId jid, std::string_view text);
  JidId domain_of(JidId jid);
  /// Numbers given in the open transaction do not count any more.
  void rolled_back();

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  std::optional<JidId> look_up(std::string_view jid);
  void remember(std::string_view jid, JidId id);

  Database& database_;
  std::unordered_map<std::string, JidId, Hash, std::equal_to<>> known_;
  std::size_t known_bytes_ = 0;
  std::unordered_map<JidId, JidId> domains_;
};

}  // namespace crier
