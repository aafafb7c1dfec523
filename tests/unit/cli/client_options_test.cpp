#include "cli/client_options.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <CLI/CLI.hpp>

#include <filesystem>
#include <fstream>

#include "cli/fault_of.hpp"
#include "wire/control_path.hpp"

using namespace crier;
using namespace crier::cli;

namespace {

/// The options that `words` give.
ClientOptions options_of(const std::vector<std::string>& words) {
  ClientOptions options;
  CLI::App app;
  declare_client_options(app, options);
  std::vector<std::string> backwards(words.rbegin(), words.rend());
  app.parse(backwards);
  return options;
}

/// A file and a variable that go with it.
class Place {
 public:
  explicit Place(const std::string& file) {
    char name[] = "/tmp/crier-options-XXXXXX";
    directory_ = mkdtemp(name);
    std::ofstream(path()) << file;
  }
  ~Place() {
    std::filesystem::remove_all(directory_);
    unsetenv("CRIER_JID");
  }
  std::string path() const { return directory_ + "/file"; }

 private:
  std::string directory_;
};

std::string fault_in(const ClientOptions& options) {
  return fault_of([&] { connection_of(options); });
}

}  // namespace

TEST_CASE("the command line counts before the environment, that before the file") {
  const Place place("jid = \"file@x\"\nhost = \"file.x\"\ninsecure = true\n");
  CHECK(options_of({"--config", place.path()}).jid == "file@x");
  CHECK(options_of({"--config", place.path()}).insecure);
  setenv("CRIER_JID", "variable@x", 1);
  CHECK(options_of({"--config", place.path()}).jid == "variable@x");
  CHECK(options_of({"--config", place.path()}).host == "file.x");
  CHECK(options_of({"--config", place.path(), "--jid", "line@x"}).jid == "line@x");
}

TEST_CASE("a file with unknown keys or sections is refused with status 78") {
  const auto fault = [](const std::string& text) {
    const Place place(text);
    return fault_of([&] { options_of({"--config", place.path()}); });
  };
  CHECK(fault("jit = \"a@b\"\n") ==
        "78: --config: the file has an unknown key, jit; keys are the options of the connection "
        "without the dashes in front");
  CHECK(fault("[node]\njid = \"a@b\"\n").starts_with("78: --config: the file has a section, node"));
  CHECK(fault("timeout = 3\n").starts_with("78: "));
}

TEST_CASE("connection: a control socket does without an address") {
  CHECK(connection_of({.control = "/x"}).control == "/x");
  // What is named on the command line counts before an address of the environment.
  CHECK(connection_of({.jid = "me@example.org", .control = "/x"}).control == "/x");
  CHECK(connection_of({.jid = "me@example.org"}).control.empty());
  setenv("CRIER_CONTROL", "/y", 1);
  CHECK(connection_of({}).control == "/y");
  CHECK(connection_of({.jid = "me@example.org"}).control.empty());
  unsetenv("CRIER_CONTROL");
}

TEST_CASE("connection: service, server and time have defaults") {
  const auto connection = connection_of({.jid = "Me@Example.ORG/x"});
  CHECK(connection.account.text() == "me@example.org/x");
  CHECK(connection.service.text() == "pubsub.example.org");
  CHECK_FALSE(connection.server);
  CHECK(connection.timeout == std::chrono::seconds(30));
  CHECK_FALSE(connection.insecure);
}

TEST_CASE("connection: no name server is asked where localhost is") {
  const auto connection = connection_of({.jid = "me@localhost"});
  REQUIRE(connection.server);
  CHECK(to_text(*connection.server) == "localhost:5222");
}

TEST_CASE("connection: wrong options are refused with the option and what it should be") {
  const auto fault = fault_in({});
  // A service of this machine would do without.
  const bool is_served = !find_control_path().empty();
  CHECK(fault.starts_with(is_served ? "" : "64: --jid: give your address, such as me@example.org"));
  CHECK(fault_in({.jid = "example.org"}) ==
        "64: --jid: \"example.org\" is not an address such as me@example.org");
  CHECK(fault_in({.jid = "a@b@c"}).starts_with("64: --jid: "));
  CHECK(fault_in({.jid = "a@b", .host = "x:99999"}) ==
        "64: --host: \"x:99999\" is not HOST or HOST:PORT");
  CHECK(fault_in({.jid = "a@b", .service = "@"}).starts_with("64: --service: "));
  CHECK(fault_in({.jid = "a@b", .tls_ca = "/nonexistent"}).starts_with("64: --tls-ca: "));
  for (const double seconds : {0.0, -1.0, 1e300, 0.0 / 0.0})
    CHECK(fault_in({.jid = "a@b", .timeout = seconds}) ==
          "64: --timeout: it is a number of seconds, above 0 and up to a day");
}

TEST_CASE("--insecure is for loopback only") {
  CHECK(connection_of({.jid = "a@localhost", .insecure = true}).insecure);
  CHECK(connection_of({.jid = "a@b", .host = "127.0.0.1:5", .insecure = true}).insecure);
  for (const auto* host : {"", "example.org", "192.0.2.1", "localhost.example.org", "[::2]"})
    CHECK(fault_in({.jid = "a@b", .host = host, .insecure = true})
              .starts_with("64: --insecure: it is for servers on this machine"));
}

TEST_CASE("parse_host: names and addresses, with and without port") {
  const auto read = [](std::string_view text) {
    const auto host = parse_host(text);
    return host ? to_text(*host) : "none";
  };
  CHECK(read("xmpp.example.org") == "xmpp.example.org:5222");
  CHECK(read("xmpp.example.org:5") == "xmpp.example.org:5");
  CHECK(read("::1") == "[::1]:5222");
  CHECK(read("[::1]") == "[::1]:5222");
  CHECK(read("[::1]:5") == "[::1]:5");
  for (const auto* wrong : {"", ":5", "x:", "x:0", "x:y", "[::1", "a b", "a/b"})
    CHECK(read(wrong) == "none");
}

TEST_CASE("is_loopback: numbers are looked at, names are not looked up") {
  for (const auto* host : {"127.0.0.1", "127.9.9.9", "::1", "localhost", "x.localhost"})
    CHECK(is_loopback(host));
  for (const auto* host :
       {"128.0.0.1", "::2", "::ffff:192.0.2.1", "example.org", "localhost.x", ""})
    CHECK_FALSE(is_loopback(host));
}
