#include "transfer/json_line.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace crier::transfer {

namespace {

Time at(std::string_view text) {
  return *parse_datetime(text);
}

struct Spelt {
  Record record;
  std::string line;
};

/// One of each kind with all it can have, and one with as little as it can have.
std::vector<Spelt> spelt() {
  const auto time = at("2026-05-01T10:20:30Z");
  NodeRecord node{.node = "news", .creator = "me@a.example", .created = time};
  NodeRecord collection = node;
  collection.type = NodeType::collection;
  collection.config = {{"pubsub#title", {"A \"title\"\n"}}, {"x-durable", {"1", "2"}}};
  collection.parents = {"all", "b"};
  SubscriptionRecord plain{.node = "news", .jid = "me@a.example/x", .created = time};
  SubscriptionRecord full = plain;
  full.state = SubscriptionState::pending;
  full.subid = "1f";
  full.created = at("2026-05-01T10:20:30.25Z");
  full.options = {{"pubsub#digest", {"1"}}};
  full.behind = 3;
  ItemRecord item{"news", "1", "me@a.example", time, at("2026-05-02T00:00:00Z"), ""};
  ItemRecord with_payload = item;
  with_payload.payload = "<a xmlns='u:a'>\t\x7fß</a>";
  return {
      {ServiceRecord{"pubsub.a.example"}, R"({"record":"service","jid":"pubsub.a.example"})"},
      {RedirectRecord{"old", "xmpp:b?;node=n"},
       R"({"record":"redirect","node":"old","uri":"xmpp:b?;node=n"})"},
      {node, R"({"record":"node","node":"news","type":"leaf","creator":"me@a.example",)"
             R"("created":"2026-05-01T10:20:30Z"})"},
      {collection, R"({"record":"node","node":"news","type":"collection","creator":"me@a.example",)"
                   R"("created":"2026-05-01T10:20:30Z","config":{"pubsub#title":["A \"title\"\n"],)"
                   R"("x-durable":["1","2"]},"parents":["all","b"]})"},
      {AffiliationRecord{"news", "me@a.example", Affiliation::publish_only},
       R"({"record":"affiliation","node":"news","jid":"me@a.example",)"
       R"("affiliation":"publish-only"})"},
      {plain, R"({"record":"subscription","node":"news","jid":"me@a.example/x",)"
              R"("state":"subscribed","created":"2026-05-01T10:20:30Z"})"},
      {full, R"({"record":"subscription","node":"news","jid":"me@a.example/x","state":"pending",)"
             R"("subid":"1f","created":"2026-05-01T10:20:30.250000Z",)"
             R"("options":{"pubsub#digest":["1"]},"behind":3})"},
      {item, R"({"record":"item","node":"news","id":"1","publisher":"me@a.example",)"
             R"("created":"2026-05-01T10:20:30Z","published":"2026-05-02T00:00:00Z"})"},
      {with_payload, R"({"record":"item","node":"news","id":"1","publisher":"me@a.example",)"
                     R"("created":"2026-05-01T10:20:30Z","published":"2026-05-02T00:00:00Z",)"
                     "\"payload\":\"<a xmlns='u:a'>\\t\x7fß</a>\"}"},
      {ContactRecord{"me@a.example", {.sees_us = true, .seen = false, .asked = true}},
       R"({"record":"contact","jid":"me@a.example","subscription":"from","ask":true})"},
      {ContactRecord{"me@a.example", {.sees_us = true, .seen = true}},
       R"({"record":"contact","jid":"me@a.example","subscription":"both"})"},
  };
}

std::string refusal(std::string_view line) {
  try {
    read_line(line);
    return {};
  } catch (const Malformed& malformed) {
    return malformed.what();
  }
}

}  // namespace

TEST_CASE("each record has one spelling, and is read from it") {
  for (const auto& [record, line] : spelt()) {
    CAPTURE(line);
    std::string out;
    append_line(out, record);
    CHECK(out == line + '\n');
    const auto read = read_line(line);
    REQUIRE(std::holds_alternative<Record>(read));
    CHECK(std::get<Record>(read) == record);
  }
}

TEST_CASE("the header tells the version, the last line what there is") {
  std::string out;
  append_header(out);
  CHECK(out == "{\"record\":\"header\",\"format\":\"crier\",\"version\":1}\n");
  CHECK(std::get<Header>(read_line(out)).version == 1);
  out.clear();
  append_trailer(out, {1, 2, 3, 4, 5, 6, 7});
  CHECK(out == R"({"record":"end","services":1,"redirects":2,"nodes":3,"affiliations":4,)"
               "\"subscriptions\":5,\"items\":6,\"contacts\":7}\n");
  CHECK(std::get<Trailer>(read_line(out)).counts == Counts{1, 2, 3, 4, 5, 6, 7});
}

TEST_CASE("members may come in any order, with white space and escapes") {
  const auto line = read_line(R"( { "uri" : "a\u00e9\ud83d\ude00\/" , "record":"redirect",)"
                              "\t\"node\":\"n\" } \r");
  CHECK(std::get<RedirectRecord>(std::get<Record>(line)) == RedirectRecord{"n", "aé😀/"});
}

TEST_CASE("what is no line of the format is refused, and says where") {
  const struct {
    std::string_view line, problem;
  } wrong[] = {
      {"", "an object should begin here (character 1)"},
      {"[]", "an object should begin here (character 1)"},
      {R"({"record":"service","jid":"a"} x)", "the line should end here (character 32)"},
      {R"({"record":"service","jid":"a")", "the object does not end"},
      {R"({"record":"service","jid":"a)", "the string does not end"},
      {R"({"record":"service","jid":1})", "a string should begin here"},
      {R"({"record":"service","jid":{"a":"b"}})", "a string should begin here"},
      {R"({"record":"service","jid":"a","jid":"b"})", "there twice"},
      {R"({"record":"service"})", "the member jid is missing"},
      {R"({"record":"service","jid":"a","colour":"b"})", "there is no member colour"},
      {R"({"record":"service","jid":"a","node":"b"})", "a service has no such member"},
      {R"({"record":"song","jid":"a"})", "there is no record song"},
      {R"({"jid":"a"})", "the member record is missing"},
      {R"({"record":"service","jid":"\ud800"})", "half of a pair"},
      {R"({"record":"service","jid":"\udc00"})", "half of a pair"},
      {R"({"record":"service","jid":"\u0000"})", "U+0000"},
      {R"({"record":"service","jid":"\u12"})", "four hexadecimal digits"},
      {R"({"record":"service","jid":"\q"})", "there is no such escape"},
      {"{\"record\":\"service\",\"jid\":\"\xff\"}", "not UTF-8"},
      {"{\"record\":\"service\",\"jid\":\"\xc0\x80\"}", "not UTF-8"},
      {"{\"record\":\"service\",\"jid\":\"\xed\xa0\x80\"}", "not UTF-8"},
      {"{\"record\":\"service\",\"jid\":\"\x01\"}", "control character"},
      {R"({"record":"affiliation","node":"n","jid":"a","affiliation":"none"})", "affiliation"},
      {R"({"record":"node","node":"n","type":"x","creator":"a","created":"2026-05-01T10:20:30Z"})",
       "leaf or collection"},
      {R"({"record":"node","node":"n","type":"leaf","creator":"a","created":"now"})", "not a time"},
      {R"({"record":"header","format":"other","version":1})", "not an export of crier's"},
      {R"({"record":"end","items":-1})", "a whole number"},
  };
  for (const auto& [line, problem] : wrong) {
    CAPTURE(line);
    CAPTURE(refusal(line));
    CHECK(refusal(line).find(problem) != std::string::npos);
  }
}

TEST_CASE("a line that nests deeper than any record is refused at once") {
  const std::string deep(1'000'000, '[');
  CHECK(refusal(R"({"record":"service","jid":)" + deep) ==
        "a string should begin here (character 27)");
  CHECK(refusal(R"({"record":"node","parents":)" + deep) ==
        "a string should begin here (character 29)");
}

}  // namespace crier::transfer
