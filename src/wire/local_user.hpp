#pragma once
/// The users of this machine as addresses.

#include <sys/types.h>

#include <string>
#include <string_view>

namespace crier {

/// What a user of this machine is called before the `@` of an address at `domain`: the user's name
/// where that can be part of an address as it is, otherwise `uid` and the number.
std::string local_user(uid_t uid, std::string_view domain);

}  // namespace crier
