#include "wire/component_stream.hpp"

#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "wire/handshake.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>

namespace crier {

namespace {

using std::chrono::milliseconds;

/// How long reading is stopped while the server takes nothing either.
constexpr milliseconds deadlock{200};
/// Reading to get out of a deadlock ends when the outbox holds that many times its limit.
constexpr std::size_t deadlock_factor = 4;
/// A stream that lived that long was a good one: the back-off begins anew.
constexpr milliseconds good_stream{10'000};

/// The domain that the component belongs to: pubsub.example.org is at example.org.
std::string_view server_domain(std::string_view domain) {
  const auto dot = domain.find('.');
  return dot == std::string_view::npos ? domain : domain.substr(dot + 1);
}

bool is_stanza(const Element& element) {
  return (element.ns == ns::component || element.ns == ns::client) &&
         (element.name == "iq" || element.name == "message" || element.name == "presence");
}

}  // namespace

ComponentStream::ComponentStream(Settings settings, Outbox& outbox, Events events)
    : settings_(std::move(settings)),
      outbox_(outbox),
      events_(std::move(events)),
      reader_(settings_.limits, reader_events()),
      backlog_(settings_.domain, std::string(probe_id)) {}

XmlReader::Events ComponentStream::reader_events() {
  XmlReader::Events events;
  events.on_open = [this](const Element& stream) { greet(stream); };
  events.on_stanza = [this](Document stanza) { take(std::move(stanza)); };
  events.on_oversized = [this](Document header, std::string_view reason) {
    if (state_ == State::ready && !failure_ && is_stanza(header.root()))
      events_.on_oversized(std::move(header), reason);
  };
  events.on_close = [this] {
    send_last(stream_end);
    fail(LogLevel::warning, "the server closed the stream");
  };
  events.on_error = [this](std::string_view condition, std::string_view text) {
    send_last(stream_error(condition, text));
    fail(LogLevel::error,
         fmt::format("the server sent what is not a stream of XMPP: {} ({})", condition, text));
  };
  return events;
}

// What to poll.

int ComponentStream::fd() const {
  if (lookup_) return lookup_->fd();
  return connection_ ? connection_->fd() : -1;
}

short ComponentStream::events() const {
  if (state_ == State::resolving) return POLLIN;
  if (state_ == State::connecting) return POLLOUT;
  if (!connection_) return 0;
  int events = connection_->events();
  if (state_ == State::securing) return static_cast<short>(events);
  if (may_read() && backlog_.may_grow() && !lost_) events |= POLLIN;
  if (wants_write()) events |= POLLOUT;
  return static_cast<short>(events);
}

ComponentStream::Instant ComponentStream::wake() const {
  if (state_ == State::closed) return Instant::max();
  const auto wake = held_until_ ? std::min(deadline_, *held_until_) : deadline_;
  if (!may_read()) {
    const bool will_read = stalled_ && now_ < *stalled_ + deadlock;
    return will_read ? std::min(wake, *stalled_ + deadlock) : wake;
  }
  if (has_pending()) return now_;
  return is_slack() ? wake : std::min(wake, window_.wake());
}

void ComponentStream::set_limits(const XmlLimits& limits, std::size_t max_pending_bytes) {
  settings_.limits = limits;
  reader_.set_limits(limits);
  settings_.max_pending_bytes = max_pending_bytes;
}

bool ComponentStream::may_read() const {
  // What is lost anyway takes nothing more: then what came before counts.
  if (state_ != State::ready || broken_ || lost_) return true;
  if (outbox_.pending_bytes() <= settings_.max_pending_bytes) return true;
  // Broadcasts wait for what is to be read.
  if (held_until_) return !is_stuffed_while_held();
  return stalled_ && now_ - *stalled_ >= deadlock && !is_stuffed();
}

bool ComponentStream::is_stuffed() const {
  return outbox_.pending_bytes() > settings_.max_pending_bytes * deadlock_factor;
}

bool ComponentStream::wants_write() const {
  if (broken_) return false;
  const bool open = state_ == State::ready || (state_ == State::closing && !end_sent_);
  return !control_.empty() || (open && outbox_.has_next(room()));
}

/// How much of broadcasts may leave. When so much waits that nothing is read, neither would the
/// probes be that come back.
std::size_t ComponentStream::room() const {
  if (held_until_) return 0;
  const bool full = outbox_.pending_bytes() > settings_.max_pending_bytes;
  return full || state_ != State::ready ? FlowWindow::unlimited : window_.room(now_);
}

// What happens next.

void ComponentStream::advance(short revents, Instant now) {
  advanced_at_ = now;
  attempt(now, [&] { proceed(revents); });
}

bool ComponentStream::read_on(Instant now) {
  if (state_ != State::ready || broken_ || !may_read()) return false;
  bool has_read = false;
  attempt(now, [&] { has_read = read(); });
  return has_read;
}

template <class Step>
void ComponentStream::attempt(Instant now, Step step) {
  now_ = now;
  end_hold();
  try {
    step();
    if (failure_) return retry(std::move(*failure_));
    if (now_ >= deadline_) expire();
  } catch (const ConnectionLost& lost) {
    retry({LogLevel::warning, fmt::format("{}{}", lost.what(), hint())});
  }
}

void ComponentStream::proceed(short revents) {
  const bool pending = has_pending() && may_read();
  if (revents == 0 && !pending) return;
  switch (state_) {
    case State::waiting:
    case State::closed: return;
    case State::resolving:
      addresses_ = lookup_->take();
      std::reverse(addresses_.begin(), addresses_.end());
      lookup_.reset();
      return connect_next();
    case State::connecting: return connected();
    case State::securing:
      if (connection_->shake_hands()) open_stream();
      return;
    default:
      if ((revents & ~POLLOUT) != 0 || pending) take_turn();
  }
}

bool ComponentStream::has_pending() const {
  return connection_ && (backlog_.has_aside() || connection_->has_pending());
}

void ComponentStream::enter(State state) {
  constexpr milliseconds lookup_limit{10'000};
  constexpr milliseconds connect_limit{5'000};
  constexpr milliseconds answer_limit{10'000};
  state_ = state;
  deadline_ = now_ + (state == State::resolving    ? lookup_limit
                      : state == State::connecting ? connect_limit
                      : state == State::ready      ? settings_.idle
                                                   : answer_limit);
}

void ComponentStream::expire() {
  switch (state_) {
    case State::closed: return;
    case State::waiting:
      enter(State::resolving);
      lookup_.emplace(settings_.server);
      return;
    case State::connecting:
      if (!addresses_.empty()) return connect_next();
      break;
    case State::ready:
      if (broken_) throw ConnectionLost("the connection broke");
      if (!backlog_.may_grow() && !is_stuffed()) return heard();  // Nobody listens to it.
      if (pinged_) throw ConnectionLost("the server gave no sign of life and no answer to a ping");
      return ping();
    case State::closing: return end();
    default: break;
  }
  throw ConnectionLost("no answer in time");
}

void ComponentStream::connect_next() {
  const auto address = addresses_.back();
  addresses_.pop_back();
  enter(State::connecting);
  try {
    connection_.emplace(address);
  } catch (const ConnectionLost&) {
    if (addresses_.empty()) throw;
    connect_next();
  }
}

void ComponentStream::connected() {
  try {
    connection_->finish_connect();
  } catch (const ConnectionLost&) {
    if (addresses_.empty()) throw;
    return connect_next();
  }
  if (!settings_.tls) return open_stream();
  connection_->secure(*settings_.tls, settings_.server.host);
  enter(State::securing);
}

void ComponentStream::open_stream() {
  enter(State::opening);
  reader_.reset();
  control_ =
      fmt::format("<?xml version='1.0'?><stream:stream xmlns='{}' xmlns:stream='{}' to='{}'>",
                  ns::component, ns::streams, escape_attribute(settings_.domain));
}

void ComponentStream::greet(const Element& stream) {
  if (!stream.is("stream", ns::streams))
    return fail(LogLevel::error, "the server does not speak XMPP; correct --server");
  for (const auto& declaration : stream.declarations)
    if (declaration.prefix.empty() && declaration.uri != ns::component)
      return fail(LogLevel::error,
                  fmt::format("that port is not for components, but for {}; correct "
                              "--server (usually the port is 5347)",
                              declaration.uri));
  const auto id = stream.attribute("id");
  // Without an id there is nothing to hash: a stream error will follow, which says why.
  if (state_ != State::opening || !id || id->empty()) return;
  control_ += "<handshake>" + handshake_digest(*id, settings_.secret) + "</handshake>";
  enter(State::authenticating);
}

void ComponentStream::take(Document document) {
  if (failure_) return;
  const auto& stanza = document.root();
  if (stanza.is("error", ns::streams)) {
    send_last(stream_end);
    failure_ = explain_stream_error(stanza, settings_.domain);
  } else if (state_ == State::authenticating && stanza.is("handshake", ns::component)) {
    enter(State::ready);
    ready_since_ = now_;
    last_failure_.clear();
    heard();
    ask_who_copies(copied_before_);
    events_.on_ready();
  } else if (state_ == State::ready && is_stanza(stanza) && !take_own(stanza)) {
    events_.on_stanza(std::move(document));
  } else if (state_ == State::closing && !end_sent_) {
    take_own(stanza);
  }
}

// Reading, and what it tells of the server's health.

void ComponentStream::take_turn() {
  const bool has_read = read();
  if (backlog_.has_aside() && (!has_read || backlog_.is_due(now_)) && may_read()) parse_aside();
  if (lost_ && !failure_ && (!backlog_.has_aside() || is_stuffed())) throw ConnectionLost(*lost_);
}

bool ComponentStream::read() {
  const auto space = backlog_.space();
  if (space.empty() || lost_) return false;
  std::size_t count = 0;
  try {
    count = connection_->read(space);
  } catch (const ConnectionLost& lost) {
    if (!backlog_.has_aside()) throw;
    lost_ = lost;
  }
  if (count == 0) return false;
  read_at_ = now_;
  bytes_read_ += count;
  heard();
  backlog_.add(count, now_);
  parse_passing();
  return true;
}

void ComponentStream::parse_passing() {
  for (auto bytes = backlog_.pass(); !bytes.empty(); bytes = backlog_.pass()) {
    reader_.feed(bytes);
    if (failure_) return;
    backlog_.passed(reader_.unfinished());
  }
}

void ComponentStream::parse_aside() {
  if (stalled_) stalled_ = now_;
  reader_.feed(backlog_.call());
  // It may have held up what was read behind it.
  if (!failure_ && !backlog_.has_aside()) parse_passing();
}

void ComponentStream::heard() {
  if (stalled_) stalled_ = now_;
  pinged_ = false;
  if (state_ == State::ready && !broken_) deadline_ = now_ + settings_.idle;
}

void ComponentStream::ping() {
  const auto to = server_domain(settings_.domain);
  outbox_.add(fmt::format("<iq type='get' id='ping-{}' from='{}' to='{}'><ping xmlns='{}'/></iq>",
                          ++pings_, escape_attribute(settings_.domain), escape_attribute(to),
                          ns::ping));
  pinged_ = true;
  deadline_ = now_ + settings_.pong;
}

// Ends.

void ComponentStream::close(Instant now, milliseconds patience) {
  now_ = now;
  if (state_ == State::ready || state_ == State::closing) {
    state_ = State::closing;
    deadline_ = now + patience;
    await_copies();
  } else {
    end();
  }
}

void ComponentStream::end() {
  if (!outbox_.empty())
    events_.report(LogLevel::warning, fmt::format("{} bytes could not be sent before the end",
                                                  outbox_.pending_bytes()));
  forget_connection();
  state_ = State::closed;
}

void ComponentStream::fail(LogLevel level, std::string text) {
  if (!failure_) failure_ = StreamFailure{level, std::move(text)};
}

void ComponentStream::retry(StreamFailure failure) {
  if (state_ == State::closing) return end();
  if (state_ == State::ready && now_ - ready_since_ >= good_stream) backoff_.reset();
  const auto delay = backoff_.next(settings_.random());
  auto text = fmt::format("{}: {}", to_text(settings_.server), failure.text);
  // The same failure once more is no news, unless a good while has gone by.
  const bool news = text != last_failure_ || delay >= Backoff::most / 2;
  events_.report(news ? failure.level : LogLevel::debug,
                 fmt::format("{}; next try in {} ms", text, delay.count()));
  last_failure_ = std::move(text);
  if (state_ == State::ready) events_.on_lost();
  outbox_.interrupted();
  forget_connection();
  state_ = State::waiting;
  deadline_ = now_ + delay;
}

std::string_view ComponentStream::hint() const {
  switch (state_) {
    case State::connecting: return "; check that the server runs and listens there";
    case State::securing: return "; check --tls, --tls-ca and the server's certificate";
    case State::opening: return "; check that this is the server's port for components";
    default: return "";
  }
}

void ComponentStream::forget_connection() {
  connection_.reset();
  lookup_.reset();
  addresses_.clear();
  control_.clear();
  stalled_.reset();
  failure_.reset();
  backlog_.reset();
  lost_.reset();
  window_ = {};
  held_until_.reset();
  question_.clear();
  copied_before_ = copied_before_ || outbox_.copier() == Copier::server;
  outbox_.set_copier(Copier::service);
  broken_ = false;
  pinged_ = false;
}

}  // namespace crier
