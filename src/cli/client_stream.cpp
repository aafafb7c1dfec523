#include "cli/client_stream.hpp"

#include <crier/fault.hpp>
#include <crier/namespaces.hpp>

#include <fmt/format.h>
#include <strophe.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "base/xml_reader.hpp"
#include "cli/addresses.hpp"
#include "cli/connect_alarm.hpp"
#include "cli/exit_status.hpp"
#include "cli/login.hpp"
#include "cli/printable.hpp"
#include "cli/received_bytes.hpp"

namespace crier::cli {

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr unsigned long poll_milliseconds = 50;
constexpr auto goodbye_time = 1s;
/// What a service may send at once: far above what servers let through.
constexpr XmlLimits limits{.max_stanza_bytes = 64 * 1024 * 1024, .max_children = 1024 * 1024};

/// What a server may say before the session begins, when libstrophe parses it as well: enough for
/// features and challenges, too little for libstrophe's stack and its quadratic cost.
constexpr std::size_t max_login_bytes = 64 * 1024;

struct ReleaseContext {
  void operator()(xmpp_ctx_t* context) const { xmpp_ctx_free(context); }
};
struct ReleaseConnection {
  void operator()(xmpp_conn_t* connection) const { xmpp_conn_release(connection); }
};

// libstrophe's handler of certificates has no argument of ours.
Login* current_login = nullptr;

}  // namespace

class ClientStream::State {
 public:
  State(const Connection& connection, Events events);
  ~State();

  void connect();
  void run();
  void check_alive() const;
  void send(const std::string& xml) { xmpp_send_raw(conn_.get(), xml.data(), xml.size()); }
  void close();

  std::optional<Jid> jid;

 private:
  XmlReader::Events reader_events();
  bool attempt(const std::optional<ServerAddress>& server);
  bool start(const std::optional<ServerAddress>& server);
  bool take(std::string_view bytes, bool new_stream) noexcept;
  void give_up(const std::string& problem);
  void on_event(xmpp_conn_event_t event);
  void on_log(xmpp_log_level_t level, std::string_view message);
  static int on_certificate(const xmpp_tlscert_t* certificate, const char* problem);

  const Connection connection_;
  const Events events_;
  xmpp_log_t log_;
  std::unique_ptr<xmpp_ctx_t, ReleaseContext> context_;
  std::unique_ptr<xmpp_conn_t, ReleaseConnection> conn_;
  XmlReader reader_;
  Login login_;
  std::size_t login_bytes_ = 0;
  /// Bytes came in the last run: there may be more that TLS holds back.
  bool received_ = false;
  /// The server closed the stream.
  bool closed_ = false;
  bool disconnected_ = false;
  /// Why what the server sends is not read on; empty while it is.
  std::string problem_;
  std::exception_ptr thrown_;
};

ClientStream::State::State(const Connection& connection, Events events)
    : connection_(connection),
      events_(std::move(events)),
      log_{[](void* state, xmpp_log_level_t level, const char*, const char* message) {
             static_cast<State*>(state)->on_log(level, message);
           },
           this},
      reader_(limits, reader_events()) {
  xmpp_initialize();
  // libstrophe writes to sockets that may be closed; without this the process ends silently.
  std::signal(SIGPIPE, SIG_IGN);
  context_.reset(xmpp_ctx_new(nullptr, &log_));
}

XmlReader::Events ClientStream::State::reader_events() {
  XmlReader::Events events;
  events.on_open = [this](const Element&) { login_.stream_opened = true; };
  events.on_stanza = [this](Document stanza) {
    observe(login_, stanza.root());
    // Before the session anybody could have sent it.
    if (jid) events_.on_stanza(std::move(stanza));
  };
  events.on_oversized = [this](Document header, std::string_view reason) {
    if (!jid) give_up(fmt::format("it sends {}", reason));
    if (jid) events_.on_oversized(header.root(), reason);
  };
  events.on_close = [this] { closed_ = true; };
  events.on_error = [this](std::string_view condition, std::string_view) {
    give_up(fmt::format("its XML is {}", condition));
  };
  return events;
}

ClientStream::State::~State() {
  conn_.reset();
  context_.reset();
  xmpp_shutdown();
}

/// Tries the addresses of the server in turn; libstrophe itself only tries the first one.
void ClientStream::State::connect() {
  const ConnectAlarm alarm(
      std::chrono::ceil<std::chrono::seconds>(connection_.timeout) + 1s,
      fmt::format("crier: {} did not answer in time", server_name(connection_)));
  std::vector<std::optional<ServerAddress>> servers{std::nullopt};
  if (connection_.server) {
    const auto addresses = addresses_of(*connection_.server, connection_.insecure);
    servers.assign(addresses.begin(), addresses.end());
  }
  for (const auto& server : servers)
    if (attempt(server)) return;
  throw login_failure(login_, connection_, false);
}

/// Returns whether there is a session now; false when the address could not be reached.
bool ClientStream::State::attempt(const std::optional<ServerAddress>& server) {
  login_ = {};
  login_bytes_ = 0;
  disconnected_ = closed_ = false;
  if (!start(server)) {
    if (!server) login_.connect_problem = "DNS leads to no address; give --host HOST";
    return false;
  }
  const auto deadline = Clock::now() + connection_.timeout;
  while (!jid) {
    const bool timed_out = Clock::now() >= deadline;
    // After an error libstrophe only waits for the server to hang up.
    const bool hopeless = !login_.certificate_problem.empty() || !login_.libstrophe_error.empty();
    if (disconnected_ && !login_.stream_opened && !hopeless) return false;
    if (disconnected_ || timed_out || hopeless) throw login_failure(login_, connection_, timed_out);
    run();
  }
  return true;
}

