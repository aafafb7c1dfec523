#include "cli/client_session.hpp"

#include <crier/fault.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include <fmt/format.h>
#include <strophe.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <deque>
#include <exception>
#include <random>
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

/// Unlike those of any other session.
std::string random_id() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

struct ReleaseContext {
  void operator()(xmpp_ctx_t* context) const { xmpp_ctx_free(context); }
};
struct ReleaseConnection {
  void operator()(xmpp_conn_t* connection) const { xmpp_conn_release(connection); }
};

}  // namespace

class ClientSession::State {
 public:
  explicit State(const Connection& connection);
  ~State();

  void connect();
  void send(const std::string& xml) { xmpp_send_raw(conn_.get(), xml.data(), xml.size()); }
  Document exchange(const Request& request);
  std::optional<Document> next_message(Deadline deadline, const std::function<bool()>& stop);
  void say_goodbye();

  const Connection connection;
  std::optional<Jid> jid;

 private:
  XmlReader::Events events();
  bool attempt(const std::optional<ServerAddress>& server);
  bool start(const std::optional<ServerAddress>& server);
  void run();
  bool take(std::string_view bytes, bool new_stream) noexcept;
  void give_up(const std::string& problem);
  void check_alive() const;
  bool is_from_service(const Element& stanza) const;
  void on_stanza(Document stanza);
  void on_iq(Document iq);
  void on_oversized(const Element& header, std::string_view reason);
  void answer(const Element& request);
  void on_event(xmpp_conn_event_t event);
  void on_log(xmpp_log_level_t level, std::string_view message);
  static int on_certificate(const xmpp_tlscert_t* certificate, const char* problem);

  xmpp_log_t log_;
  std::unique_ptr<xmpp_ctx_t, ReleaseContext> context_;
  std::unique_ptr<xmpp_conn_t, ReleaseConnection> conn_;
  XmlReader reader_;
  Login login_;
  /// Bytes came in the last run: there may be more that TLS holds back.
  bool received_ = false;
  bool stream_closed_ = false;
  bool disconnected_ = false;
  std::size_t login_bytes_ = 0;
  std::exception_ptr thrown_;
  std::string id_prefix_ = random_id();
  unsigned ids_ = 0;
  std::string awaited_id_;
  std::optional<Document> answer_;
  std::string stream_problem_;
  std::deque<Document> messages_;
};

namespace {

// libstrophe's handler of certificates has no argument of ours.
Login* current_login = nullptr;

}  // namespace

ClientSession::State::State(const Connection& to)
    : connection(to),
      log_{[](void* state, xmpp_log_level_t level, const char*, const char* message) {
             static_cast<State*>(state)->on_log(level, message);
           },
           this},
      reader_(limits, events()) {
  xmpp_initialize();
  // libstrophe writes to sockets that may be closed; without this the process ends silently.
  std::signal(SIGPIPE, SIG_IGN);
  context_.reset(xmpp_ctx_new(nullptr, &log_));
}

XmlReader::Events ClientSession::State::events() {
  XmlReader::Events events;
  events.on_open = [this](const Element&) { login_.stream_opened = true; };
  events.on_stanza = [this](Document stanza) { on_stanza(std::move(stanza)); };
  events.on_oversized = [this](Document header, std::string_view reason) {
    on_oversized(header.root(), reason);
  };
  events.on_close = [this] { stream_closed_ = true; };
  events.on_error = [this](std::string_view condition, std::string_view) {
    give_up(fmt::format("its XML is {}", condition));
  };
  return events;
}

ClientSession::State::~State() {
  conn_.reset();
  context_.reset();
  xmpp_shutdown();
}

/// Tries the addresses of the server in turn; libstrophe itself only tries the first one.
void ClientSession::State::connect() {
  const ConnectAlarm alarm(
      std::chrono::ceil<std::chrono::seconds>(connection.timeout) + 1s,
      fmt::format("crier: {} did not answer in time", server_name(connection)));
  std::vector<std::optional<ServerAddress>> servers{std::nullopt};
  if (connection.server) {
    const auto addresses = addresses_of(*connection.server, connection.insecure);
    servers.assign(addresses.begin(), addresses.end());
  }
  for (const auto& server : servers)
    if (attempt(server)) return;
  throw login_failure(login_, connection, false);
}

