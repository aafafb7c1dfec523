#include "wire/local_user.hpp"

#include <crier/jid.hpp>

#include <fmt/format.h>
#include <pwd.h>

namespace crier {

std::string local_user(uid_t uid, std::string_view domain) {
  const passwd* user = ::getpwuid(uid);
  const std::string name = user ? user->pw_name : "";
  const auto jid = Jid::parse(fmt::format("{}@{}", name, domain));
  const bool plain = !name.empty() && name.find_first_of("&'<>\"/@ ") == name.npos;
  return plain && jid && jid->local() == name ? name : fmt::format("uid{}", uid);
}

}  // namespace crier
