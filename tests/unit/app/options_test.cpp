#include "app/options.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <map>

#include "app/place.hpp"

using namespace crier;
using crier::test::Place;

TEST_CASE("the options that must be given are enough") {
  const Place place;
  const auto options = place.read();
  CHECK(options.policy.domain == "pubsub.example.org");
  CHECK(to_text(options.server) == "127.0.0.1:5347");
  CHECK(options.secret == "hush");
  CHECK(options.database == "crier.db");
  CHECK(options.policy.admins.empty());
  CHECK(options.policy.creators.domains == std::vector<std::string>{"example.org"});
  CHECK_FALSE(options.policy.creators.all);
  CHECK(options.log_level == LogLevel::info);
  CHECK_FALSE(options.tls);
  CHECK(options.max_stanza_bytes == 1024 * 1024);
  CHECK(options.node_cache_bytes == 256 * 1024 * 1024);
  CHECK(options.outbox_bytes == 4 * 1024 * 1024);
  const Policy policy;
  CHECK(options.policy.max_items == policy.max_items);
  CHECK(options.policy.max_payload_size == policy.max_payload_size);
  CHECK(options.policy.max_subscriptions_per_node == policy.max_subscriptions_per_node);
  CHECK(options.policy.page_items == policy.page_items);
  CHECK(options.policy.page_bytes == policy.page_bytes);
  CHECK(options.policy.info.name == "crier");
  CHECK(options.policy.info.url.empty());
  CHECK(options.policy.info.contacts.empty());
  CHECK(options.warnings.empty());
}

TEST_CASE("every option is read") {
  const Place place;
  const auto options = place.read({"--admin",
                                   "Admin@Example.ORG",
                                   "--admin",
                                   "b@example.org",
                                   "--create-nodes",
                                   "a.example",
                                   "B.example",
                                   "--tls",
                                   "--tls-ca",
                                   "ca.pem",
                                   "--log-level",
                                   "debug",
                                   "--max-items",
                                   "7",
                                   "--max-payload-bytes",
                                   "2K",
                                   "--max-subscriptions",
                                   "8",
                                   "--page-items",
                                   "9",
                                   "--page-bytes",
                                   "4096",
                                   "--max-stanza-bytes",
                                   "20000",
                                   "--node-cache-bytes",
                                   "1G",
                                   "--outbox-bytes",
                                   "1M"});
  CHECK(options.policy.admins ==
        std::set<std::string, std::less<>>{"admin@example.org", "b@example.org"});
  CHECK(options.policy.creators.domains == std::vector<std::string>{"a.example", "b.example"});
  CHECK(options.tls);
  CHECK(options.tls_ca == "ca.pem");
  CHECK(options.log_level == LogLevel::debug);
  CHECK(options.policy.max_items == 7);
  CHECK(options.policy.max_payload_size == 2048);
  CHECK(options.policy.max_subscriptions_per_node == 8);
  CHECK(options.policy.page_items == 9);
  CHECK(options.policy.page_bytes == 4096);
  CHECK(options.max_stanza_bytes == 20000);
  CHECK(options.node_cache_bytes == 1024 * 1024 * 1024);
  CHECK(options.outbox_bytes == 1024 * 1024);
}

TEST_CASE("the command line comes before the environment, that before the file, that before all") {
  Place place;
  place.write("crier.toml",
              "max-items = 3\nlog-level = \"debug\"\npage-items = 30\n"
              "admin = [\"file@a\", \"two@a\"]\ntls = true\n");
  place.set("CRIER_MAX_ITEMS", "2");
  place.set("CRIER_LOG_LEVEL", "error");
  place.set("CRIER_CONFIG", place.path("crier.toml"));
  auto options = place.read({"--max-items", "1"});
  CHECK(options.policy.max_items == 1);
  CHECK(options.log_level == LogLevel::error);
  CHECK(options.policy.page_items == 30);
  CHECK(options.policy.page_bytes == Policy().page_bytes);
  CHECK(options.tls);
  CHECK(options.policy.admins == std::set<std::string, std::less<>>{"file@a", "two@a"});
  place.set("CRIER_ADMIN", "env@a  second@a");
  place.set("CRIER_TLS", "false");
  options = place.read();
  CHECK(options.policy.max_items == 2);
  CHECK(options.policy.admins == std::set<std::string, std::less<>>{"env@a", "second@a"});
  CHECK_FALSE(options.tls);
  CHECK(place.read({"--admin", "line@a"}).policy.admins ==
        std::set<std::string, std::less<>>{"line@a"});
}

