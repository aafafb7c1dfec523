#include "stint.hpp"

#include <unistd.h>

#include <algorithm>

namespace crier::bench {

Measurement& Measurement::operator+=(const Measurement& other) {
  operations += other.operations;
  seconds += other.seconds;
  service_cpu += other.service_cpu;
  server_cpu += other.server_cpu;
  bench_cpu += other.bench_cpu;
  service_peak_bytes = std::max(service_peak_bytes, other.service_peak_bytes);
  return *this;
}

Stint::Stint(Span span, Pids pids) : span_(span), pids_(pids), begin_(Clock::now()) {
  if (span_.count != 0) begin_measuring(begin_);
}

void Stint::begin_measuring(Clock::time_point now) {
  phase_ = Phase::measuring;
  begin_ = now;
  at_begin_.operations = operations_;
  at_begin_.service_cpu = usage_of(pids_.service).cpu_seconds;
  at_begin_.server_cpu = usage_of(pids_.server).cpu_seconds;
  at_begin_.bench_cpu = usage_of(getpid()).cpu_seconds;
}

bool Stint::over() {
  if (phase_ == Phase::over) return true;
  if (span_.count != 0) {
    if (operations_ >= span_.count) finish();
    return phase_ == Phase::over;
  }
  const auto now = Clock::now();
  if (phase_ == Phase::warm_up && now - begin_ >= span_.warm_up)
    begin_measuring(now);
  else if (phase_ == Phase::measuring && now - begin_ >= span_.measured)
    finish();
  return phase_ == Phase::over;
}

const Measurement& Stint::finish() {
  if (phase_ == Phase::over) return measurement_;
  phase_ = Phase::over;
  const auto service = usage_of(pids_.service);
  measurement_ = {
      .operations = operations_ - at_begin_.operations,
      .seconds = std::chrono::duration<double>(Clock::now() - begin_).count(),
      .service_cpu = service.cpu_seconds - at_begin_.service_cpu,
      .server_cpu = usage_of(pids_.server).cpu_seconds - at_begin_.server_cpu,
      .bench_cpu = usage_of(getpid()).cpu_seconds - at_begin_.bench_cpu,
      .service_peak_bytes = service.peak_bytes,
  };
  return measurement_;
}

}  // namespace crier::bench
