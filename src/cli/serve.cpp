#include "cli/serve.hpp"

#include "app/daemon.hpp"
#include "app/live_options.hpp"
#include "app/log.hpp"
#include "app/options.hpp"
#include "app/options_declaration.hpp"

#include <malloc.h>
#include <CLI/CLI.hpp>

#include <csignal>
#include <iostream>
#include <sstream>

namespace crier::cli {

namespace {

/// Memory goes back to the system after a burst: what is big is mapped, and unmapped when it is
/// freed, whatever was freed before (the C library would raise that threshold by itself); and the
/// thread that looks up names gets no heap of its own.
void configure_memory() {
  mallopt(M_MMAP_THRESHOLD, 256 * 1024);
  mallopt(M_TRIM_THRESHOLD, 8 * 1024 * 1024);
  mallopt(M_ARENA_MAX, 1);
}

class Serve final : public Subcommand {
 public:
  const CLI::App& app() const override { return *app_; }
  int run(int argc, char** argv) override;

 private:
  GivenOptions given_;
  const std::unique_ptr<CLI::App> app_ = declare_options(given_);
};

int Serve::run(int argc, char** argv) {
  const auto options = read_options(argc, argv, std::cout);
  if (!options) return 0;
  configure_memory();
  // A server that is gone is found by the error of write, in TLS as well.
  std::signal(SIGPIPE, SIG_IGN);
  Log log(options->log_level, options->log_format);
  for (const auto& warning : options->warnings) log.write(LogLevel::warning, warning);
  LiveOptions configuration(*options, [argc, argv] {
    std::ostringstream help;
    return *read_options(argc, argv, help);
  });
  Daemon(configuration, log).run();
  return 0;
}

}  // namespace

std::unique_ptr<Subcommand> serve() {
  return std::make_unique<Serve>();
}

}  // namespace crier::cli