bool ClientStream::State::start(const std::optional<ServerAddress>& server) {
  conn_.reset(xmpp_conn_new(context_.get()));
  const long tls = connection_.insecure ? XMPP_CONN_FLAG_TRUST_TLS : XMPP_CONN_FLAG_MANDATORY_TLS;
  // Stream management would want answers that libstrophe gives from what it parses.
  xmpp_conn_set_flags(conn_.get(), tls | static_cast<long>(XMPP_CONN_FLAG_DISABLE_SM));
  xmpp_conn_set_jid(conn_.get(), connection_.account.text().c_str());
  xmpp_conn_set_pass(conn_.get(), connection_.password.c_str());
  if (!connection_.tls_ca.empty()) xmpp_conn_set_cafile(conn_.get(), connection_.tls_ca.c_str());
  xmpp_conn_set_certfail_handler(conn_.get(), on_certificate);
  xmpp_conn_set_sockopt_callback(conn_.get(), xmpp_sockopt_cb_keepalive);
  const auto handler = [](xmpp_conn_t*, xmpp_conn_event_t event, int, xmpp_stream_error_t*,
                          void* state) { static_cast<State*>(state)->on_event(event); };
  return xmpp_connect_client(conn_.get(), server ? server->host.c_str() : nullptr,
                             server ? server->port : 0, handler, this) == XMPP_EOK;
}

/// Lets libstrophe send, wait and receive once.
void ClientStream::State::run() {
  // libstrophe waits for the socket even when TLS has bytes left; so it may wait only when the
  // last read was the end of what was there.
  const auto wait = received_ ? 0 : poll_milliseconds;
  received_ = false;
  current_login = &login_;
  {
    const ReceivedBytes taking(
        [this](std::string_view bytes, bool new_stream) { return take(bytes, new_stream); });
    xmpp_run_once(context_.get(), wait);
  }
  current_login = nullptr;
  if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
}

bool ClientStream::State::take(std::string_view bytes, bool new_stream) noexcept {
  received_ = true;
  try {
    if (new_stream) reader_.reset();
    reader_.feed(bytes);
    login_bytes_ += bytes.size();
    if (!jid && login_bytes_ > max_login_bytes) give_up("it sends too much before the login");
  } catch (...) {
    // Must not unwind through the frames of expat and libstrophe.
    thrown_ = std::current_exception();
  }
  // Once there is a session, libstrophe only carries bytes.
  return !jid && !thrown_ && problem_.empty();
}

void ClientStream::State::on_event(xmpp_conn_event_t event) {
  if (event == XMPP_CONN_DISCONNECT || event == XMPP_CONN_FAIL) disconnected_ = true;
  if (event != XMPP_CONN_CONNECT) return;
  if (!login_.stream_opened) {
    login_.connect_problem = "this libstrophe does not read through expat's XML_Parse";
    disconnected_ = true;
    return;
  }
  const char* bound = xmpp_conn_get_bound_jid(conn_.get());
  jid = bound ? Jid::parse(bound) : std::nullopt;
  if (jid) return;
  login_.libstrophe_error = "it bound no resource";
  disconnected_ = true;
}

void ClientStream::State::on_log(xmpp_log_level_t level, std::string_view message) {
  // The first one is the cause.
  if (level == XMPP_LEVEL_ERROR && login_.libstrophe_error.empty())
    login_.libstrophe_error = message;
  constexpr std::string_view failed = "connection failed, error ";
  if (message.starts_with(failed))
    login_.connect_problem = std::strerror(std::atoi(message.data() + failed.size()));
}

int ClientStream::State::on_certificate(const xmpp_tlscert_t*, const char* problem) {
  if (current_login) current_login->certificate_problem = problem ? problem : "not trusted";
  return 0;
}

/// The server sends what is not to be read on.
void ClientStream::State::give_up(const std::string& problem) {
  problem_ = problem;
  login_.libstrophe_error = problem;
  if (!login_.stream_opened) login_.connect_problem = "it does not speak XMPP";
}

void ClientStream::State::check_alive() const {
  if (!disconnected_ && !closed_ && problem_.empty()) return;
  auto text = fmt::format("{} closed the connection", server_name(connection_));
  if (!problem_.empty())
    text = fmt::format("{} can not be understood: {}", server_name(connection_), problem_);
  if (!login_.stream_condition.empty())
    text += fmt::format(" ({})", printable(login_.stream_condition));
  if (!login_.stream_text.empty())
    text += fmt::format("; it says: {}", printable(login_.stream_text));
  throw Fault(exit_status::temporary, text);
}

void ClientStream::State::close() {
  if (!jid || disconnected_ || !problem_.empty()) return;
  xmpp_disconnect(conn_.get());
  // Until the server has hung up: otherwise libstrophe waits for the end of TLS.
  const auto deadline = Clock::now() + goodbye_time;
  while (!disconnected_ && Clock::now() < deadline) run();
}

ClientStream::ClientStream(const Connection& connection, Events events)
    : state_(std::make_unique<State>(connection, std::move(events))) {
  state_->connect();
}

ClientStream::~ClientStream() = default;

const Jid& ClientStream::jid() const {
  return *state_->jid;
}

void ClientStream::send(const std::string& xml) {
  state_->send(xml);
}

void ClientStream::run() {
  state_->check_alive();
  state_->run();
}

void ClientStream::close() {
  state_->close();
}

}  // namespace crier::cli
