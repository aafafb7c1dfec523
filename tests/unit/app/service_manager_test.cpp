#include "app/service_manager.hpp"

#include "wire/unique_fd.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstdlib>
#include <cstring>
#include <string>

using namespace crier;

namespace {

/// A datagram socket of that name, which may begin with '@'.
UniqueFd listen_at(const std::string& name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, name.data(), name.size());
  if (name[0] == '@') address.sun_path[0] = '\0';
  UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  REQUIRE(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0);
  return socket;
}

std::string take(const UniqueFd& socket) {
  char text[256];
  const auto size = ::recv(socket.get(), text, sizeof text, 0);
  return size < 0 ? "" : std::string(text, static_cast<std::size_t>(size));
}

}  // namespace

TEST_CASE("sd_notify: the service manager is told at an abstract name and at a path") {
  const auto path = fmt::format("/tmp/crier-notify-test-{}", ::getpid());
  for (const auto& name : {fmt::format("@crier-notify-test-{}", ::getpid()), path}) {
    CAPTURE(name);
    const auto socket = listen_at(name);
    setenv("NOTIFY_SOCKET", name.c_str(), 1);
    notify_service_manager("READY=1");
    CHECK(take(socket) == "READY=1");
  }
  ::unlink(path.c_str());
  unsetenv("NOTIFY_SOCKET");
}

TEST_CASE("sd_notify: without a service manager, or with one that is gone, nothing happens") {
  unsetenv("NOTIFY_SOCKET");
  notify_service_manager("READY=1");
  for (const auto& name : {std::string("@crier-nobody-listens"), std::string("/nowhere/socket"),
                           std::string("relative"), std::string(), std::string(500, '@')}) {
    setenv("NOTIFY_SOCKET", name.c_str(), 1);
    notify_service_manager("READY=1");
  }
  unsetenv("NOTIFY_SOCKET");
}
