#include "storage/checkpoint_thread.hpp"

#include "storage/statement.hpp"

namespace crier {

namespace {

/// A failure is no harm: all is in the log, and the next commit makes the next attempt.
bool checkpoint(sqlite3* connection, int& copied) {
  return sqlite3_wal_checkpoint_v2(connection, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr,
                                   &copied) == SQLITE_OK;
}

}  // namespace

CheckpointThread::CheckpointThread(sqlite3* writer, const std::filesystem::path& file)
    : writer_(writer) {
  sqlite3* connection = nullptr;
  constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  int code = sqlite3_open_v2(file.c_str(), &connection, flags, nullptr);
  connection_.reset(connection);
  // Reading makes it look at the log; without that there is nothing to it to check.
  constexpr auto settings = "PRAGMA synchronous = FULL; SELECT count(*) FROM sqlite_schema";
  if (code == SQLITE_OK) code = sqlite3_exec(connection, settings, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw SqliteFailure(connection);
  thread_ = std::thread([this] { run(); });
  // In place of SQLite's own checkpoints, which are a hook as well.
  sqlite3_wal_hook(
      writer_,
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<CheckpointThread*>(self)->committed(pages);
        return SQLITE_OK;
      },
      this);
}

CheckpointThread::~CheckpointThread() {
  sqlite3_wal_hook(writer_, nullptr, nullptr);
  settle();
  ending_ = true;
  wanted_.release();
  thread_.join();
}

void CheckpointThread::committed(int pages) {
  if (pages < begin_pages) {
    if (!busy_) copied_ = 0;
    return;
  }
  if (pages >= most_pages) settle();
  if (busy_) return;
  if (pages >= most_pages || (copied_ > 0 && pages - copied_ <= rest_pages)) {
    checkpoint(writer_, copied_);
    copied_ = 0;
    return;
  }
  busy_ = true;
  wanted_.release();
}

void CheckpointThread::run() {
  while (true) {
    wanted_.acquire();
    if (ending_) return;
    int copied = 0;
    copied_ = checkpoint(connection_.get(), copied) ? copied : 0;
    busy_ = false;
    busy_.notify_all();
  }
}

}  // namespace crier
