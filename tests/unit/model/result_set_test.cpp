#include "base/result_set.hpp"

#include <crier/errors.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace crier::test {

namespace {

Document request(const std::string& inside) {
  auto document = parse_xml("<query xmlns='urn:q'>" + inside + "</query>");
  REQUIRE(document);
  return std::move(*document);
}

Result<PageRequest> parse(const std::string& inside) {
  return PageRequest::parse(
      request("<set xmlns='http://jabber.org/protocol/rsm'>" + inside + "</set>").root());
}

std::string written(const PageAnswer& answer) {
  std::string text;
  XmlWriter out(text);
  answer.write(out);
  return text;
}

constexpr auto rsm = "http://jabber.org/protocol/rsm";

}  // namespace

TEST_CASE("XEP-0059 §2.1 R19 the parts of a request for a page") {
  const auto page = parse("<max>10</max><after>a &amp; b</after>");
  REQUIRE(page);
  CHECK(page.value().max == 10u);
  CHECK(page.value().after == "a & b");
  CHECK_FALSE(page.value().before);
  CHECK(page.value().partial());
  CHECK_FALSE(page.value().backwards());
}

TEST_CASE("XEP-0059 §2.5 an empty before asks for the last page") {
  const auto page = parse("<max>10</max><before/>");
  CHECK(page.value().before == "");
  CHECK(page.value().backwards());
}

TEST_CASE("XEP-0059 §2.7 max 0 asks for the count") {
  CHECK(parse("<max>0</max>").value().max == 0u);
  CHECK(parse("<max>0</max>").value().partial());
}

TEST_CASE("XEP-0059 without a set, or with an empty one, everything is asked for") {
  CHECK_FALSE(PageRequest::parse(request("").root()).value().partial());
  CHECK_FALSE(parse("").value().partial());
  const auto other = request("<set xmlns='urn:other'><max>1</max></set>");
  CHECK_FALSE(PageRequest::parse(other.root()).value().partial());
}

TEST_CASE("XEP-0059 §2.1 a max that is no number: modify/bad-request") {
  for (const auto* max : {"", "-1", "ten", "1.5", "1e3", "99999999999999999999999"})
    CHECK(*parse(std::string("<max>") + max + "</max>").error().kind == errors::bad_request);
}

TEST_CASE("XEP-0059 §2.6 pages by index: cancel/feature-not-implemented") {
  CHECK(*parse("<max>1</max><index>3</index>").error().kind == errors::feature_not_implemented);
}

TEST_CASE("XEP-0059 §2.2 an answer tells first with its index, last, and the count") {
  const auto document =
      parse_xml(written({.first = "a<b", .last = "c&d", .first_index = 5, .count = 800}));
  REQUIRE(document);
  const auto& set = document->root();
  CHECK(set.is("set", rsm));
  CHECK(set.child("first", rsm)->text() == "a<b");
  CHECK(set.child("first", rsm)->attribute("index") == "5");
  CHECK(set.child("last", rsm)->text() == "c&d");
  CHECK(set.child("count", rsm)->text() == "800");
}

TEST_CASE("XEP-0059 §2.2 an empty page has neither first nor last") {
  const auto document =
      parse_xml(written({.first = {}, .last = {}, .first_index = {}, .count = 0}));
  REQUIRE(document);
  CHECK(document->root().child("first", rsm) == nullptr);
  CHECK(document->root().child("last", rsm) == nullptr);
  CHECK(document->root().child("count", rsm)->text() == "0");
}

TEST_CASE("ForwardPage: no more than asked for, no more than allowed") {
  const auto taken = [](const std::string& set, std::size_t allowed) {
    auto page = ForwardPage::parse(request(set).root(), allowed, 1000).take();
    std::size_t entries = 0;
    while (entries < 100 && page.takes(0, "id")) ++entries;
    return entries;
  };
  CHECK(taken("", 7) == 7);
  CHECK(taken("<set xmlns='http://jabber.org/protocol/rsm'><max>3</max></set>", 7) == 3);
  CHECK(taken("<set xmlns='http://jabber.org/protocol/rsm'><max>30</max></set>", 7) == 7);
  CHECK(taken("<set xmlns='http://jabber.org/protocol/rsm'><max>0</max></set>", 7) == 0);
}

TEST_CASE("ForwardPage: ends where the bytes end, but holds one entry at least") {
  auto page = ForwardPage::parse(request("").root(), 10, 100).take();
  CHECK(page.takes(5000, "1"));
  CHECK_FALSE(page.takes(5000, "2"));
}

TEST_CASE("ForwardPage: tells of itself when it was asked for, or is not the whole list") {
  const auto set_of = [](const std::string& set, int entries) {
    auto page = ForwardPage::parse(request(set).root(), 3, 1000).take();
    for (int i = 0; i < entries; ++i)
      if (!page.takes(0, std::to_string(i))) break;
    std::string text;
    XmlWriter out(text);
    page.write_set(out, 10);
    return text;
  };
  CHECK(set_of("", 3).empty());
  const auto cut = parse_xml(set_of("", 4));
  REQUIRE(cut);
  CHECK(cut->root().child("first", rsm)->text() == "0");
  CHECK(cut->root().child("first", rsm)->attribute("index") == "0");
  CHECK(cut->root().child("last", rsm)->text() == "2");
  CHECK(cut->root().child("count", rsm)->text() == "10");
  CHECK_FALSE(set_of("<set xmlns='http://jabber.org/protocol/rsm'><max>5</max></set>", 1).empty());
}

}  // namespace crier::test
