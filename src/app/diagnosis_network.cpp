/// What a diagnosis asks of others: the XMPP server and the name servers.

#include <arpa/nameser.h>
#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <resolv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>

#include "app/diagnosis.hpp"
#include "app/dice.hpp"
#include "wire/component_stream.hpp"
#include "wire/outbox.hpp"
#include "wire/unique_fd.hpp"

namespace crier {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

/// How long the server has for one step.
constexpr milliseconds patience{5'000};

constexpr auto unreachable_advice =
    "start the server, let it listen for components there (docs/install.md), or give the right "
    "--server";

Finding reachable(const ServerAddress& server) {
  const auto name = to_text(server);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error =
      getaddrinfo(server.host.c_str(), std::to_string(server.port).c_str(), &hints, &list);
  if (error != 0)
    return {"server", Health::failure,
            fmt::format("the host {} has no address: {}", server.host, gai_strerror(error)),
            "give the right --server"};
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(list, freeaddrinfo);
  std::string reason;
  for (const auto* address = list; address; address = address->ai_next) {
    const UniqueFd socket(
        ::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    int failure = 0;
    if (connect(socket.get(), address->ai_addr, address->ai_addrlen) != 0) failure = errno;
    if (failure == EINPROGRESS) {
      pollfd polled{socket.get(), POLLOUT, 0};
      socklen_t size = sizeof failure;
      if (poll(&polled, 1, static_cast<int>(patience.count())) <= 0)
        failure = ETIMEDOUT;
      else
        getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &failure, &size);
    }
    if (failure == 0) return {"server", Health::ok, name + " takes connections"};
    reason = std::strerror(failure);
  }
  return {"server", Health::failure, fmt::format("{}: {}", name, reason), unreachable_advice};
}

/// Connects as the service would, once, and leaves again.
class Handshake {
 public:
  explicit Handshake(const Options& options)
      : outbox_([](LogLevel, std::string_view) {}), stream_(settings(options), outbox_, events()) {}

  Finding run() {
    const auto deadline = Clock::now() + 2 * patience;
    while (!ready_ && problem_.empty() && Clock::now() < deadline) turn();
    const bool was_ready = ready_;
    stream_.close(Clock::now(), milliseconds(1'000));
    const auto end = Clock::now() + milliseconds(1'500);
    while (!stream_.closed() && Clock::now() < end) turn();
    if (was_ready) return {"handshake", Health::ok, "the server takes the component"};
    if (problem_.empty()) problem_ = "the server does not answer in time";
    // What is wrong and what to do stand in one line, as in the log of the service.
    const auto advice = problem_.find("; ");
    return {"handshake", Health::failure, problem_.substr(0, advice),
            advice == problem_.npos
                ? "compare domain and secret with the server's configuration of the component"
                : problem_.substr(advice + 2)};
  }

 private:
  ComponentStream::Settings settings(const Options& options) {
    ComponentStream::Settings settings;
    settings.domain = options.policy.domain;
    settings.server = options.server;
    settings.secret = options.secret;
    settings.copied = false;
    if (options.tls) settings.tls.emplace(options.tls_ca);
    settings.random = [this] { return dice_(); };
    return settings;
  }

  ComponentStream::Events events() {
    ComponentStream::Events events;
    events.on_ready = [this] { ready_ = true; };
    // Nobody serves: what comes in these moments is answered by the next who does, or by nobody.
    events.on_stanza = [](Document) {};
    events.on_oversized = [](Document, std::string_view) {};
    events.report = [this](LogLevel level, std::string_view message) {
      if (level <= LogLevel::warning && problem_.empty()) problem_ = message;
    };
    return events;
  }

  void turn() {
    pollfd polled{stream_.fd(), stream_.events(), 0};
    const auto wait =
        std::clamp<milliseconds>(std::chrono::ceil<milliseconds>(stream_.wake() - Clock::now()),
                                 milliseconds(0), milliseconds(100));
    const int happened = poll(&polled, 1, static_cast<int>(wait.count()));
    const auto now = Clock::now();
    stream_.advance(happened > 0 ? polled.revents : short{0}, now);
    stream_.flush(now);
  }

  Dice dice_;
  bool ready_ = false;
  std::string problem_;
  Outbox outbox_;
  ComponentStream stream_;
};

/// A resolver that does not wait long.
class Resolver {
 public:
  Resolver() {
    std::memset(&state_, 0, sizeof state_);
    usable_ = res_ninit(&state_) == 0;
    state_.retrans = 2;
    state_.retry = 2;
  }
  ~Resolver() {
    if (usable_) res_nclose(&state_);
  }
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  enum class Answer { yes, no, unknown };

  /// Whether `name` has a record of `type`.
  Answer has(const std::string& name, int type) {
    if (!usable_) return Answer::unknown;
    std::array<unsigned char, 4096> answer{};
    const int size = res_nquery(&state_, name.c_str(), ns_c_in, type, answer.data(),
                                static_cast<int>(answer.size()));
    if (size >= 0) return Answer::yes;
    return state_.res_h_errno == HOST_NOT_FOUND || state_.res_h_errno == NO_DATA ? Answer::no
                                                                                 : Answer::unknown;
  }

  /// Whether `domain` is found by `service`, such as `_xmpp-server._tcp`, or by its address.
  Answer finds(const std::string& service, const std::string& domain) {
    const Answer answers[] = {has(service + '.' + domain, ns_t_srv), has(domain, ns_t_a),
                              has(domain, ns_t_aaaa)};
    for (const auto wanted : {Answer::yes, Answer::unknown})
      if (std::ranges::count(answers, wanted) > 0) return wanted;
    return Answer::no;
  }

 private:
  struct __res_state state_ {};
  bool usable_ = false;
};

/// Names that no name server is asked about. RFC 6761 §6
bool is_special(std::string_view domain) {
  if (domain.find_first_not_of("0123456789.") == domain.npos || domain.starts_with('['))
    return true;
  constexpr std::string_view reserved[] = {"localhost", "test", "example", "invalid", "local"};
  const auto last = domain.substr(domain.rfind('.') + 1);
  return std::ranges::find(reserved, last) != std::end(reserved) || domain.find('.') == domain.npos;
}

Finding lookup(Resolver& resolver, const std::string& check, const std::string& service,
               const std::string& domain, std::string_view who) {
  switch (resolver.finds(service, domain)) {
    case Resolver::Answer::yes: return {check, Health::ok, fmt::format("{} find {}", who, domain)};
    case Resolver::Answer::unknown:
      return {check, Health::warning, fmt::format("no name server answers about {}", domain),
              "see to /etc/resolv.conf, and try again"};
    case Resolver::Answer::no: break;
  }
  return {
      check, Health::warning,
      fmt::format("{0} has neither {1} nor an address: {2} do not find it", domain, service, who),
      fmt::format("add to the DNS: {}.{}. SRV 0 5 {} HOST-OF-THE-SERVER.", service, domain,
                  service.starts_with("_xmpp-server") ? 5269 : 5222)};
}

}  // namespace

Findings diagnose_server(const std::string& server, const std::optional<Options>& checked,
                         bool runs) {
  const auto address = parse_server_address(server);
  if (!address) return {{"server", Health::skipped, "its address is not known"}};
  Findings findings{reachable(*address)};
  if (findings.back().health == Health::failure) return findings;
  if (runs)
    findings.push_back({"handshake", Health::skipped, "the service is connected, or tries to be"});
  else if (!checked)
    findings.push_back({"handshake", Health::skipped, "the configuration is wrong"});
  else
    try {
      findings.push_back(Handshake(*checked).run());
    } catch (const std::exception& error) {
      findings.push_back({"handshake", Health::failure, error.what(), "see to --tls-ca"});
    }
  return findings;
}

Findings diagnose_dns(const std::string& domain) {
  if (domain.empty()) return {{"DNS", Health::skipped, "the domain is not known"}};
  if (is_special(domain))
    return {{"DNS", Health::skipped, domain + " is no name of the public DNS"}};
  Resolver resolver;
  Findings findings{lookup(resolver, "DNS", "_xmpp-server._tcp", domain, "users of other servers")};
  const auto parent = domain.substr(domain.find('.') + 1);
  if (!is_special(parent))
    findings.push_back(
        lookup(resolver, "DNS of the server", "_xmpp-client._tcp", parent, "clients"));
  return findings;
}

}  // namespace crier
