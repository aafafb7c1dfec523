#pragma once
/// Bringing a long write-ahead log into its database beside others who wait for the disk.

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <functional>

namespace crier::transfer {

/// Lets no more pass than its rate.
class Pace {
 public:
  /// 0: as much as comes.
  explicit Pace(std::uint64_t bytes_per_second) : rate_(bytes_per_second) {}

  /// Waits until so many bytes, since the beginning, may have passed.
  void wait_for(std::uint64_t bytes) const;

 private:
  using Clock = std::chrono::steady_clock;
  std::uint64_t rate_;
  Clock::time_point start_ = Clock::now();
};

/// A checkpoint that goes to disk piece by piece and at a pace. One of SQLite's own writes all of
/// the log at once and then syncs: whoever commits meanwhile waits behind that.
///
/// The file's methods are replaced by its own with two steps added, for as long as this lives.
class PacedCheckpoint {
 public:
  /// Of the connection's main database; the connection outlives it.
  PacedCheckpoint(sqlite3* connection, std::uint64_t bytes_per_second);
  ~PacedCheckpoint();
  PacedCheckpoint(const PacedCheckpoint&) = delete;
  PacedCheckpoint& operator=(const PacedCheckpoint&) = delete;

  /// Brings the log into the database as far as nobody needs it. Calls `begun` when no other
  /// connection can begin to do so any more, and before it is settled how far that is: whoever
  /// reads an old state lets go of it there. Otherwise the next one that commits would do it all.
  /// Failing is no harm: then `begun` is called at the end, and the next one does.
  void run(std::function<void()> begun);

 private:
  /// SQLite hands them to the methods with the file.
  struct Methods : sqlite3_io_methods {
    PacedCheckpoint* owner = nullptr;
  };

  static PacedCheckpoint& of(sqlite3_file* file);
  static int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset);
  static int lock(sqlite3_file* file, int offset, int count, int flags);
  int take(std::uint64_t size);
  void begin();

  sqlite3* connection_;
  sqlite3_file* file_ = nullptr;
  const sqlite3_io_methods* own_ = nullptr;
  Methods methods_;
  Pace pace_;
  std::function<void()> begun_;
  std::uint64_t written_ = 0;
  std::uint64_t synced_ = 0;
};

}  // namespace crier::transfer
