#include "app/configuration.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "app/place.hpp"

using namespace crier;
using crier::test::Place;

namespace {

std::vector<std::string> needed(const Place& place) {
  return {"--domain",      "pubsub.example.org", "--server",   "127.0.0.1:5347",
          "--secret-file", place.path("secret"), "--database", "crier.db"};
}

const ConfiguredOption& option(const Configuration& configuration, std::string_view name) {
  return *std::ranges::find(configuration.options, name, &ConfiguredOption::name);
}

/// Options with their values, in the order of their declaration.
std::vector<std::pair<std::string, std::vector<std::string>>> values(
    const Configuration& configuration) {
  std::vector<std::pair<std::string, std::vector<std::string>>> all;
  for (const auto& each : configuration.options) all.emplace_back(each.name, each.values);
  return all;
}

}  // namespace

TEST_CASE("read_configuration: what counts is command line, environment, file, default") {
  Place place;
  place.write("crier.toml", "max-items = 5\nmax-affiliations = 6\nname = \"of the file\"\n");
  place.set("CRIER_MAX_AFFILIATIONS", "7");
  place.set("CRIER_NAME", "of the environment");
  auto words = needed(place);
  words.insert(words.end(), {"--config", place.path("crier.toml"), "--name", "here"});
  const auto configuration = read_configuration(words);
  CHECK(configuration.problems == std::vector<std::string>{});
  CHECK(option(configuration, "name").values == std::vector<std::string>{"here"});
  CHECK(option(configuration, "name").source == ConfigurationSource::command_line);
  CHECK(option(configuration, "max-affiliations").values == std::vector<std::string>{"7"});
  CHECK(option(configuration, "max-affiliations").source == ConfigurationSource::environment);
  CHECK(option(configuration, "max-items").values == std::vector<std::string>{"5"});
  CHECK(option(configuration, "max-items").source == ConfigurationSource::file);
  CHECK(option(configuration, "log-level").values == std::vector<std::string>{"info"});
  CHECK(option(configuration, "log-level").source == ConfigurationSource::standard);
  REQUIRE(configuration.checked);
  // What crier serve would run with is the same.
  const auto served = Place::read_only(words);
  CHECK(configuration.checked->policy.info.name == served->policy.info.name);
  CHECK(configuration.checked->policy.max_items == served->policy.max_items);
  CHECK(configuration.checked->policy.max_affiliations_per_node ==
        served->policy.max_affiliations_per_node);
}

TEST_CASE("read_configuration: all mistakes are told at once, a line each") {
  Place place;
  place.write("crier.toml",
              "server = \"nowhere\"\nmax-items = \"many\"\npage-items = 0\nbogus = 1\n"
              "[section]\nname = \"x\"\n");
  const auto configuration =
      read_configuration(std::vector<std::string>{"--config", place.path("crier.toml")});
  std::vector<std::string> told;
  for (const auto& problem : configuration.problems) {
    CHECK(problem.find('\n') == std::string::npos);
    told.push_back(problem.substr(0, problem.find(": ")));
  }
  std::ranges::sort(told);
  CHECK(told == std::vector<std::string>{"--config", "--config", "--database", "--domain",
                                         "--max-items", "--page-items", "--secret-file",
                                         "--server"});
  CHECK_FALSE(configuration.checked);
}

TEST_CASE("read_configuration: a file that is not there, and words that make no sense") {
  const Place place;
  auto words = needed(place);
  words.insert(words.end(), {"--config", place.path("none.toml")});
  const auto absent = read_configuration(words);
  REQUIRE(absent.problems.size() == 1);
  CHECK(absent.problems[0].starts_with("--config: "));
  const auto secret = read_configuration(std::vector<std::string>{"--secret=hush"});
  CHECK(secret.options.empty());
  REQUIRE(secret.problems.size() == 1);
  CHECK(secret.problems[0].find("hush") == std::string::npos);
}

TEST_CASE("to_toml: --config reads what was written, and has the same values") {
  Place place;
  auto words = needed(place);
  words.insert(words.end(),
               {"--admin", "a@example.org", "b@example.org", "--tls", "--name",
                "the \"best\" service", "--max-stanza-bytes", "2M", "--node-default",
                "urn:xmpp:microblog:* access_model=open max_items=max", "--create-named",
                "news/* example.org", "--create-named", "open/* all"});
  const auto first = read_configuration(words);
  CHECK(first.problems == std::vector<std::string>{});
  place.write("shown.toml", to_toml(first));
  const std::vector<std::string> again{"--config", place.path("shown.toml")};
  const auto second = read_configuration(again);
  CHECK(second.problems == std::vector<std::string>{});
  CHECK(values(second) == values(first));
  const auto served = Place::read_only(again);
  REQUIRE(served);
  CHECK(served->tls);
  CHECK(served->max_stanza_bytes == 2 * 1024 * 1024);
  CHECK(served->policy.info.name == "the \"best\" service");
}

TEST_CASE("to_toml: the secret of the environment is not shown") {
  Place place;
  place.set("CRIER_SECRET", "psst");
  const auto configuration = read_configuration(std::vector<std::string>{
      "--domain", "pubsub.example.org", "--server", "127.0.0.1:5347", "--database", "crier.db"});
  CHECK(configuration.problems == std::vector<std::string>{});
  CHECK(configuration.secret_in_environment);
  CHECK(configuration.checked->secret == "psst");
  const auto shown = to_toml(configuration);
  CHECK(shown.find("psst") == std::string::npos);
  CHECK(shown.find("CRIER_SECRET") != std::string::npos);
}

TEST_CASE("default_toml: read back, with and without its comments, it changes nothing") {
  const Place place;
  place.write("commented.toml", default_toml());
  // A line `#name = value` with a default becomes `name = value`; words in capitals stay out.
  std::istringstream lines(default_toml());
  std::string bare;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("#") && !line.starts_with("# ")) {
      const auto value = line.substr(line.find(" = ") + 3);
      if (!std::ranges::any_of(value, [](char c) { return c >= 'A' && c <= 'Z'; }) ||
          value.find_first_of("0123456789") != value.npos)
        bare += line.substr(1) + '\n';
    }
  }
  CHECK(bare.find("max-items = ") != std::string::npos);
  CHECK(bare.find("tls = false\n") != std::string::npos);
  place.write("bare.toml", bare);
  const auto plain = read_configuration(needed(place));
  for (const auto* file : {"commented.toml", "bare.toml"}) {
    auto words = needed(place);
    words.insert(words.end(), {"--config", place.path(file)});
    const auto configuration = read_configuration(words);
    CHECK(configuration.problems == std::vector<std::string>{});
    CHECK(values(configuration) == values(plain));
    CHECK(Place::read_only(words)->policy.max_items == plain.checked->policy.max_items);
  }
}
