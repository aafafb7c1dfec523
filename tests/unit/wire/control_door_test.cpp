#include "wire/control_door.hpp"

#include <crier/fault.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <array>
#include <cstring>
#include <filesystem>

namespace crier {
namespace {

/// A directory with a door in it, and what it told.
struct Place {
  Place() {
    char name[] = "/tmp/crier-control-XXXXXX";
    directory = mkdtemp(name);
  }
  ~Place() { std::filesystem::remove_all(directory); }

  std::string path() const { return directory + "/sub/control"; }
  ControlDoor::Settings settings() const {
    return {.path = path(), .group = {}, .domain = "pubsub.example.org", .limits = {}};
  }
  ControlDoor::Events events() {
    return {
        .on_stanza = [this](Document stanza) { stanzas.push_back(to_xml(stanza.root())); },
        .on_oversized = [this](Document header,
                               std::string_view) { oversized.push_back(to_xml(header.root())); },
        .on_end = [this](const Jid& jid) { ended.push_back(jid.text()); },
        .report = [](LogLevel, std::string_view) {}};
  }

  std::string directory;
  std::vector<std::string> stanzas;
  std::vector<std::string> oversized;
  std::vector<std::string> ended;
};

UniqueFd connect_to(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  REQUIRE(::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  return socket;
}

void say(const UniqueFd& socket, std::string_view text) {
  REQUIRE(::send(socket.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
}

std::string hear(const UniqueFd& socket) {
  std::array<char, 4096> buffer;
  const auto count = ::recv(socket.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  return count > 0 ? std::string(buffer.data(), static_cast<std::size_t>(count)) : std::string();
}

/// What comes is taken, and answered.
void turn(ControlDoor& door) {
  door.advance();
  door.flush();
}

constexpr std::string_view header =
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";

}  // namespace

TEST_CASE("control: a stanza comes from who sent it, whoever it says that it is from") {
  Place place;
  ControlDoor door(place.settings(), place.events());
  const auto client = connect_to(place.path());
  say(client, header);
  door.advance();
  door.advance();
  const auto greeting = hear(client);
  CHECK(greeting.find(" from='pubsub.example.org' ") != greeting.npos);
  CHECK(greeting.find("@pubsub.example.org/control-1'") != greeting.npos);
  say(client, "<iq type='get' id='1' from='admin@example.org' xml:lang='en'><q xmlns='u:q'/></iq>");
  door.advance();
  REQUIRE(place.stanzas.size() == 1);
  const auto stanza = parse_xml(place.stanzas[0]);
  const auto from = Jid::parse(stanza->root().attribute_or("from", ""));
  REQUIRE(from);
  CHECK(from->domain() == "pubsub.example.org");
  CHECK(from->resource() == "control-1");
  CHECK(stanza->root().attribute_or("to", "") == "pubsub.example.org");
  CHECK(stanza->root().child("q", "u:q"));

  CHECK(door.deliver(from->text(), "<message/>"));
  CHECK_FALSE(door.deliver(std::string(from->bare()) + "/control-2", "<message/>"));
  door.flush();
  CHECK(hear(client) == "<message/>");
}

TEST_CASE("control: the end of a session is told, and leaves room for another") {
  Place place;
  ControlDoor door(place.settings(), place.events());
  {
    const auto client = connect_to(place.path());
    door.advance();
    CHECK_FALSE(door.is_empty());
  }
  turn(door);
  door.advance();
  CHECK(door.is_empty());
  CHECK(place.ended.size() == 1);
}

TEST_CASE("control: who has asked and says no more gets its answer, and the end of the stream") {
  for (const std::string_view last_words : {"</stream:stream>", ""}) {
    Place place;
    ControlDoor door(place.settings(), place.events());
    const auto client = connect_to(place.path());
    door.advance();
    say(client, header);
    say(client, "<iq type='get' id='1'><q xmlns='u:q'/></iq>");
    if (last_words.empty())
      REQUIRE(::shutdown(client.get(), SHUT_WR) == 0);
    else
      say(client, last_words);
    while (place.stanzas.empty()) door.advance();
    door.advance();
    REQUIRE(door.deliver(door.present().at(0), "<iq type='result' id='1'/>"));
    door.flush();
    CHECK(hear(client).ends_with("<iq type='result' id='1'/></stream:stream>"));
    CHECK(door.has_ended());
  }
}

TEST_CASE("control: a stanza over a limit is told of as its sender's; the limit can change") {
  Place place;
  ControlDoor door(place.settings(), place.events());
  door.set_limits({.max_stanza_bytes = 2000});
  const auto client = connect_to(place.path());
  door.advance();
  say(client, header);
  say(client, "<iq type='set' id='1' from='admin@example.org'><q xmlns='u:q'>" +
                  std::string(3000, 'x') + "</q></iq>");
  while (place.oversized.empty()) door.advance();
  const auto refused = parse_xml(place.oversized[0]);
  CHECK(refused->root().attribute_or("from", "") == door.present().at(0));
  CHECK(refused->root().attribute_or("id", "") == "1");
  CHECK(place.stanzas.empty());
}

TEST_CASE("control: more than the most sessions wait until one has gone") {
  Place place;
  ControlDoor door(place.settings(), place.events());
  std::vector<UniqueFd> clients;
  for (std::size_t i = 0; i <= ControlDoor::max_sessions; ++i) {
    clients.push_back(connect_to(place.path()));
    door.advance();
  }
  CHECK(door.present().size() == ControlDoor::max_sessions);
  clients.erase(clients.begin());
  turn(door);
  door.advance();
  CHECK(door.present().size() == ControlDoor::max_sessions);
  CHECK(door.present().back().ends_with("/control-33"));
}

TEST_CASE("control: the socket is its user's alone, and gone with the service") {
  Place place;
  {
    ControlDoor door(place.settings(), place.events());
    struct stat status {};
    REQUIRE(::stat(place.path().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
  }
  CHECK_FALSE(std::filesystem::exists(place.path()));
}

TEST_CASE("control: a socket at which somebody listens is not taken") {
  Place place;
  ControlDoor door(place.settings(), place.events());
  CHECK_THROWS_WITH_AS(ControlDoor(place.settings(), place.events()),
                       ("--control: another process listens at " + place.path() +
                        "; is this service running already? Else name another place")
                           .c_str(),
                       Fault);
  CHECK(std::filesystem::exists(place.path()));
}

TEST_CASE("control: what is no socket is not removed") {
  Place place;
  auto settings = place.settings();
  settings.path = place.directory + "/file";
  std::filesystem::create_directory(settings.path);
  CHECK_THROWS_AS(ControlDoor(settings, place.events()), Fault);
  CHECK(std::filesystem::exists(settings.path));
}

TEST_CASE("control: who does not take what waits is let go") {
  Place place;
  ControlDoor door(place.settings(), place.events());
  const auto client = connect_to(place.path());
  door.advance();
  const auto jid = door.present().at(0);
  const std::string stanza(1024 * 1024, ' ');
  for (int i = 0; i < 17; ++i) door.deliver(jid, stanza);
  door.flush();
  // Who is let go is told in advance(), where a batch may begin.
  CHECK(place.ended.empty());
  CHECK(door.has_ended());
  door.advance();
  CHECK(door.is_empty());
  CHECK(place.ended == std::vector{jid});
}

TEST_CASE("control: the receiver of a stanza is what its start tag says") {
  CHECK(receiver_of("<iq type='result' id=' to=' to='a@b/c'><x to='d'/></iq>") == "a@b/c");
  CHECK(receiver_of("<iq from='a/>' to='b'/>") == "b");
  CHECK(receiver_of("<iq type='get'><x to='d'/></iq>").empty());
  CHECK(receiver_of("<presence/>").empty());
  CHECK(receiver_of("").empty());
}

TEST_CASE("control: what was of one stream's namespace is of the other's") {
  const auto message = parse_xml(
      "<message xmlns='jabber:component:accept' from='a' to='b' xmlns:p='u:p' p:from='c'>"
      "<body xml:lang='de'>&lt;</body><x xmlns='u:x' p:y='1'/></message>");
  CHECK(readdressed(message->root(), {}, {}, {}) ==
        "<message from='a' to='b'><body xml:lang='de'>&lt;</body>"
        "<x xmlns:p='u:p' xmlns='u:x' p:y='1'/></message>");
  CHECK(readdressed(message->root(), ns::client, "d", "e")
            .starts_with("<message xmlns='jabber:client' to='b' from='d'>"));
}

}  // namespace crier
