#include "faulty_disk.hpp"

#include <fstream>
#include <sstream>

namespace crier::test {

namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

}  // namespace

FaultyDisk::FaultyDisk() : real_(sqlite3_vfs_find(nullptr)), vfs_(*real_) {
  vfs_.zName = "faulty";
  vfs_.pAppData = this;
  vfs_.xOpen = open;
  vfs_.xDelete = remove;
  sqlite3_vfs_register(&vfs_, 1);
}

FaultyDisk::~FaultyDisk() {
  sqlite3_vfs_unregister(&vfs_);
  sqlite3_vfs_register(real_, 1);
}

const FaultyDisk::Methods& FaultyDisk::methods_of(sqlite3_file* file) {
  return *static_cast<const Methods*>(file->pMethods);
}

int FaultyDisk::open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* got) {
  auto& disk = *static_cast<FaultyDisk*>(vfs->pAppData);
  const int code = disk.real_->xOpen(disk.real_, name, file, flags, got);
  if (code != SQLITE_OK || !name) return code;
  auto& methods = disk.methods_.emplace_back(Methods{*file->pMethods, &disk, file->pMethods});
  methods.xWrite = write;
  methods.xSync = sync;
  file->pMethods = &methods;
  disk.paths_[file] = name;
  return code;
}

int FaultyDisk::remove(sqlite3_vfs* vfs, const char* name, int sync_directory) {
  auto& disk = *static_cast<FaultyDisk*>(vfs->pAppData);
  disk.synced_.erase(name);
  return disk.real_->xDelete(disk.real_, name, sync_directory);
}

int FaultyDisk::write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
  const auto& methods = methods_of(file);
  if (!methods.disk->allows()) return SQLITE_FULL;
  return methods.real->xWrite(file, bytes, count, offset);
}

int FaultyDisk::sync(sqlite3_file* file, int flags) {
  const auto& methods = methods_of(file);
  auto& disk = *methods.disk;
  if (!disk.allows()) return SQLITE_IOERR_FSYNC;
  ++disk.syncs_;
  const auto& path = disk.paths_.at(file);
  disk.synced_[path] = content_of(path);
  return methods.real->xSync(file, flags);
}

bool FaultyDisk::allows() {
  ++operations_;
  if (!left_) return true;
  if (*left_ == 0) return false;
  --*left_;
  return true;
}

void FaultyDisk::survive(const std::filesystem::path& from, const std::filesystem::path& to) const {
  for (const auto& [path, content] : synced_)
    if (path.parent_path() == from)
      std::ofstream(to / path.filename(), std::ios::binary) << content;
}

}  // namespace crier::test