/// Returns whether there is a session now; false when the address could not be reached.
bool ClientSession::State::attempt(const std::optional<ServerAddress>& server) {
  login_ = {};
  login_bytes_ = 0;
  disconnected_ = stream_closed_ = false;
  if (!start(server)) return false;
  const auto deadline = Clock::now() + connection.timeout;
  while (!jid) {
    const bool timed_out = Clock::now() >= deadline;
    // After an error libstrophe only waits for the server to hang up.
    const bool hopeless = !login_.certificate_problem.empty() || !login_.library_error.empty();
    if (disconnected_ && !login_.stream_opened && !hopeless) return false;
    if (disconnected_ || timed_out || hopeless) throw login_failure(login_, connection, timed_out);
    run();
  }
  return true;
}

bool ClientSession::State::start(const std::optional<ServerAddress>& server) {
  conn_.reset(xmpp_conn_new(context_.get()));
  const long tls = connection.insecure ? XMPP_CONN_FLAG_TRUST_TLS : XMPP_CONN_FLAG_MANDATORY_TLS;
  // Stream management would want answers that libstrophe gives from what it parses.
  xmpp_conn_set_flags(conn_.get(), tls | static_cast<long>(XMPP_CONN_FLAG_DISABLE_SM));
  xmpp_conn_set_jid(conn_.get(), connection.account.text().c_str());
  xmpp_conn_set_pass(conn_.get(), connection.password.c_str());
  if (!connection.tls_ca.empty()) xmpp_conn_set_cafile(conn_.get(), connection.tls_ca.c_str());
  xmpp_conn_set_certfail_handler(conn_.get(), on_certificate);
  xmpp_conn_set_sockopt_callback(conn_.get(), xmpp_sockopt_cb_keepalive);
  const auto handler = [](xmpp_conn_t*, xmpp_conn_event_t event, int, xmpp_stream_error_t*,
                          void* state) { static_cast<State*>(state)->on_event(event); };
  return xmpp_connect_client(conn_.get(), server ? server->host.c_str() : nullptr,
                             server ? server->port : 0, handler, this) == XMPP_EOK;
}

