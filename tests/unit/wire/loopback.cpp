#include "wire/loopback.hpp"

#include <poll.h>

namespace crier::test {

Loopback::Loopback(const Setup& setup)
    : server(setup.family, setup.certificate),
      outbox(report()),
      stream_(settings(setup), outbox, events()) {}

ComponentStream::Settings Loopback::settings(const Setup& setup) const {
  ComponentStream::Settings settings;
  settings.domain = "pubsub.localhost";
  settings.server = server.address();
  if (!setup.host.empty()) settings.server.host = setup.host;
  settings.secret = "hush";
  if (setup.certificate) settings.tls.emplace(setup.trusted ? setup.trusted->file() : "");
  settings.limits.max_stanza_bytes = setup.copied ? 400'000 : 10'000;
  settings.max_pending_bytes = setup.max_pending_bytes;
  settings.paced = setup.paced;
  settings.copied = setup.copied;
  settings.random = [] { return std::uint64_t{0}; };
  return settings;
}

ComponentStream::Events Loopback::events() {
  ComponentStream::Events events;
  events.on_ready = [this] { ++times_ready; };
  events.on_lost = [this] { ++times_lost; };
  events.on_stanza = [this](const Document& stanza) {
    stanzas.emplace_back(stanza.root().attribute_or("id", ""));
  };
  events.on_oversized = [this](const Document& start, std::string_view) {
    stanzas.push_back("oversized " + std::string(start.root().attribute_or("id", "")));
  };
  events.report = report();
  return events;
}

Report Loopback::report() {
  return [this](LogLevel, std::string_view line) { log.emplace_back(line); };
}

void Loopback::turn(int milliseconds) {
  pollfd polled[] = {{stream_.fd(), stream_.events(), 0}, {server.fd(), POLLIN, 0}};
  ::poll(polled, 2, stream_.wake() <= now ? 0 : milliseconds);
  stream_.advance(polled[0].revents, now);
  stream_.flush(now);
  server.step();
}

void Loopback::settle() {
  for (int step = 0; step < 20; ++step) turn(1);
}

void Loopback::pass(std::chrono::milliseconds time) {
  now += time;
  turn(0);
}

bool Loopback::reconnect() {
  const int before = server.connections;
  pass(Backoff::most);
  return until([&] { return server.connections > before; });
}

void Loopback::make_ready() {
  REQUIRE(until([&] { return server.received.find("to='pubsub.localhost'>") != absent; }));
  server.say(header);
  REQUIRE(until([&] { return server.received.find("</handshake>") != absent; }));
  server.received.clear();
  server.say("<handshake/>");
  REQUIRE(until([&] { return stream_.ready(); }));
}

bool Loopback::logged(std::string_view part) const {
  for (const auto& line : log)
    if (line.find(part) != absent) return true;
  return false;
}

}  // namespace crier::test
