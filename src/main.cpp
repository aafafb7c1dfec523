#include <crier/fault.hpp>

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include "cli/exit_status.hpp"
#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "cli/overview.hpp"
#include "cli/printable.hpp"

int main(int argc, char** argv) {
  try {
    return crier::cli::run_program(argc, argv);
  } catch (const crier::cli::BrokenPipe&) {
    // As any program ends whose output goes to `head`; only after order was made.
    std::signal(SIGPIPE, SIG_DFL);
    std::raise(SIGPIPE);
  } catch (const crier::cli::Interrupted& interrupted) {
    std::signal(interrupted.signal, SIG_DFL);
    std::raise(interrupted.signal);
  } catch (const crier::Fault& fault) {
    // It may quote what others wrote.
    fmt::print(stderr, "crier: {}\n", crier::cli::printable(fault.what()));
    return fault.status();
  } catch (const std::exception& error) {
    fmt::print(stderr, "crier: {}\n", crier::cli::printable(error.what()));
  }
  return crier::cli::exit_status::software;
}
