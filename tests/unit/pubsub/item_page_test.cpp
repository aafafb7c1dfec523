/// Paging through the items of a node. XEP-0059 as XEP-0060 §6.5.4 uses it.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example/y";

/// Node n with items 1 to 7. Time stands still: all are of the same instant.
void prepare(Scene& scene) {
  scene.create(alice, "n");
  scene.fill(alice, "n", 7);
}

/// The page of node n.
Answer ask(Scene& scene, std::string_view inside) {
  const auto answer = scene.items(bob, "n", page(inside));
  CHECK_MESSAGE(answer.type == "result", answer.xml);
  return answer;
}

std::string first(const Answer& answer) {
  return texts_of(answer.xml, "first").at(0);
}
std::string last(const Answer& answer) {
  return texts_of(answer.xml, "last").at(0);
}
Strings index(const Answer& answer) {
  return attributes_of(answer.xml, "first", "index");
}

std::string after(const std::string& id) {
  return fmt::format("<after>{}</after>", id);
}
std::string before(const std::string& id) {
  return fmt::format("<before>{}</before>", id);
}

}  // namespace

TEST_CASE("XEP-0059 §2.2 A128 R19 forwards: the oldest first, page by page, to the end") {
  Scene scene;
  prepare(scene);
  const auto one = ask(scene, "<max>3</max>");
  CHECK(ids_in(one.xml) == Strings{"1", "2", "3"});
  CHECK(index(one) == Strings{"0"});
  CHECK(texts_of(one.xml, "count") == Strings{"7"});
  const auto two = ask(scene, "<max>3</max>" + after(last(one)));
  CHECK(ids_in(two.xml) == Strings{"4", "5", "6"});
  const auto three = ask(scene, "<max>3</max>" + after(last(two)));
  CHECK(ids_in(three.xml) == Strings{"7"});
  CHECK(first(three) == last(three));
  const auto none = ask(scene, "<max>3</max>" + after(last(three)));
  CHECK(ids_in(none.xml).empty());
  CHECK(texts_of(none.xml, "first").empty());
  CHECK(texts_of(none.xml, "last").empty());
}

TEST_CASE("XEP-0059 §2.3 §2.5 backwards: the last page, and those before it, each oldest first") {
  Scene scene;
  prepare(scene);
  const auto one = ask(scene, "<max>3</max><before/>");
  CHECK(ids_in(one.xml) == Strings{"5", "6", "7"});
  CHECK(index(one) == Strings{"4"});
  const auto two = ask(scene, "<max>3</max>" + before(first(one)));
  CHECK(ids_in(two.xml) == Strings{"2", "3", "4"});
  const auto three = ask(scene, "<max>3</max>" + before(first(two)));
  CHECK(ids_in(three.xml) == Strings{"1"});
  CHECK(ids_in(ask(scene, "<max>3</max>" + before(first(three))).xml).empty());
}

TEST_CASE("XEP-0059 §2.7 R19 max 0: the count, and nothing else") {
  Scene scene;
  prepare(scene);
  const auto answer = ask(scene, "<max>0</max>");
  CHECK(ids_in(answer.xml).empty());
  CHECK(texts_of(answer.xml, "count") == Strings{"7"});
  CHECK(texts_of(answer.xml, "first").empty());
}

TEST_CASE("XEP-0059 §2.2 between two anchors") {
  Scene scene;
  prepare(scene);
  const auto all = ask(scene, "<max>1</max>");
  const auto end = ask(scene, "<max>1</max><before/>");
  CHECK(ids_in(ask(scene, after(last(all)) + before(first(end))).xml) ==
        Strings{"2", "3", "4", "5", "6"});
}

TEST_CASE("XEP-0059 R20 trap: an anchor that was published again loses no item, doubles none") {
  Scene scene;
  prepare(scene);
  const auto one = ask(scene, "<max>3</max>");
  scene.publish(alice, "n", "3");
  CHECK(ids_in(ask(scene, "<max>9</max>" + after(last(one))).xml) ==
        Strings{"4", "5", "6", "7", "3"});
  CHECK(ids_in(ask(scene, "<max>9</max>" + before(last(one))).xml) == Strings{"1", "2"});
}