TEST_CASE("all can come from the file alone, and from the environment alone") {
  Place place;
  const std::map<std::string, std::string> values = {{"domain", "pubsub.a"},
                                                     {"server", "[::1]:5347"},
                                                     {"secret-file", place.path("secret")},
                                                     {"database", "/var/lib/c.db"}};
  std::string toml = "# a comment\n";
  for (const auto& [key, value] : values) toml += fmt::format("{} = \"{}\"\n", key, value);
  place.write("crier.toml", toml);
  auto options = *Place::read_only({"--config", place.path("crier.toml")});
  CHECK(options.policy.domain == "pubsub.a");
  CHECK(options.secret == "hush");
  place.set("CRIER_DOMAIN", "pubsub.b");
  place.set("CRIER_SERVER", "b:1");
  place.set("CRIER_SECRET_FILE", place.path("secret"));
  place.set("CRIER_DATABASE", "b.db");
  place.set("CRIER_CREATE_NODES", "c.example d.example");
  options = *Place::read_only({});
  CHECK(options.policy.domain == "pubsub.b");
  CHECK(options.secret == "hush");
  CHECK(options.policy.creators.domains == std::vector<std::string>{"c.example", "d.example"});
}

TEST_CASE("CRIER_SECRET is the secret, if the command line names no file") {
  Place place;
  place.write("crier.toml", "secret-file = \"/nowhere\"\n");
  place.set("CRIER_SECRET", "from the environment");
  const std::vector<std::string> words = {"--domain",   "pubsub.a", "--server",
                                          "a:1",        "--config", place.path("crier.toml"),
                                          "--database", "c.db"};
  CHECK(Place::read_only(words)->secret == "from the environment");
  place.set("CRIER_SECRET_FILE", "/nowhere");
  CHECK(Place::read_only(words)->secret == "from the environment");
  CHECK(place.read().secret == "hush");
}

TEST_CASE("a missing option is named, with the way to give it") {
  const Place place;
  CHECK(Place::refusal_of({}) == "--domain: is missing; give it as --domain pubsub.example.org");
  CHECK(Place::refusal_of({"--domain", "a"}).starts_with("--server: is missing; "));
  CHECK(Place::refusal_of({"--domain", "a", "--server", "a:1"})
            .starts_with("--secret-file: is missing; give it as --secret-file FILE, or"));
  CHECK(
      Place::refusal_of({"--domain", "a", "--server", "a:1", "--secret-file", place.path("secret")})
          .starts_with("--database: is missing; "));
}

TEST_CASE("a wrong value is refused in one line that names the option") {
  const Place place;
  const std::vector<std::vector<std::string>> wrong = {
      {"--admin", "a@b/resource"},
      {"--admin", "@b"},
      {"--create-nodes", "all", "example.org"},
      {"--create-nodes", "user@example.org"},
      {"--log-level", "loud"},
      {"--tls-ca", "ca.pem"},
      {"--max-items", "0"},
      {"--max-items", "-1"},
      {"--max-items", "many"},
      {"--max-items", "99999999999999999999"},
      {"--max-stanza-bytes", "9999"},
      {"--max-stanza-bytes", "1 parsec"},
      {"--node-cache-bytes", "1"},
      {"--outbox-bytes", "none"},
      {"--page-bytes", "2G"},
      {"--name", "bell\a"},
      {"--name", "\xff"},
      {"--url", "www.example.org"},
      {"--contact", "xmpp:admin@example.org"},
      {"--contact", "boss=xmpp:admin@example.org"},
      {"--contact", "admin=admin@example.org"},
      {"--contact", "admin=xmpp:"},
      {"--contact", "admin=:admin@example.org"},
      {"--contact", "admin=4u:admin@example.org"},
      {"--contact", "admin=xm/pp:admin"},
      {"--contact", "admin=xmpp:<admin>"},
      {"--contact", "admin=xmpp:bj\u00f6rn@example.org"},
  };
  for (const auto& words : wrong) {
    CAPTURE(words[0]);
    CAPTURE(words[1]);
    CHECK(place.refusal(words).starts_with(words[0] + ": "));
  }
}

TEST_CASE("a domain, a server and a secret file that are none are refused") {
  Place place;
  const auto refusal = [&](const std::string& option, const std::string& value) {
    std::map<std::string, std::string> given = {{"--domain", "pubsub.a"},
                                                {"--server", "a:1"},
                                                {"--secret-file", place.path("secret")},
                                                {"--database", "c.db"}};
    given[option] = value;
    std::vector<std::string> words;
    for (const auto& [name, text] : given) words.insert(words.end(), {name, text});
    return Place::refusal_of(words);
  };
  CHECK(refusal("--domain", "user@pubsub.a").starts_with("--domain: 'user@pubsub.a' is not a"));
  CHECK(refusal("--domain", "pubsub.a/x").starts_with("--domain: "));
  CHECK(refusal("--domain", "a b").starts_with("--domain: "));
  CHECK(refusal("--server", "localhost").starts_with("--server: 'localhost' is not HOST:PORT; "));
  CHECK(refusal("--secret-file", "/nowhere").starts_with("--secret-file: /nowhere cannot be read"));
  CHECK(refusal("--secret-file", "/tmp").starts_with("--secret-file: /tmp cannot be read"));
  place.write("empty", "\r\n\n");
  CHECK(refusal("--secret-file", place.path("empty")).find("is empty") != std::string::npos);
  place.write("two", "one\ntwo\n");
  CHECK(refusal("--secret-file", place.path("two")).find("more than one") != std::string::npos);
}

