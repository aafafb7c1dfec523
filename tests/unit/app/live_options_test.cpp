#include "app/live_options.hpp"

#include <doctest/doctest.h>

#include "app/place.hpp"

using namespace crier;
using crier::test::Place;

namespace {

using Texts = std::vector<std::string>;

/// A configuration of a file, read again from there.
struct FileConfiguration {
  Place place;
  LiveOptions configuration{written(""), [this] { return read(); }};

  Options written(const std::string& text) {
    place.write("crier.toml", text);
    return read();
  }
  Options read() const { return place.read({"--config", place.path("crier.toml")}); }
  Reload reload(const std::string& text) {
    place.write("crier.toml", text);
    return configuration.read();
  }
};

}  // namespace

TEST_CASE("what is read again holds once it is taken, and is told by the options' names") {
  FileConfiguration file;
  const auto reload =
      file.reload("admin = \"a@a.example\"\nlimit = \"requests account 5/s\"\nmax-items = 7\n");
  CHECK(reload.applied == Texts{"admin", "limit", "max-items"});
  CHECK(reload.need_restart.empty());
  CHECK(file.configuration.options().policy.admins.empty());
  CHECK(file.configuration.take());
  CHECK(file.configuration.options().policy.is_admin("a@a.example"));
  CHECK(file.configuration.options().policy.max_items == 7);
  CHECK(file.configuration.options().policy.rates.size() == 1);
  CHECK_FALSE(file.configuration.take());
  CHECK(file.configuration.read().empty());
}

TEST_CASE("an option that is left out again is its default again") {
  FileConfiguration file;
  file.reload("max-items = 7\nsingle-subscriptions = true\n");
  file.configuration.take();
  CHECK(file.reload("").applied == Texts{"max-items", "single-subscriptions"});
  file.configuration.take();
  CHECK(file.configuration.options().policy.max_items == Policy().max_items);
  CHECK(file.configuration.options().policy.multi_subscribe);
}

TEST_CASE("a configuration that is wrong changes nothing, of it and of what is right in it") {
  FileConfiguration file;
  CHECK_THROWS_AS(file.reload("max-items = 7\nadmin = \"@nobody\"\n"), Fault);
  CHECK_FALSE(file.configuration.take());
  CHECK(file.configuration.options().policy.max_items == Policy().max_items);
}

TEST_CASE("what needs a restart is named each time, and stays as it is") {
  Place place;
  place.write("other", "whisper\n");
  std::vector<std::string> words;
  // What stands last on the command line does not count twice: all is given here.
  const auto read = [&] {
    std::vector<std::string> all = {
        "--domain",      "pubsub.example.org", "--server",   "127.0.0.1:5347",
        "--secret-file", place.path("secret"), "--database", "crier.db"};
    if (!words.empty()) all = words;
    return *Place::read_only(all);
  };
  LiveOptions configuration(read(), read);
  words = {"--domain",      "feeds.example.net", "--server",   "127.0.0.1:5348",
           "--secret-file", place.path("other"), "--database", "other.db",
           "--tls",         "--max-items",       "7"};
  for (int i = 0; i < 2; ++i) {
    const auto reload = configuration.read();
    CHECK(reload.need_restart == Texts{"database", "domain", "secret-file", "server", "tls"});
    CHECK(reload.applied == (i == 0 ? Texts{"max-items"} : Texts{}));
    CHECK(configuration.take());
    const auto& options = configuration.options();
    CHECK(options.policy.domain == "pubsub.example.org");
    CHECK(options.policy.creators.domains == Texts{"example.org"});
    CHECK(options.server.port == 5347);
    CHECK(options.secret == "hush");
    CHECK(options.database == "crier.db");
    CHECK_FALSE(options.tls);
    CHECK(options.policy.max_items == 7);
  }
}

TEST_CASE("a secret that is another in the same file needs a restart; it is in no text") {
  FileConfiguration file;
  file.place.write("secret", "whisper\n");
  const auto reload = file.configuration.read();
  CHECK(reload.need_restart == Texts{"secret-file"});
  for (const auto& [name, value] : file.configuration.options().words) {
    CAPTURE(name);
    CHECK(value.find("hush") == std::string::npos);
  }
}
