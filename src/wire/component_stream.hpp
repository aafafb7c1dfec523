#pragma once
/// The stream between an external component and its server. XEP-0114, method "accept".
///
/// A state machine that never blocks: poll() is called by its owner, for fd() and events(), until
/// wake() at the latest; then advance() is told what poll() said and what time it is, and flush()
/// lets out what the outbox holds.
///
///     waiting → resolving → connecting → securing → opening → authenticating → ready → closing →
///     closed
///        ↑          (each state has a time limit; `securing` with TLS only)        │
///        └──────────── whatever fails: back-off, and again, for ever ──────────────┘
///
/// What it reads is bounded by what waits to be written: while the outbox holds more than its limit
/// nothing is read, and the server has to wait. If the server at the same time waits for us to
/// read, both would wait for ever; so after a while without any progress some is read all the same.

#include <crier/element.hpp>

#include "base/xml_reader.hpp"
#include "wire/backlog.hpp"
#include "wire/backoff.hpp"
#include "wire/connection.hpp"
#include "wire/flow_window.hpp"
#include "wire/lookup.hpp"
#include "wire/outbox.hpp"
#include "wire/report.hpp"
#include "wire/server_address.hpp"
#include "wire/stream_error.hpp"
#include "wire/tls.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crier {

class ComponentStream {
 public:
  using Clock = std::chrono::steady_clock;
  using Instant = Clock::time_point;

