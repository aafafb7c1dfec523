#pragma once
/// Whom the files of a database belong to.

#include <sys/types.h>

#include <filesystem>
#include <optional>

namespace crier {

struct FileOwner {
  uid_t user;
  gid_t group;
};

/// Whom a file that root makes for a database, or beside it, has to belong to: the owner of the
/// database, or of its directory when it is not there; else the service, which runs as another
/// user, could not open it. Nothing when this process is not root's.
std::optional<FileOwner> owner_beside(const std::filesystem::path& database);

/// Makes an open file theirs, if there is somebody; false when that fails, errno says why.
bool give_to(int descriptor, const std::optional<FileOwner>& owner);

}  // namespace crier