TEST_CASE("what no option is is refused, and a secret on the command line is not repeated") {
  const Place place;
  CHECK(place.refusal({"--nonsense", "x"}) ==
        "--nonsense: there is no such option; see crier serve --help");
  CHECK(place.refusal({"--secret=hush"}).starts_with("--secret: "));
  CHECK(place.refusal({"--secret=hush"}).find("hush") == std::string::npos);
  CHECK(place.refusal({"--secret", "hush"}).find("hush") == std::string::npos);
  CHECK(place.refusal({"--domain"}).starts_with("--domain: "));
  CHECK(place.refusal({"--domain", "again.a"}).find("--domain") != std::string::npos);
}

TEST_CASE("a file with an unknown key, a section or that is not there is refused") {
  const Place place;
  const auto file = place.path("crier.toml");
  CHECK(place.refusal({"--config", "/nowhere"}).starts_with("--config: "));
  place.write("crier.toml", "max-itms = 3\n");
  CHECK(place.refusal({"--config", file})
            .starts_with("--config: the file has an unknown key, max-itms; "));
  place.write("crier.toml", "[serve]\nmax-items = 3\n");
  CHECK(place.refusal({"--config", file}).starts_with("--config: the file has a section, serve; "));
  place.write("crier.toml", "config = \"x\"\n");
  CHECK(place.refusal({"--config", file}).find("config: ") != std::string::npos);
  place.write("crier.toml", "max-items = \"many\"\n");
  CHECK(place.refusal({"--config", file}).starts_with("--max-items: "));
}

TEST_CASE("a secret that everybody can read is warned of") {
  const Place place;
  ::chmod(place.path("secret").c_str(), 0644);
  const auto options = place.read();
  REQUIRE(options.warnings.size() == 1);
  CHECK(options.warnings[0].starts_with("--secret-file: everybody on this machine can read "));
  CHECK(options.warnings[0].find("hush") == std::string::npos);
}

TEST_CASE("R60 R61 what the service tells of itself: its name, its page") {
  Place place;
  const auto info =
      place.read({"--name", "What's new", "--url", "https://a.example/#top"}).policy.info;
  CHECK(info.name == "What's new");
  CHECK(info.url == "https://a.example/#top");
  CHECK(place.refusal({"--name", ""}) == "--name: is empty; write a name, or leave it out");
  place.write("crier.toml", "name = \"From the file\"\n");
  CHECK(place.read({"--config", place.path("crier.toml")}).policy.info.name == "From the file");
  place.set("CRIER_NAME", "From the environment");
  CHECK(place.read().policy.info.name == "From the environment");
}

TEST_CASE("XEP-0157 §7.1 R60 contacts: URIs by type, in their order") {
  using Contacts = decltype(ServiceInfo::contacts);
  Place place;
  auto given = place.read({"--contact", "support=https://a.example/?topic=pubsub#top", "--contact",
                           "admin=xmpp:a@a.example", "--contact", "admin=mailto:a@a.example"});
  CHECK(given.policy.info.contacts ==
        Contacts{{"admin", {"xmpp:a@a.example", "mailto:a@a.example"}},
                 {"support", {"https://a.example/?topic=pubsub#top"}}});
  place.write("crier.toml", "contact = [\"abuse=mailto:a@a.example\", \"sales=tel:+1\"]\n");
  given = place.read({"--config", place.path("crier.toml")});
  CHECK(given.policy.info.contacts ==
        Contacts{{"abuse", {"mailto:a@a.example"}}, {"sales", {"tel:+1"}}});
  place.set("CRIER_CONTACT", "security=mailto:s@a.example status=https://status.a.example");
  CHECK(place.read().policy.info.contacts ==
        Contacts{{"security", {"mailto:s@a.example"}}, {"status", {"https://status.a.example"}}});
}

TEST_CASE("XEP-0157 R60 a wrong contact is refused with the way to mend it") {
  const Place place;
  CHECK(place.refusal({"--contact", "me"}) ==
        "--contact: 'me' is not TYPE=URI; write it such as admin=xmpp:admin@example.org");
  CHECK(place.refusal({"--contact", "boss=xmpp:a@b"}) ==
        "--contact: 'boss' is not a type of contact; choose one of abuse, admin, feedback, sales, "
        "security, status, support");
  CHECK(place.refusal({"--contact", "admin=a@b"}) ==
        "--contact: 'a@b' is not a URI; write it such as admin=xmpp:admin@example.org");
}

TEST_CASE("help is written, and nothing is read then") {
  CHECK_FALSE(Place::read_only({"--help"}));
}
