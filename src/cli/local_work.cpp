#include "cli/local_work.hpp"

#include "wire/local_user.hpp"

#include <chrono>
#include <filesystem>
#include <system_error>

#include <unistd.h>

#include "cli/printable.hpp"

namespace crier::cli {

transfer::LocalWork local_work(const std::string& source) {
  std::error_code error;
  const auto file = std::filesystem::absolute(source, error);
  const bool is_file = !error && std::filesystem::exists(file, error);
  return {.user = local_user(::geteuid(), "localhost"),
          .source = printable(is_file ? file.native() : source),
          .now = std::chrono::floor<Time::duration>(std::chrono::system_clock::now())};
}

}  // namespace crier::cli
