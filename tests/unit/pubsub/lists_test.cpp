/// The lists of the service, page by page: XEP-0059 wherever a list may be long.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";

/// A list of six entries, which it names in its order.
struct List {
  std::string_view what;
  std::function<void(Scene&)> prepare;
  /// The request for a page of it, with a `<set/>`.
  std::function<Answer(Scene&, const std::string& set)> ask;
  std::string_view element;
  std::string_view attribute;
};

std::string disco(std::string_view node, const std::string& set) {
  return fmt::format("<query xmlns='http://jabber.org/protocol/disco#items'{}>{}</query>", node,
                     set);
}

void create_six(Scene& scene, const Strings& config = {}) {
  for (int i = 1; i <= 6; ++i) scene.create(alice, fmt::format("n{}", i), config);
}

const std::vector<List>& lists() {
  static const std::vector<List> all{
      {"nodes of the service, §5.2", [](Scene& scene) { create_six(scene); },
       [](Scene& scene, const std::string& set) { return scene.get(bob, disco("", set)); }, "item",
       "node"},
      {"nodes of a collection, XEP-0248 §5.2",
       [](Scene& scene) {
         scene.create(alice, "c", {"node_type=collection"});
         create_six(scene, {"collection=c"});
       },
       [](Scene& scene, const std::string& set) { return scene.get(bob, disco(" node='c'", set)); },
       "item", "node"},
      {"own subscriptions, §5.6",
       [](Scene& scene) {
         create_six(scene);
         for (int i = 1; i <= 6; ++i) scene.subscribe(bob, fmt::format("n{}", i));
       },
       [](Scene& scene, const std::string& set) {
         return scene.get(bob, pubsub("<subscriptions/>" + set));
       },
       "subscription", "node"},
      {"own affiliations, §5.7", [](Scene& scene) { create_six(scene); },
       [](Scene& scene, const std::string& set) {
         return scene.get(alice, pubsub("<affiliations/>" + set));
       },
       "affiliation", "node"},
      {"an owner's subscriptions, §8.8",
       [](Scene& scene) {
         scene.create(alice, "n");
         for (int i = 1; i <= 6; ++i) scene.subscribe(fmt::format("b{}@b.example", i), "n");
       },
       [](Scene& scene, const std::string& set) {
         return scene.get(alice, pubsub_owner("<subscriptions node='n'/>" + set));
       },
       "subscription", "jid"},
      {"an owner's affiliations, §8.9",
       [](Scene& scene) {
         scene.create(alice, "n");
         for (int i = 1; i <= 5; ++i)
           scene.affiliate(alice, "n", fmt::format("b{}@b.example", i), "member");
       },
       [](Scene& scene, const std::string& set) {
         return scene.get(alice, pubsub_owner("<affiliations node='n'/>" + set));
       },
       "affiliation", "jid"},
  };
  return all;
}

/// What a page holds, and where it ends.
struct Page {
  Strings entries;
  std::string first;
  std::string last;
};

Page ask(Scene& scene, const List& list, const std::string& set) {
  const auto answer = list.ask(scene, page(set));
  REQUIRE_MESSAGE(answer.type == "result", answer.xml);
  Page got;
  got.entries = attributes_of(answer.xml, list.element, list.attribute);
  const auto first = texts_of(answer.xml, "first"), last = texts_of(answer.xml, "last");
  if (!first.empty()) got.first = first.front();
  if (!last.empty()) got.last = last.front();
  return got;
}

template <class Check>
void on_every_list(Check check) {
  for (const auto& list : lists()) {
    CAPTURE(std::string(list.what));
    Scene scene;
    list.prepare(scene);
    const auto all = ask(scene, list, "<max>100</max>").entries;
    REQUIRE(all.size() == 6);
    check(scene, list, all);
  }
}

Strings part(const Strings& all, std::size_t first, std::size_t size) {
  Strings some;
  for (std::size_t i = first; i < first + size && i < all.size(); ++i) some.push_back(all[i]);
  return some;
}

}  // namespace

TEST_CASE("XEP-0059 §2.2 R19 R21 A043 every list: forwards, page by page, to its end") {
  on_every_list([](Scene& scene, const List& list, const Strings& all) {
    std::string after;
    for (std::size_t at = 0; at < 6; at += 4) {
      const auto got = ask(scene, list, "<max>4</max>" + after);
      CHECK(got.entries == part(all, at, 4));
      after = "<after>" + got.last + "</after>";
    }
    CHECK(ask(scene, list, "<max>4</max>" + after).entries.empty());
  });
}

TEST_CASE("XEP-0059 §2.3, §2.5 R19 R21 every list: backwards, from its last page to its start") {
  on_every_list([](Scene& scene, const List& list, const Strings& all) {
    const auto last = ask(scene, list, "<max>4</max><before/>");
    CHECK(last.entries == part(all, 2, 4));
    const auto first = ask(scene, list, "<max>4</max><before>" + last.first + "</before>");
    CHECK(first.entries == part(all, 0, 2));
  });
}

TEST_CASE("XEP-0059 §2.6, §2.7 R19 R21 every list: by index, and the count alone") {
  on_every_list([](Scene& scene, const List& list, const Strings& all) {
    CHECK(ask(scene, list, "<max>2</max><index>3</index>").entries == part(all, 3, 2));
    CHECK(ask(scene, list, "<max>2</max><index>6</index>").entries.empty());
    CHECK(ask(scene, list, "<max>0</max>").entries.empty());
  });
}

TEST_CASE("XEP-0059 trap: paging ids are no SQL, and an id that is none is refused or a place") {
  on_every_list([](Scene& scene, const List& list, const Strings&) {
    const auto before = scene.stored();
    for (const auto* id : {"' OR 1=1 --", "'; DROP TABLE node; --", "%", "\\", "zzz"}) {
      const auto answer = list.ask(scene, page(fmt::format("<after>{}</after>", id)));
      CHECK((answer.type == "result" || answer.error == "cancel/item-not-found"));
    }
    CHECK(scene.stored() == before);
  });
}

}  // namespace crier::test
