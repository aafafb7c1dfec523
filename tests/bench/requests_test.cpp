#include "requests.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

namespace crier::bench {

namespace {

/// An answer with these items, as a service would send it.
std::string answer(std::initializer_list<std::uint64_t> numbers) {
  std::string content = "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='n'>";
  for (const auto number : numbers) {
    std::string publish;
    append_publish(publish, {.from = "a@b", .to = "c", .id = "1"}, "n", number);
    const auto begin = publish.find("<item ");
    content += publish.substr(begin, publish.find("</publish>") - begin);
  }
  return content + "</items></pubsub>";
}

}  // namespace

TEST_CASE("the newest items, in whatever order they stand") {
  CHECK(holds_newest(answer({7, 8, 9}), 3, {.acknowledged = 10, .asked = 10}));
  CHECK(holds_newest(answer({9, 8, 7}), 3, {.acknowledged = 10, .asked = 10}));
}

TEST_CASE("fewer than asked for, when there are no more") {
  CHECK(holds_newest(answer({0, 1}), 3, {.acknowledged = 2, .asked = 2}));
  CHECK(holds_newest(answer({}), 3, {.acknowledged = 0, .asked = 2}));
  CHECK_FALSE(holds_newest(answer({}), 3, {.acknowledged = 1, .asked = 2}));
}

TEST_CASE("what is published meanwhile may be there; what was acknowledged must") {
  CHECK(holds_newest(answer({8, 9, 10}), 3, {.acknowledged = 10, .asked = 12}));
  CHECK_FALSE(holds_newest(answer({6, 7, 8}), 3, {.acknowledged = 10, .asked = 12}));
  CHECK_FALSE(holds_newest(answer({10, 11, 12}), 3, {.acknowledged = 10, .asked = 12}));
}

TEST_CASE("items that are missing, twice there, or not whole are wrong") {
  const Published ten{.acknowledged = 10, .asked = 10};
  CHECK_FALSE(holds_newest(answer({6, 8, 9}), 3, ten));
  CHECK_FALSE(holds_newest(answer({8, 9}), 3, ten));
  CHECK_FALSE(holds_newest(answer({7, 8, 9, 9}), 3, ten));
  CHECK_FALSE(holds_newest("<items><item id='i8'/><item id='i9'/></items>", 2, ten));
}

TEST_CASE("a batch holds its items one behind the other") {
  std::string batch;
  append_publish_batch(batch, {.from = "a@b", .to = "c", .id = "1"}, "n", 5, 3);
  CHECK(holds_newest(batch, 3, {.acknowledged = 8, .asked = 8}));
}

TEST_CASE("§7.1.2 a result confirms a publish by the item's id, or by saying nothing") {
  Stanza result;
  CHECK(acknowledges(result, 7));
  result.content = "<pubsub><publish node='n'><item id='i7'/></publish></pubsub>";
  CHECK(acknowledges(result, 7));
  CHECK_FALSE(acknowledges(result, 8));
}

TEST_CASE("users are found by their bare JID alone") {
  const Users users("reader", "u.example");
  CHECK(users.number_of(users.bare(17)) == 17);
  CHECK(users.number_of(users.full(17)) == UINT64_MAX);
  CHECK(users.number_of("writer17@u.example") == UINT64_MAX);
}

}  // namespace crier::bench
