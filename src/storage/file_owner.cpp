#include "storage/file_owner.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace crier {

std::optional<FileOwner> owner_beside(const std::filesystem::path& database) {
  struct stat status {};
  if (::geteuid() != 0) return {};
  if (::stat(database.c_str(), &status) != 0 &&
      ::stat(database.parent_path().c_str(), &status) != 0)
    return {};
  return FileOwner{status.st_uid, status.st_gid};
}

bool give_to(int descriptor, const std::optional<FileOwner>& owner) {
  return !owner || ::fchown(descriptor, owner->user, owner->group) == 0;
}

}  // namespace crier
