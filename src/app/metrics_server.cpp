#include "app/metrics_server.hpp"

#include <crier/fault.hpp>

#include "app/exposition.hpp"

#include <fmt/format.h>
#include <httplib.h>
#include <sysexits.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <thread>

namespace crier {

namespace {

constexpr std::chrono::seconds longest_turn{10};
/// Monitoring asks now and then: a few threads keep one slow client from the others.
constexpr std::size_t threads = 2;
constexpr time_t patience_seconds = 2;
constexpr std::size_t most_request_bytes = 4096;

Exposition wanted_by(const httplib::Request& request) {
  const auto accept = request.get_header_value("Accept");
  return accept.find("application/openmetrics-text") != accept.npos ? Exposition::openmetrics
                                                                    : Exposition::prometheus;
}

/// 200 when nothing is wrong, else 503 with what is.
void answer(httplib::Response& response, const std::string& wrong) {
  response.status = wrong.empty() ? 200 : 503;
  response.set_content((wrong.empty() ? "ok" : wrong) + '\n', "text/plain; charset=utf-8");
}

}  // namespace

std::string ill_health(const Statistics& statistics, std::chrono::steady_clock::time_point now) {
  const auto since = statistics.busy_since.value();
  if (since == 0) return {};
  const std::chrono::nanoseconds begun(static_cast<std::int64_t>(since));
  const auto busy = now.time_since_epoch() - begun;
  if (busy <= longest_turn) return {};
  return fmt::format("the service has not turned its loop for {} s",
                     std::chrono::floor<std::chrono::seconds>(busy).count());
}

std::string unreadiness(const Statistics& statistics) {
  if (statistics.stream_up.value() == 0)
    return fmt::format("there is no stream to the server, {}", statistics.server);
  if (statistics.storage_failing.value() != 0) return "the disk refused what was written last";
  return {};
}

struct MetricsServer::Running {
  httplib::Server server;
  std::thread thread;
  std::atomic<bool> ended{false};
};

MetricsServer::MetricsServer(const ServerAddress& address, const Statistics& statistics,
                             std::span<const Route> routes, const Log& log)
    : running_(std::make_unique<Running>()) {
  auto& server = running_->server;
  server.new_task_queue = [] { return new httplib::ThreadPool(threads); };
  // Another process that listens there is an error, not somebody to share the port with.
  server.set_socket_options([](socket_t socket) {
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  server.set_keep_alive_max_count(1);
  server.set_read_timeout(patience_seconds);
  server.set_write_timeout(patience_seconds);
  server.set_payload_max_length(most_request_bytes);
  // The service may be made anew, by another policy, which changes no route.
  const std::vector<Route> kept(routes.begin(), routes.end());
  server.Get("/metrics", [&statistics, kept](const auto& request, auto& response) {
    const auto format = wanted_by(request);
    response.set_content(expose(statistics, kept, format), std::string(media_type(format)));
  });
  server.Get("/healthz", [&statistics](const auto&, auto& response) {
    answer(response, ill_health(statistics, std::chrono::steady_clock::now()));
  });
  server.Get("/readyz", [&statistics](const auto&, auto& response) {
    const auto ill = ill_health(statistics, std::chrono::steady_clock::now());
    answer(response, ill.empty() ? unreadiness(statistics) : ill);
  });
  errno = 0;
  if (!server.bind_to_port(address.host, address.port))
    throw Fault(EX_UNAVAILABLE,
                fmt::format("--metrics: cannot listen on {} ({}); choose another port, or an "
                            "address of this machine",
                            to_text(address), std::strerror(errno)));
  running_->thread = std::thread([running = running_.get()] {
    running->server.listen_after_bind();
    running->ended = true;
  });
  log.write(LogLevel::info, fmt::format("http://{}/metrics", to_text(address)), LogModule::metrics);
}

MetricsServer::~MetricsServer() {
  // To stop what has not begun yet would be without effect.
  while (!running_->server.is_running() && !running_->ended) std::this_thread::yield();
  running_->server.stop();
  running_->thread.join();
}

}  // namespace crier
