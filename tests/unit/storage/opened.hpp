#pragma once
/// A database with its JIDs, for tests of single tables.

#include "../../storage/scratch.hpp"
#include "storage/jid_table.hpp"
#include "storage/migrations.hpp"

namespace crier::test {

struct Opened {
  Scratch scratch;
  Database database{scratch.file(), 1 << 20, migrations()};
  JidTable jids{database};
};

}  // namespace crier::test