  struct Settings {
    /// The component's domain, normalised.
    std::string domain;
    ServerAddress server;
    std::string secret;
    /// Direct TLS; none for plain TCP.
    std::optional<TlsContext> tls;
    XmlLimits limits;
    /// Nothing is read while the outbox holds more.
    std::size_t max_pending_bytes = 4 * 1024 * 1024;
    /// Broadcasts are let out as the server takes them, see FlowWindow. Tests that look at each
    /// byte do without its probes.
    bool paced = true;
    /// The server copies notifications, if it can (docs/copies.md).
    bool copied = true;
    /// When nothing was heard for so long the server is sent a ping …
    std::chrono::milliseconds idle{30'000};
    /// … and when nothing is heard for so long after that, the connection is dead.
    std::chrono::milliseconds pong{20'000};
    /// Uniform, for the jitter of the back-off.
    std::function<std::uint64_t()> random;
  };

  /// All are told from inside of advance(), `report` also from flush() and close().
  struct Events {
    std::function<void()> on_ready;
    /// An iq, message or presence.
    std::function<void(Document stanza)> on_stanza;
    /// XmlReader::Events::on_oversized.
    std::function<void(Document header, std::string_view reason)> on_oversized;
    Report report;
    /// The stream was ready and is not any more.
    std::function<void()> on_lost = [] {};
  };

  /// Connects as soon as it is advanced. The outbox must live as long.
  ComponentStream(Settings settings, Outbox& outbox, Events events);

  /// What to poll: -1 for nothing.
  int fd() const;
  short events() const;
  /// When to call advance() even if nothing happens.
  Instant wake() const;

  /// Goes on after poll() said `revents` of fd(), 0 for nothing. Reads at most 64 KiB, and takes
  /// about as much of what was read before and let others pass, see Backlog.
  void advance(short revents, Instant now);
  /// Reads at most 64 KiB more; false when nothing was there, or nothing is to be read now.
  bool read_on(Instant now);
  /// More is there than was read, and what lets others pass stands aside: to read it costs little.
  bool is_crowded() const { return state_ == State::ready && backlog_.is_crowded(); }
  /// Presence stands aside, and has not waited for long.
  bool has_aside() const { return backlog_.has_aside() && !backlog_.is_due(now_); }
  /// Writes what the connection takes at once, up to about 1 MiB. Also from within advance().
  void send(Instant now);
  /// The same, at the end of a turn.
  void flush(Instant now);
  /// Other limits: for stanzas from the next connection on, for what waits from now on.
  void set_limits(const XmlLimits& limits, std::size_t max_pending_bytes);
  /// Ends the stream: takes no more stanzas, sends what waits, closes, all within `patience`.
  void close(Instant now, std::chrono::milliseconds patience);

  bool ready() const { return state_ == State::ready; }
  /// Whether flush() has something to write.
  bool wants_write() const;
  /// Whether what is not urgent may leave: little is on its way to the server.
  bool is_slack() const { return window_.is_slack(now_); }
  bool closed() const { return state_ == State::closed; }
  /// What was read and written on all connections.
  std::uint64_t bytes_read() const { return bytes_read_; }
  std::uint64_t bytes_written() const { return bytes_written_; }

 private:
  enum class State {
    waiting,
    resolving,
    connecting,
    securing,
    opening,
    authenticating,
    ready,
    closing,
    closed
  };

  static constexpr std::string_view stream_end = "</stream:stream>";
  /// What the ids of probes begin with, and of the question who copies.
  static constexpr std::string_view probe_id = "flow-";
  static constexpr std::string_view copier_id = "copies-";

  XmlReader::Events reader_events();
  bool may_read() const;
  /// So much waits to be sent that nothing more is read, whatever happens.
  bool is_stuffed() const;
  bool is_stuffed_while_held() const;
  std::size_t room() const;
  /// Does a step, and what follows when it fails or the state has lasted too long.
  template <class Step>
  void attempt(Instant now, Step step);
  void proceed(short revents);
  /// Whether there is something to read that poll() does not see.
  bool has_pending() const;
  void enter(State state);
  void expire();
  void connect_next();
  void connected();
  void open_stream();
  void greet(const Element& stream);
  void take(Document document);
  /// Reads if it may, and takes what stands aside if that is its turn.
  void take_turn();
  /// Reads once, and parses what need not stand aside; false when nothing was there.
  bool read();
  void parse_passing();
  /// Parses some of what stands aside.
  void parse_aside();
  void heard();
  void ping();
  void probe();
  /// Takes what the service has sent to itself, through the server; false when it is none of that.
  bool take_own(const Element& stanza);
  bool take_probe(const Element& stanza);
  /// Asks who copies; with `hold`, broadcasts wait for the answer.
  void ask_who_copies(bool hold);
  bool take_copier(const Element& stanza);
  bool take_back(const Element& message);
  /// Before the stream ends: what was to be copied may come back still.
  void await_copies();
  /// Lets broadcasts go on when the answer has stayed away for too long.
  void end_hold();
  /// True when nothing of the stream's own waits any more.
  bool write_control();
  std::string_view render();
  void write_outbox();
  void write_end();
  /// Writes what may be the last of the stream, if that can be done at once.
  void send_last(std::string_view text);
  /// Ends the stream once the reader has returned.
  void fail(LogLevel level, std::string text);
  void retry(StreamFailure failure);
  void end();
  /// What to check when the connection is lost in this state.
  std::string_view hint() const;
  void forget_connection();

  Settings settings_;
  Outbox& outbox_;
  Events events_;
  XmlReader reader_;
  Backlog backlog_;
  std::uint64_t bytes_read_ = 0;
  std::uint64_t bytes_written_ = 0;

  State state_ = State::waiting;
  Instant now_{};
  /// When the state has lasted too long; of `waiting`: when the next try begins.
  Instant deadline_{};
  Instant ready_since_{};
  /// The socket takes nothing more, and nothing was read, since then.
  std::optional<Instant> stalled_;
  /// Writing has failed; there may be something left to read.
  bool broken_ = false;
  /// Reading has failed; there is something left that stands aside.
  std::optional<ConnectionLost> lost_;
  bool pinged_ = false;
  bool end_sent_ = false;
  std::uint64_t pings_ = 0;
  FlowWindow window_;
  /// The id of the last question who copies.
  std::string question_;
  /// Broadcasts wait until then for its answer: some that were sent before may come back.
  std::optional<Instant> held_until_;
  /// The server has copied, and whether it still does is not known.
  bool copied_before_ = false;
  /// When the turn began, when it last read, and how long the last turn took.
  Instant advanced_at_{};
  Instant read_at_{};
  Clock::duration busy_{};

  std::optional<Lookup> lookup_;
  std::vector<SocketAddress> addresses_;
  std::optional<Connection> connection_;
  /// Stream header and handshake, which go in front of the outbox.
  std::string control_;
  /// Why the stream can not go on, found while reading.
  std::optional<StreamFailure> failure_;
  std::string last_failure_;
  Backoff backoff_;
};

}  // namespace crier
