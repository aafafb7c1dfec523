#include "app/diagnosis.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>

#include "app/place.hpp"
#include "storage/sqlite_store.hpp"

using namespace crier;
using crier::test::Place;

namespace {

const Finding& found(const Findings& findings, std::string_view check) {
  const auto finding = std::ranges::find(findings, check, &Finding::check);
  REQUIRE(finding != findings.end());
  return *finding;
}

/// A failure and a warning say what to do.
bool all_advised(const Findings& findings) {
  return std::ranges::all_of(findings, [](const Finding& finding) {
    return finding.health <= Health::skipped || !finding.advice.empty();
  });
}

}  // namespace

TEST_CASE("the secret file: there, and of no use to others") {
  const Place place;
  CHECK(diagnose_secret(place.path("secret"))[0].health == Health::ok);
  chmod(place.path("secret").c_str(), 0644);
  const auto open = diagnose_secret(place.path("secret"));
  CHECK(open[0].health == Health::warning);
  CHECK(open[0].advice == "chmod o= " + place.path("secret"));
  CHECK(diagnose_secret(place.path("none"))[0].health == Health::failure);
  CHECK(diagnose_secret("")[0].health == Health::skipped);
}

TEST_CASE("the database: of crier's, whole, and with room; who serves from it") {
  const Place place;
  const auto file = place.path("crier.db");
  CHECK(found(diagnose_database(file), "database").health == Health::ok);
  {
    const auto store = SqliteStore::open(file);
    CHECK(serving_process(file) == getpid());
    const auto findings = diagnose_database(file);
    CHECK(found(findings, "database").health == Health::ok);
    CHECK(found(findings, "database integrity").health == Health::ok);
    CHECK(found(findings, "disk").health != Health::failure);
    CHECK(all_advised(findings));
  }
  CHECK_FALSE(serving_process(file));
}

TEST_CASE("the database: another program's file, and a damaged one") {
  const Place place;
  place.write("text", std::string(8192, 'x'));
  const auto text = diagnose_database(place.path("text"));
  CHECK(found(text, "database").health == Health::failure);
  CHECK(all_advised(text));
  const auto file = place.path("crier.db");
  SqliteStore::open(file).reset();
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  const auto cut = diagnose_database(file);
  CHECK(std::ranges::count(cut, Health::failure, &Finding::health) > 0);
  CHECK(all_advised(cut));
  CHECK(found(diagnose_database(place.path("no/directory/crier.db")), "disk").health ==
        Health::failure);
}

TEST_CASE("the machine: a file of tomorrow means that the clock is wrong; memory is compared") {
  const Place place;
  const auto file = place.path("secret");
  CHECK(found(diagnose_machine(file, 0), "clock").health == Health::ok);
  CHECK(found(diagnose_machine(file, 0), "memory").health == Health::ok);
  std::filesystem::last_write_time(
      file, std::filesystem::file_time_type::clock::now() + std::chrono::hours(24));
  const auto findings = diagnose_machine(file, std::uint64_t{1} << 60);
  CHECK(found(findings, "clock").health == Health::failure);
  CHECK(found(findings, "memory").health == Health::warning);
  CHECK(all_advised(findings));
}

TEST_CASE("the server: nobody listens there") {
  const auto findings = diagnose_server("127.0.0.1:1", std::nullopt, false);
  CHECK(found(findings, "server").health == Health::failure);
  CHECK(findings.size() == 1);
  CHECK(all_advised(findings));
}

TEST_CASE("DNS: names that never leave the machine are not asked about (RFC 6761)") {
  for (const auto* domain : {"pubsub.localhost", "localhost", "pubsub.test", "10.0.0.1", "pubsub"})
    CHECK(diagnose_dns(domain)[0].health == Health::skipped);
}