/// Lets libstrophe send, wait and receive once.
void ClientSession::State::run() {
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

bool ClientSession::State::take(std::string_view bytes, bool new_stream) noexcept {
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
  return !jid && !thrown_ && stream_problem_.empty();
}

void ClientSession::State::on_event(xmpp_conn_event_t event) {
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
  login_.library_error = "it gave no address to this session";
  disconnected_ = true;
}

void ClientSession::State::on_log(xmpp_log_level_t level, std::string_view message) {
  if (level == XMPP_LEVEL_ERROR) login_.library_error = message;
  constexpr std::string_view failed = "connection failed, error ";
  if (message.starts_with(failed))
    login_.connect_problem = std::strerror(std::atoi(message.data() + failed.size()));
}

int ClientSession::State::on_certificate(const xmpp_tlscert_t*, const char* problem) {
  if (current_login) current_login->certificate_problem = problem ? problem : "not trusted";
  return 0;
}

/// The server sends what is not to be read on.
void ClientSession::State::give_up(const std::string& problem) {
  stream_problem_ = problem;
  login_.library_error = problem;
  if (!login_.stream_opened) login_.connect_problem = "it does not speak XMPP";
}

void ClientSession::State::check_alive() const {
  if (!disconnected_ && !stream_closed_ && stream_problem_.empty()) return;
  auto text = fmt::format("{} closed the connection", server_name(connection));
  if (!stream_problem_.empty())
    text = fmt::format("{} can not be understood: {}", server_name(connection), stream_problem_);
  if (!login_.stream_condition.empty())
    text += fmt::format(" ({})", printable(login_.stream_condition));
  if (!login_.stream_text.empty())
    text += fmt::format("; it says: {}", printable(login_.stream_text));
  throw Fault(exit_status::temporary, text);
}

bool ClientSession::State::is_from_service(const Element& stanza) const {
  const auto from = stanza.attribute("from");
  // What has no sender comes from the own account (RFC 6120 §8.1.2.1).
  const auto sender = from ? Jid::parse(*from) : connection.account.to_bare();
  return sender && *sender == connection.service;
}

void ClientSession::State::on_stanza(Document stanza) {
  const auto& root = stanza.root();
  observe(login_, root);
  if (root.is("iq", ns::client))
    on_iq(std::move(stanza));
  else if (root.is("message", ns::client) && is_from_service(root))
    messages_.push_back(std::move(stanza));
}

void ClientSession::State::on_iq(Document iq) {
  const auto& root = iq.root();
  const auto type = root.attribute_or("type", "");
  if (type == "get" || type == "set") {
    answer(root);
  } else if (!awaited_id_.empty() && root.attribute_or("id", "") == awaited_id_ &&
             is_from_service(root)) {
    awaited_id_.clear();
    answer_ = std::move(iq);
  }
}

void ClientSession::State::on_oversized(const Element& header, std::string_view reason) {
  if (!jid) give_up(fmt::format("it sends {}", reason));
  if (awaited_id_.empty() || header.attribute_or("id", "") != awaited_id_) return;
  if (!is_from_service(header)) return;
  throw Fault(exit_status::bad_data, fmt::format("the answer of {} is too large ({}); ask for less",
                                                 connection.service.text(), reason));
}

/// Servers ask whether a client still lives (XEP-0199); all else is not for a command. RFC 6120
/// §8.4.
void ClientSession::State::answer(const Element& request) {
  const bool ping = request.child("ping", ns::ping) != nullptr;
  std::string text;
  XmlWriter out(text);
  {
    auto iq = out.open("iq");
    iq.attr("type", ping ? "result" : "error").attr("id", request.attribute_or("id", ""));
    if (const auto from = request.attribute("from")) iq.attr("to", *from);
    if (!ping) {
      auto error = out.open("error");
      error.attr("type", "cancel");
      out.open("service-unavailable", ns::stanza_errors);
    }
  }
  send(text);
}

Document ClientSession::State::exchange(const Request& request) {
  const auto id = fmt::format("{}-{}", id_prefix_, ++ids_);
  answer_.reset();
  awaited_id_ = id;
  send(to_iq(request, connection.service, id));
  const auto deadline = Clock::now() + connection.timeout;
  while (!answer_) {
    check_alive();
    if (Clock::now() >= deadline)
      throw Fault(exit_status::temporary,
                  fmt::format("{} did not answer within {} s", connection.service.text(),
                              std::chrono::duration<double>(connection.timeout).count()));
    run();
  }
  return *std::exchange(answer_, std::nullopt);
}

std::optional<Document> ClientSession::State::next_message(Deadline deadline,
                                                           const std::function<bool()>& stop) {
  while (messages_.empty()) {
    if (stop() || Clock::now() >= deadline) return std::nullopt;
    check_alive();
    run();
  }
  auto message = std::move(messages_.front());
  messages_.pop_front();
  return message;
}

void ClientSession::State::say_goodbye() {
  if (!jid || disconnected_ || !stream_problem_.empty()) return;
  xmpp_disconnect(conn_.get());
  // Until the server has hung up: otherwise libstrophe waits for the end of TLS.
  const auto deadline = Clock::now() + goodbye_time;
  while (!disconnected_ && Clock::now() < deadline) run();
}

ClientSession::ClientSession(const Connection& connection)
    : state_(std::make_unique<State>(connection)) {
  state_->connect();
}

ClientSession::~ClientSession() {
  try {
    state_->say_goodbye();
  } catch (const std::exception&) {
    // The work is done; how the server says goodbye changes nothing.
  }
}

const Jid& ClientSession::jid() const {
  return *state_->jid;
}

Document ClientSession::exchange(const Request& request) {
  return state_->exchange(request);
}

Document ClientSession::request(const Request& request) {
  auto answer = exchange(request);
  if (is_error(answer)) throw refused(answer, request);
  return answer;
}

Fault ClientSession::refused(const Document& answer, const Request& request) const {
  const auto refusal = read_refusal(answer.root());
  const auto& service = state_->connection.service.text();
  return {exit_status_of(refusal), to_text(refusal, service, request.about)};
}

void ClientSession::become_available() {
  state_->send("<presence/>");
}

std::optional<Document> ClientSession::next_message(Deadline deadline,
                                                    const std::function<bool()>& stop) {
  return state_->next_message(deadline, stop);
}

bool is_error(const Document& iq) {
  return iq.root().attribute_or("type", "") == "error";
}

}  // namespace crier::cli
