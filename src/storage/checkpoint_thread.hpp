#pragma once
/// Brings the write-ahead log into the database beside the connection that writes.

#include <sqlite3.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <semaphore>
#include <thread>

namespace crier {

/// A commit that makes the log long need not wait until its pages are copied: a thread does that,
/// on a connection of its own, while more is committed. The log begins anew only when all of it is
/// copied, so a commit copies the little that came meanwhile.
class CheckpointThread {
 public:
  /// From so many pages in the log on there is a checkpoint.
  static constexpr int begin_pages = 2000;
  /// So many of them are left to a commit, at most.
  static constexpr int rest_pages = 250;
  /// A commit waits for the thread, and copies what is left, when the log is that long.
  static constexpr int most_pages = 16'000;

  /// `writer` is a connection to the database `file` and outlives this; it makes no checkpoints
  /// otherwise. Throws SqliteFailure, or std::system_error when there can be no thread.
  CheckpointThread(sqlite3* writer, const std::filesystem::path& file);
  ~CheckpointThread();
  CheckpointThread(const CheckpointThread&) = delete;
  CheckpointThread& operator=(const CheckpointThread&) = delete;

  /// Returns when nothing is being copied; until the next commit nothing is.
  void settle() const { busy_.wait(true); }

 private:
  struct Close {
    void operator()(sqlite3* connection) const { sqlite3_close(connection); }
  };

  void run();
  /// The writer has committed, and the log has so many pages.
  void committed(int pages);

  sqlite3* writer_;
  std::unique_ptr<sqlite3, Close> connection_;
  std::binary_semaphore wanted_{0};
  std::atomic<bool> busy_ = false;
  bool ending_ = false;
  /// How many pages of the log were copied when the thread was last done.
  int copied_ = 0;
  std::thread thread_;
};

}  // namespace crier
