/// Imports that break off, and are repeated.

#include "transfer/importer.hpp"
#include "transfer/verify.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <random>
#include <span>
#include <string>
#include <vector>

#include "../../storage/scratch.hpp"
#include "transfer/random_store.hpp"
#include "transfer/store_files.hpp"

namespace crier::transfer::test {

namespace {

using crier::test::Scratch;

/// Little enough for pages to be written before the transaction ends.
constexpr std::size_t small_cache = 16 * 1024;

/// All rows of all tables: more than an export shows, such as timers and cursors.
std::string rows_of(const File& file) {
  Snapshot snapshot(file);
  std::string text;
  Query tables = snapshot.query(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
      "ORDER BY name");
  while (tables.next()) {
    const auto name = std::string(std::get<0>(tables.row<std::string_view>()));
    (text += name) += '\n';
    const auto print = [](void* out, int count, char** values, char**) {
      for (int i = 0; i < count; ++i)
        *static_cast<std::string*>(out) += values[i] ? std::string(values[i]) + '|' : "NULL|";
      *static_cast<std::string*>(out) += '\n';
      return 0;
    };
    sqlite3_exec(snapshot.connection(), ("SELECT * FROM " + name).c_str(), print, &text, nullptr);
  }
  return text;
}

/// What is wrong, but that some nodes have no owner: so it was made up.
std::vector<std::string> problems_in(const File& file) {
  std::vector<std::string> found;
  for (const auto& problem : verify(file, {.full = true}).problems)
    if (!problem.what.starts_with("nodes have no owner")) found.push_back(problem.what);
  return found;
}

/// A database to import into: empty, or with other things of the same names.
void begin_with(const File& file, unsigned seed) {
  std::vector<Record> records{ServiceRecord{"pubsub.a.example"}};
  if (seed % 2 == 1) records = RandomStore(seed + 1).records();
  import_records(file, records);
}

/// Takes what comes before the break; then the database is left as a process that was killed
/// leaves it, and the import ends.
void break_off(const File& file, std::span<const Record> records, const File& killed) {
  const auto store = SqliteStore::open(file, small_cache);
  Importer importer(*store, {});
  for (const auto& record : records) importer.take(record);
  if (killed.empty()) return;
  for (const char* suffix : {"", "-wal"})
    std::filesystem::copy_file(file.native() + suffix, killed.native() + suffix,
                               std::filesystem::copy_options::overwrite_existing);
}

}  // namespace

TEST_CASE("an import that broke off anywhere is as if it had not been, and can be repeated") {
  const auto seed = std::random_device{}() % 1'000'000;
  CAPTURE(seed);
  const Scratch scratch;
  auto records = RandomStore(seed).records();
  begin_with(scratch.file("begun"), seed);
  const auto before = rows_of(scratch.file("begun"));
  std::filesystem::copy_file(scratch.file("begun"), scratch.file("whole"));
  import_records(scratch.file("whole"), records);
  const auto whole = rows_of(scratch.file("whole"));
  for (std::size_t taken = 0; taken <= records.size(); ++taken) {
    CAPTURE(taken);
    constexpr auto anew = std::filesystem::copy_options::overwrite_existing;
    std::filesystem::copy_file(scratch.file("begun"), scratch.file(), anew);
    const bool is_killed = taken % 8 == 0;
    break_off(scratch.file(), std::span(records).first(taken),
              is_killed ? scratch.file("killed") : File());
    const auto left = scratch.file(is_killed ? "killed" : "crier.db");
    REQUIRE(rows_of(left) == before);
    import_records(left, records);
    REQUIRE(rows_of(left) == whole);
    REQUIRE(exported(left) == exported(scratch.file("whole")));
    REQUIRE(problems_in(left).empty());
  }
}

}  // namespace crier::transfer::test
