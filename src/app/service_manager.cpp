#include "app/service_manager.hpp"

#include "wire/unique_fd.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace crier {

void notify_service_manager(std::string_view state) {
  const char* name = std::getenv("NOTIFY_SOCKET");
  if (!name || (name[0] != '/' && name[0] != '@')) return;
  sockaddr_un address{};
  const auto length = std::strlen(name);
  if (length >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, name, length);
  if (name[0] == '@') address.sun_path[0] = '\0';
  const UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
  (void)sendto(socket.get(), state.data(), state.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
               reinterpret_cast<const sockaddr*>(&address), size);
}

std::string reloading_state() {
  // That clock is CLOCK_MONOTONIC, which systemd wants.
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return fmt::format("RELOADING=1\nMONOTONIC_USEC={}",
                     std::chrono::floor<std::chrono::microseconds>(now).count());
}

}  // namespace crier
