/// The examples that the specifications print, replayed as they stand: the conversations under
/// tests/examples, whose README.md has their format and their rules.

#include <crier/time.hpp>
#include <crier/xml_writer.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/example_match.hpp"
#include "pubsub/scene.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

namespace crier::test {

namespace {

namespace fs = std::filesystem;

Document document_of(std::string_view xml) {
  auto document = parse_xml(xml);
  REQUIRE_MESSAGE(document, std::string(xml));
  return std::move(*document);
}

Document read(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return document_of(text.str());
}

std::vector<fs::path> conversations() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(EXAMPLES))
    if (entry.path().extension() == ".xml") files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

std::uint64_t number_in(const Attribute& attribute) {
  return std::stoull(std::string(attribute.value));
}

/// What a conversation may ask of the service's policy.
const struct {
  std::string_view name;
  void (*set)(Policy&, const Attribute&);
} settings[] = {
    {"creators",
     [](Policy& policy, const Attribute& each) { policy.creators.all = each.value == "all"; }},
    {"page_items",
     [](Policy& policy, const Attribute& each) { policy.page_items = number_in(each); }},
    {"max_subscriptions_per_jid",
     [](Policy& policy, const Attribute& each) {
       policy.max_subscriptions_per_jid = number_in(each);
     }},
};

Policy policy_of(const Element& conversation) {
  auto policy = Scene::policy();
  policy.domain = "pubsub.shakespeare.lit";
  const auto* wanted = conversation.child("policy", "");
  if (!wanted) return policy;
  for (const auto& each : wanted->attributes) {
    const auto setting =
        std::ranges::find(settings, each.name, [](const auto& s) { return s.name; });
    REQUIRE_MESSAGE(setting != std::end(settings), std::string(each.name));
    setting->set(policy, each);
  }
  return policy;
}

/// One conversation, as far as it has come.
class Replay {
 public:
  explicit Replay(const Element& conversation)
      : scene_(policy_of(conversation)), generated_(conversation.attribute_or("generated", "")) {}

  void take(const Element& step) {
    if (step.name == "setup") return set_up(step);
    if (step.name == "send") return send(step);
    if (step.name == "clock") return set_clock(step);
    if (step.name == "expect") return expect(step);
    if (step.name != "policy") FAIL("there is no step " << step.name);
  }

 private:
  void set_up(const Element& step) {
    for (const auto& stanza : step.children())
      for (const auto& xml : sent(stanza))
        REQUIRE_MESSAGE(document_of(xml).root().attribute_or("type", "") != "error", xml);
  }

  void send(const Element& step) {
    asked_.clear();
    left_.clear();
    for (const auto& stanza : step.children()) {
      asked_.push_back(to_xml(stanza));
      std::ranges::move(sent(stanza), std::back_inserter(left_));
    }
  }

  void set_clock(const Element& step) {
    const auto at = parse_datetime(step.attribute_or("at", ""));
    REQUIRE(at);
    asked_ = {to_xml(step)};
    left_ = scene_.wait(*at - scene_.now);
  }

  /// Sends the stanza, and gives what leaves. An answer goes to who asked and has the id of what
  /// was asked; a message has an id of its own (§12.4).
  Strings sent(const Element& stanza) {
    auto left = scene_.send_batch({generated_.filled_in(to_xml(stanza))});
    for (const auto& xml : left) {
      const auto document = document_of(xml);
      const std::string id(document.root().attribute_or("id", ""));
      if (document.root().name == "message") CHECK(message_ids_.insert(id).second);
      if (document.root().name != "iq") continue;
      CHECK(id == stanza.attribute("id"));
      CHECK(document.root().attribute("to") == stanza.attribute("from"));
    }
    return left;
  }

  void expect(const Element& step) {
    auto left = std::move(left_);
    left_.clear();
    bool others_may_leave = false;
    for (const auto& expected : step.children()) {
      if (expected.ns == any_ns) {
        others_may_leave = true;
        continue;
      }
      const auto found = std::ranges::find_if(left, [&](const std::string& xml) {
        const auto document = document_of(xml);
        return matches(expected, document.root(), generated_);
      });
      if (found == left.end())
        return complain(fmt::format("expected:\n{}", to_xml(expected)), left);
      left.erase(found);
    }
    if (!left.empty() && !others_may_leave) complain("expected nothing more", left);
  }

  void complain(std::string_view expected, const Strings& left) {
    std::ostringstream text;
    text << "request:" << asked_ << "\n" << expected << "\nactual:" << left;
    FAIL_CHECK(text.str());
  }

  Scene scene_;
  Generated generated_;
  std::set<std::string> message_ids_;
  /// For complaints: what was sent last.
  Strings asked_;
  /// What left since, and was not expected yet.
  Strings left_;
};

}  // namespace

TEST_CASE("the examples of XEP-0060 and XEP-0248: each request is answered as printed") {
  const auto files = conversations();
  REQUIRE_FALSE(files.empty());
  for (const auto& file : files) {
    const auto name = file.lexically_relative(EXAMPLES).string();
    SUBCASE(name.c_str()) {
      const auto document = read(file);
      Replay replay(document.root());
      for (const auto& step : document.root().children()) replay.take(step);
    }
  }
}

}  // namespace crier::test
