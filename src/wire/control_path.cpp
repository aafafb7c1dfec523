#include "wire/control_path.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace crier {

namespace {

constexpr std::string_view system_directory = "/run/crier";

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

/// Of the user; empty when there is none.
std::string user_directory() {
  const auto directory = variable("XDG_RUNTIME_DIR");
  return directory.empty() ? directory : directory + "/crier";
}

std::string socket_in(std::string_view directory) {
  return directory.empty() ? std::string() : std::string(directory) + "/control";
}

bool is_socket(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode);
}

}  // namespace

std::string default_control_path() {
  // systemd may name several, with colons between them.
  const auto directories = variable("RUNTIME_DIRECTORY");
  if (!directories.empty()) return socket_in(directories.substr(0, directories.find(':')));
  return socket_in(::geteuid() == 0 ? system_directory : user_directory());
}

std::string find_control_path() {
  for (auto& path : {socket_in(system_directory), socket_in(user_directory())})
    if (is_socket(path)) return path;
  return {};
}

}  // namespace crier
