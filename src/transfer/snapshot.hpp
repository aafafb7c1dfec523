#pragma once
/// One look at a database file, while a service may write to it: a connection of its own that only
/// reads, in one transaction.

#include <crier/fault.hpp>

#include "storage/statement.hpp"
#include "transfer/record.hpp"

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace crier::transfer {

/// What SQLite can not do with the database, and what to do about it: EX_DATAERR when it is damaged
/// or none, EX_TEMPFAIL when another program holds it, else EX_IOERR.
Fault explained(const std::filesystem::path& database, const SqliteFailure& failure);

class Snapshot {
 public:
  enum class Version {
    /// That of this program.
    current,
    /// One that this program knows: what is read must be there in all of them.
    known,
  };

  /// Opens the file, which must be there and one of crier's. `cache_bytes` is what pages may take
  /// in memory. Throws Fault: EX_NOINPUT when it is not there, EX_DATAERR when it is none of
  /// crier's, damaged, or of a version that is not wanted, EX_IOERR when it can not be read.
  explicit Snapshot(const std::filesystem::path& file, Version version = Version::current,
                    std::size_t cache_bytes = std::size_t{32} << 20);

  /// Starts a run of `sql`, a constant, prepared at its first use.
  template <class... Values>
  Query query(const char* sql, const Values&... values) {
    return Query(statement(sql), values...);
  }
  /// The one number that `sql` asks for.
  template <class... Values>
  std::int64_t number(const char* sql, const Values&... values) {
    Query asked = query(sql, values...);
    return asked.next() ? std::get<0>(asked.template row<std::int64_t>()) : 0;
  }
  sqlite3* connection() { return connection_.get(); }
  const std::filesystem::path& file() const { return file_; }
  /// The version of the schema.
  std::int64_t version() const { return version_; }

 private:
  struct Close {
    void operator()(sqlite3* connection) const { sqlite3_close(connection); }
  };

  void open(std::size_t cache_bytes);
  void check_identity(Version wanted);
  void execute(const char* sql);
  const Statement& statement(const char* sql);

  std::filesystem::path file_;
  std::int64_t version_ = 0;
  std::unique_ptr<sqlite3, Close> connection_;
  std::unordered_map<const char*, Statement> statements_;
};

/// What of a store is visited.
struct Selection {
  enum class Parts { all, all_but_items, nodes_and_items };
  /// Of NodeIDs: `*` stands for anything, `?` for one character. Only with `*` are redirects and
  /// contacts visited.
  std::string nodes = "*";
  /// One service; empty for all, and for contacts.
  std::string service = {};
  Parts parts = Parts::all;
};

/// The services that the store has nodes of, in their order.
std::vector<std::string> services(Snapshot& snapshot);

/// Visits all that the store holds, as records in their order: nodes by name, collections first;
/// affiliations and contacts by JID; subscriptions in the order in which they were made. The same
/// store gives the same records. The memory does not depend on what is there, but on how many
/// different cursors the durable subscriptions of one node have.
void visit(Snapshot& snapshot, const Selection& selection,
           const std::function<void(const Record&)>& take);

/// How many items visit() will visit, about, for telling how far it has come.
std::uint64_t count_items(Snapshot& snapshot, const Selection& selection);

}  // namespace crier::transfer
