#include "storage/sqlite_store.hpp"

#include "storage/migrations.hpp"

namespace crier {

std::unique_ptr<SqliteStore> SqliteStore::open(const std::filesystem::path& file,
                                               std::size_t cache_bytes) {
  return std::unique_ptr<SqliteStore>(new SqliteStore(real_file(file), cache_bytes));
}

SqliteStore::SqliteStore(const std::filesystem::path& file, std::size_t cache_bytes)
    : database_(file, cache_bytes, migrations()),
      jids_(database_),
      sequence_(database_),
      usage_(database_, jids_) {}

void SqliteStore::begin() {
  database_.run("BEGIN");
}

void SqliteStore::commit() {
  usage_.write();
  database_.run("COMMIT");
}

void SqliteStore::rollback() noexcept {
  jids_.rolled_back();
  sequence_.rolled_back();
  usage_.rolled_back();
  try {
    if (database_.in_transaction()) database_.run("ROLLBACK");
  } catch (const SqliteFailure&) {
    // There is nothing more to do: the next BEGIN tells.
  }
}

}  // namespace crier
