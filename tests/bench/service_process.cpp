#include "service_process.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

namespace crier::bench {

namespace {

using namespace std::chrono_literals;

std::filesystem::path make_directory(const std::filesystem::path& parent) {
  auto name = (parent / "crier-bench-XXXXXX").string();
  if (!mkdtemp(name.data()))
    throw std::runtime_error(
        fmt::format("can not make a directory in {}: {}", parent.string(), std::strerror(errno)));
  return name;
}

std::string describe_status(int status) {
  if (WIFSIGNALED(status)) return fmt::format("was ended by signal {}", WTERMSIG(status));
  return fmt::format("ended with status {}", WEXITSTATUS(status));
}

/// The library that slow_sync.cpp is built to, beside the benchmark.
std::filesystem::path slow_sync_library() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "tests/bench/slow-sync.so";
}

/// What the program's environment is besides this process's own.
using Environment = std::vector<std::pair<std::string, std::string>>;

Environment environment_of(const ServiceProcess::Options& options) {
  if (options.sync_delay == 0) return {};
  const auto library = slow_sync_library();
  if (!std::filesystem::exists(library))
    throw std::runtime_error(fmt::format("{} is not built", library.string()));
  return {{"LD_PRELOAD", library.string()},
          {"CRIER_BENCH_SYNC_DELAY", fmt::to_string(options.sync_delay)}};
}

/// Becomes the program; only called in the child.
[[noreturn]] void become(std::vector<std::string> command, const Environment& environment,
                         const std::filesystem::path& log, pid_t parent) {
  // The benchmark may be killed: nothing of it stays behind.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  const int file = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  dup2(file, STDOUT_FILENO);
  dup2(file, STDERR_FILENO);
  for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (auto& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execv(arguments[0], arguments.data());
  dprintf(STDERR_FILENO, "%s: %s\n", arguments[0], std::strerror(errno));
  _exit(127);
}

}  // namespace

TemporaryDirectory::TemporaryDirectory(const std::filesystem::path& parent, bool keep)
    : path_(make_directory(parent)), keep_(keep) {}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  if (!keep_) std::filesystem::remove_all(path_, ignored);
}

ServiceProcess::ServiceProcess(const Options& options)
    : options_(options), directory_(options.directory, options.keep) {
  const auto secret_file = directory() / "secret";
  std::ofstream(secret_file) << options.secret << '\n';
  std::filesystem::permissions(secret_file, std::filesystem::perms::owner_read);
  start();
}

void ServiceProcess::start() {
  std::vector<std::string> command{options_.crier.string(),
                                   "serve",
                                   "--domain",
                                   options_.domain,
                                   "--server",
                                   fmt::format("127.0.0.1:{}", options_.port),
                                   "--secret-file",
                                   (directory() / "secret").string(),
                                   "--database",
                                   (directory() / "crier.db").string(),
                                   "--control",
                                   "none",
                                   "--create-nodes",
                                   "all"};
  command.insert(command.end(), options_.more.begin(), options_.more.end());
  const auto environment = environment_of(options_);
  const auto parent = getpid();
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error(fmt::format("fork: {}", std::strerror(errno)));
  if (pid_ == 0) become(std::move(command), environment, directory() / "log", parent);
}

ServiceProcess::~ServiceProcess() {
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

std::optional<std::string> ServiceProcess::how_it_ended() {
  if (pid_ >= 0 && waitpid(pid_, &status_, WNOHANG) == 0) return {};
  pid_ = -1;
  return describe(describe_status(status_));
}

void ServiceProcess::ask_to_end() const {
  kill(pid_, SIGTERM);
}

void ServiceProcess::wait_for_end() {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!how_it_ended()) {
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error(describe("does not end when asked to"));
    std::this_thread::sleep_for(5ms);
  }
  if (status_ != 0) throw std::runtime_error(*how_it_ended());
}

std::string ServiceProcess::describe(std::string_view what) const {
  std::ifstream file(directory() / "log");
  std::stringstream log;
  log << file.rdbuf();
  constexpr std::size_t shown = 2000;
  auto text = log.str();
  if (text.size() > shown) text.erase(0, text.size() - shown);
  return fmt::format("crier {}; the end of its log:\n{}", what, text);
}

}  // namespace crier::bench
