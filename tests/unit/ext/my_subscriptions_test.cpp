#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example/y";

std::string command(const Strings& fields = {}) {
  std::string form;
  for (const auto& field : fields)
    form += fmt::format("<field var='{}'><value>{}</value></field>",
                        field.substr(0, field.find('=')), field.substr(field.find('=') + 1));
  if (!fields.empty()) form = "<x xmlns='jabber:x:data' type='submit'>" + form + "</x>";
  return fmt::format(
      "<command xmlns='http://jabber.org/protocol/commands' "
      "node='urn:crier:command:my-subscriptions'>{}</command>",
      form);
}

/// The values of that column, from top to bottom.
Strings column(const Answer& answer, std::string_view var) {
  return field_in(answer.xml, var);
}

}  // namespace

TEST_CASE("XEP-0004 §3.4 everybody sees its own subscriptions, of all its resources, as a table") {
  Scene scene;
  scene.create(alice, "n");
  scene.create(alice, "m", {"access_model=authorize"});
  CHECK(scene.subscribe(bob, "n").type == "result");
  CHECK(scene.subscribe("bob@b.example", "m").type == "result");
  CHECK(scene.subscribe(alice, "n").type == "result");
  const auto answer = scene.set(bob, command());
  CHECK(attributes_of(answer.xml, "command", "status") == Strings{"completed"});
  CHECK(attributes_of(answer.xml, "x", "type") == Strings{"result"});
  CHECK(answer.xml.find("<reported>") < answer.xml.find("<item>"));
  CHECK(column(answer, "node") == Strings{"n", "m"});
  CHECK(column(answer, "subscription") == Strings{"subscribed", "pending"});
  CHECK(column(answer, "jid") == Strings{bob, "bob@b.example"});
  CHECK(column(answer, "subid").size() == 2);
  CHECK(column(answer, "count") == Strings{"2"});
  CHECK(column(answer, "last").empty());
  const auto none = scene.set("eve@e.example", command());
  CHECK(column(none, "count") == Strings{"0"});
  CHECK(texts_of(none.xml, "note") == Strings{"You have no subscriptions."});
}

TEST_CASE("§5.6 XEP-0059 §2.2 more than an answer holds are listed a page at a time") {
  auto policy = Scene::policy();
  policy.page_items = 2;
  Scene scene(policy);
  Strings names;
  for (int i = 0; i < 5; ++i) {
    names.push_back(fmt::format("n{}", i));
    scene.create(alice, names.back());
    CHECK(scene.subscribe(bob, names.back()).type == "result");
  }
  const auto form = scene.set(bob, command());
  CHECK(attributes_of(form.xml, "command", "status") == Strings{"executing"});
  CHECK(field_in(form.xml, "max") == Strings{"500"});
  Strings found;
  std::string after;
  for (int page = 0; page < 3; ++page) {
    const auto answer = scene.set(bob, command({"max=100", "after=" + after}));
    const auto part = column(answer, "node");
    CHECK(part.size() <= 2);
    found.insert(found.end(), part.begin(), part.end());
    const auto last = column(answer, "last");
    CHECK(last.empty() == (page == 2));
    if (!last.empty()) after = last.front();
  }
  CHECK(found == names);
  for (const auto* wrong : {"max=0", "max=x", "max=-1", "after=?"})
    CHECK(scene.refused_set(bob, command({wrong})) == "modify/bad-request/bad-payload");
}

}  // namespace crier::test
