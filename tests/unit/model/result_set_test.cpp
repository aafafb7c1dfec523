#include "base/result_set.hpp"

#include <crier/errors.hpp>

#include <doctest/doctest.h>

#include <functional>
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

TEST_CASE("XEP-0059 §2.6 R19 an index; no page starts at an index and at an entry") {
  CHECK(parse("<max>1</max><index>3</index>").value().index == 3u);
  for (const auto* other : {"<after>a</after>", "<before/>"})
    CHECK(*parse(std::string("<index>3</index>") + other).error().kind == errors::bad_request);
  CHECK(*parse("<index>three</index>").error().kind == errors::bad_request);
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

namespace {

/// The page of the numbers from 10 to 10 + `size`, which are their own ids: the entries, and then
/// what the set says: "first@index last count".
std::vector<std::string> page_of(int size, const std::string& set, std::size_t most = 5,
                                 std::size_t max_bytes = 1000) {
  const auto wrapped = set.empty() ? "" : std::string("<set xmlns='") + rsm + "'>" + set + "</set>";
  auto page = ListPage::parse(request(wrapped).root(), most, max_bytes).take();
  std::vector<std::string> list;
  for (int i = 0; i < size; ++i) list.push_back(std::to_string(10 + i));
  std::string text = "<reply>";
  {
    XmlWriter out(text);
    page.write_entries(out, part_of(list, page.range(), std::identity()), std::identity(),
                       [](XmlWriter& entry, const std::string& id) { entry.leaf("e", id); });
    page.write_set(out, list.size());
  }
  const auto document = parse_xml(text + "</reply>");
  REQUIRE_MESSAGE(document, text);
  std::vector<std::string> said;
  for (const auto& child : document->root().children())
    if (child.name == "e") said.push_back(child.text());
  const auto* answer = document->root().child("set", rsm);
  if (!answer) return said;
  const auto* first = answer->child("first", rsm);
  said.push_back(first ? first->text() + "@" + std::string(first->attribute_or("index", "?")) +
                             " " + answer->child("last", rsm)->text() + " " +
                             answer->child("count", rsm)->text()
                       : "- " + answer->child("count", rsm)->text());
  return said;
}

using Said = std::vector<std::string>;

}  // namespace

TEST_CASE("XEP-0059 ListPage: a list that fits is given whole, without a set") {
  CHECK(page_of(0, "") == Said{});
  CHECK(page_of(3, "") == Said{"10", "11", "12"});
  CHECK(page_of(5, "").size() == 5);
}

TEST_CASE("XEP-0059 §2.2 R19 ListPage: forwards, from the start and from behind an entry") {
  CHECK(page_of(9, "<max>2</max>") == Said{"10", "11", "10@0 11 9"});
  CHECK(page_of(9, "<max>2</max><after>11</after>") == Said{"12", "13", "12@? 13 9"});
  CHECK(page_of(9, "<max>2</max><after>17</after>") == Said{"18", "18@? 18 9"});
  CHECK(page_of(9, "<max>2</max><after>18</after>") == Said{"- 9"});
  // What is gone is still a place.
  CHECK(page_of(9, "<max>2</max><after>115</after>") == Said{"12", "13", "12@? 13 9"});
}

TEST_CASE("XEP-0059 §2.3, §2.5 R19 ListPage: backwards, each page in the order of the list") {
  CHECK(page_of(9, "<max>2</max><before/>") == Said{"17", "18", "17@7 18 9"});
  CHECK(page_of(9, "<max>2</max><before>17</before>") == Said{"15", "16", "15@? 16 9"});
  CHECK(page_of(9, "<max>2</max><before>11</before>") == Said{"10", "10@? 10 9"});
  CHECK(page_of(9, "<max>2</max><before>10</before>") == Said{"- 9"});
}

TEST_CASE("XEP-0059 §2.6 R19 ListPage: by index, which may be too great") {
  CHECK(page_of(9, "<max>2</max><index>3</index>") == Said{"13", "14", "13@3 14 9"});
  CHECK(page_of(9, "<max>2</max><index>8</index>") == Said{"18", "18@8 18 9"});
  CHECK(page_of(9, "<max>2</max><index>9</index>") == Said{"- 9"});
  const auto wrapped = std::string("<set xmlns='") + rsm + "'><index>10001</index></set>";
  CHECK(*ListPage::parse(request(wrapped).root(), 5, 1000).error().kind ==
        errors::feature_not_implemented);
}

TEST_CASE("XEP-0059 §2.7 R19 ListPage: max 0 gives the count alone") {
  CHECK(page_of(9, "<max>0</max>") == Said{"- 9"});
  CHECK(page_of(0, "<max>0</max>") == Said{"- 0"});
}

TEST_CASE("XEP-0059 §2.1 ListPage: no more than the service allows, in entries and in bytes") {
  CHECK(page_of(9, "") == Said{"10", "11", "12", "13", "14", "10@0 14 9"});
  CHECK(page_of(9, "<max>100</max>").size() == 6);
  CHECK(page_of(9, "", 5, 1) == Said{"10", "10@0 10 9"});
  CHECK(page_of(9, "<before/>", 5, 1) == Said{"18", "18@8 18 9"});
}

}  // namespace crier::test
