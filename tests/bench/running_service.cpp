#include "running_service.hpp"

#include <stdexcept>

namespace crier::bench {

using namespace std::chrono_literals;

RunningService::RunningService(const ServiceProcess::Options& options, ComponentListener& listener)
    : options_(options), listener_(listener), process_(options) {
  accept();
}

std::unique_ptr<RunningService> RunningService::another() const {
  return std::make_unique<RunningService>(options_, listener_);
}

void RunningService::accept() {
  link_ = listener_.accept(options_.domain, options_.secret, 30s, [this] {
    if (const auto end = process_.how_it_ended()) throw std::runtime_error(*end);
  });
  ready_ = Clock::now();
}

void RunningService::restart() {
  end();
  started_ = Clock::now();
  process_.start();
  accept();
}

void RunningService::end() {
  process_.ask_to_end();
  link_->close(20s);
  process_.wait_for_end();
}

}  // namespace crier::bench