TEST_CASE("XEP-0059 R20 trap: an anchor that was deleted loses no item, doubles none") {
  Scene scene;
  prepare(scene);
  const auto one = ask(scene, "<max>3</max>");
  for (const auto* id : {"3", "4"}) scene.retract(alice, "n", id);
  scene.restart();
  CHECK(ids_in(ask(scene, "<max>2</max>" + after(last(one))).xml) == Strings{"5", "6"});
  CHECK(ids_in(ask(scene, "<max>2</max>" + before(last(one))).xml) == Strings{"1", "2"});
}

TEST_CASE("XEP-0059 §2.2 whatever is published while somebody pages, no old item is met twice") {
  Scene scene;
  prepare(scene);
  Strings seen;
  std::string set = "<max>2</max>";
  for (int pages = 0; pages < 20; ++pages) {
    const auto answer = ask(scene, set);
    const auto ids = ids_in(answer.xml);
    if (ids.empty()) break;
    seen.insert(seen.end(), ids.begin(), ids.end());
    set = "<max>2</max>" + after(last(answer));
    if (pages < 3) scene.publish(alice, "n", fmt::format("new{}", pages));
  }
  CHECK(seen == Strings{"1", "2", "3", "4", "5", "6", "7", "new0", "new1", "new2"});
}

TEST_CASE("XEP-0059 §2.4 R19 trap: what is no paging id: cancel/item-not-found, not SQL") {
  Scene scene;
  prepare(scene);
  for (const auto* id : {"nonsense", "-1", "1 OR 1=1", "1; DROP TABLE item", "1'", "0x1", " 1",
                         "99999999999999999999999"})
    for (const auto& anchor : {after(id), before(id)})
      CHECK(scene.refused_get(bob, pubsub("<items node='n'/>" + page("<max>3</max>" + anchor))) ==
            "cancel/item-not-found");
  CHECK(scene.item_ids(bob, "n").size() == 7);
}

TEST_CASE("XEP-0059 §2.1 a max that is no number: modify/bad-request") {
  Scene scene;
  prepare(scene);
  for (const auto* max : {"", "-1", "ten"})
    CHECK(scene.refused_get(
              bob, pubsub("<items node='n'/>" + page(fmt::format("<max>{}</max>", max)))) ==
          "modify/bad-request");
}

TEST_CASE("XEP-0059 §2.6 R19 pages by index, near either end") {
  Scene scene;
  scene.create(alice, "n");
  scene.fill(alice, "n", 7);
  for (int start = 0; start <= 8; ++start) {
    CAPTURE(start);
    const auto one =
        scene.items(bob, "n", page(fmt::format("<max>3</max><index>{}</index>", start)));
    Strings expected;
    for (int id = start + 1; id <= std::min(7, start + 3); ++id)
      expected.push_back(std::to_string(id));
    CHECK(ids_in(one.xml) == expected);
    CHECK(texts_of(one.xml, "count") == Strings{"7"});
    if (start < 7) CHECK(index(one) == Strings{std::to_string(start)});
  }
}

TEST_CASE("XEP-0059 §2.1 no page is larger than the service allows, whatever is asked for") {
  auto policy = Scene::policy();
  policy.page_items = 2;
  Scene scene(policy);
  prepare(scene);
  CHECK(ids_in(ask(scene, "<max>1000000</max>").xml) == Strings{"1", "2"});
  CHECK(ids_in(ask(scene, "<max>18446744073709551615</max><before/>").xml) == Strings{"6", "7"});
}

TEST_CASE("XEP-0059 §2.2 every page of every size tells where it lies") {
  Scene scene;
  prepare(scene);
  scene.retract(alice, "n", "4");
  const Strings all{"1", "2", "3", "5", "6", "7"};
  for (std::size_t size = 1; size <= 7; ++size) {
    CAPTURE(size);
    const auto head = ask(scene, fmt::format("<max>{}</max>", size));
    CHECK(index(head) == Strings{"0"});
    const auto tail = ask(scene, fmt::format("<max>{}</max><before/>", size));
    const auto length = std::min(size, all.size());
    CHECK(index(tail) == Strings{std::to_string(all.size() - length)});
    const auto ids = ids_in(tail.xml);
    CHECK(std::equal(ids.begin(), ids.end(), all.end() - static_cast<std::ptrdiff_t>(length),
                     all.end()));
  }
}

TEST_CASE("XEP-0059 a page of a node without items is empty, and counts none") {
  Scene scene;
  scene.create(alice, "n");
  const auto answer = ask(scene, "<max>3</max>");
  CHECK(ids_in(answer.xml).empty());
  CHECK(texts_of(answer.xml, "first").empty());
}

}  // namespace crier::test
