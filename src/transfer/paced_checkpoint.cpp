#include "transfer/paced_checkpoint.hpp"

#include <thread>
#include <utility>

namespace crier::transfer {

namespace {

/// So much is brought to disk at once: what a sync of somebody else's waits behind.
constexpr std::uint64_t bytes_a_piece = std::uint64_t{1} << 20;
/// The lock of whoever checkpoints: SQLite, WAL-mode File Format, §2.3.1.
constexpr int checkpoint_lock = 1;
constexpr int exclusively = SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE;
/// Somebody else's checkpoint is over soon: there is little that it can do.
constexpr int attempts = 100;
constexpr std::chrono::milliseconds between_attempts{1};

}  // namespace

void Pace::wait_for(std::uint64_t bytes) const {
  if (rate_ == 0) return;
  const auto due =
      std::chrono::duration<double>(static_cast<double>(bytes) / static_cast<double>(rate_));
  std::this_thread::sleep_until(start_ + std::chrono::duration_cast<Clock::duration>(due));
}

PacedCheckpoint::PacedCheckpoint(sqlite3* connection, std::uint64_t bytes_per_second)
    : connection_(connection), pace_(bytes_per_second) {
  sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &file_);
  if (!file_ || !file_->pMethods) return;
  own_ = file_->pMethods;
  static_cast<sqlite3_io_methods&>(methods_) = *own_;
  methods_.xWrite = write;
  methods_.xShmLock = lock;
  methods_.owner = this;
  file_->pMethods = &methods_;
}

PacedCheckpoint::~PacedCheckpoint() {
  if (own_) file_->pMethods = own_;
}

void PacedCheckpoint::run(std::function<void()> begun) {
  begun_ = std::move(begun);
  for (int i = 0; i < attempts; ++i) {
    const int code = sqlite3_wal_checkpoint_v2(connection_, nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                               nullptr, nullptr);
    if ((code & 0xff) != SQLITE_BUSY) break;
    std::this_thread::sleep_for(between_attempts);
  }
  begin();
}

PacedCheckpoint& PacedCheckpoint::of(sqlite3_file* file) {
  return *static_cast<const Methods*>(file->pMethods)->owner;
}

int PacedCheckpoint::write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  auto& self = of(file);
  const int code = self.own_->xWrite(file, bytes, size, offset);
  return code == SQLITE_OK ? self.take(static_cast<std::uint64_t>(size)) : code;
}

int PacedCheckpoint::take(std::uint64_t size) {
  written_ += size;
  if (written_ - synced_ < bytes_a_piece) return SQLITE_OK;
  synced_ = written_;
  const int code = own_->xSync(file_, SQLITE_SYNC_NORMAL);
  pace_.wait_for(written_);
  return code;
}

int PacedCheckpoint::lock(sqlite3_file* file, int offset, int count, int flags) {
  auto& self = of(file);
  const int code = self.own_->xShmLock(file, offset, count, flags);
  if (code == SQLITE_OK && offset == checkpoint_lock && flags == exclusively) self.begin();
  return code;
}

void PacedCheckpoint::begin() {
  if (const auto begun = std::exchange(begun_, nullptr)) begun();
}

}  // namespace crier::transfer
