#include "cli/forms.hpp"

#include <doctest/doctest.h>

#include "cli/fault_of.hpp"

using namespace crier;
using namespace crier::cli;

namespace {

Form form_of(std::string_view fields) {
  const auto document = parse_xml("<configure><x xmlns='jabber:x:data' type='form'>" +
                                  std::string(fields) + "</x></configure>");
  REQUIRE(document);
  return read_form(document->root());
}

std::vector<Setting> settings_of(const std::vector<std::string>& texts) {
  return read_settings(texts);
}

/// The values that are left after `text` was compared with the form of `fields`.
std::vector<std::string> matched(const std::string& text, std::string_view fields) {
  auto settings = settings_of({text});
  match_settings(settings, form_of(fields));
  return settings.front().values;
}

}  // namespace

TEST_CASE("read_form: visible fields with their types, labels, values and options") {
  const auto form = form_of(
      "<title>Configuration</title>"
      "<field var='FORM_TYPE' type='hidden'><value>node_config</value></field>"
      "<field type='fixed'><value>Note</value></field>"
      "<field var='pubsub#access_model' type='list-single' label='Who'><value>open</value>"
      "<option label='All'><value>open</value></option><option><value>whitelist</value></option>"
      "</field>");
  REQUIRE(form.fields.size() == 1);
  const auto& field = form.fields.front();
  CHECK(field.var == "pubsub#access_model");
  CHECK(field.type == "list-single");
  CHECK(field.label == "Who");
  CHECK(field.values == std::vector<std::string>{"open"});
  CHECK(field.options == std::vector<std::string>{"open", "whitelist"});
  CHECK(form.field("pubsub#access_model") == &field);
  CHECK(form.field("pubsub#title") == nullptr);
}

TEST_CASE("read_form: without a form there are no fields") {
  CHECK(read_form(parse_xml("<configure/>")->root()).fields.empty());
}

TEST_CASE("--set: FIELD=VALUE, with pubsub# in front when FIELD has none") {
  const auto settings = settings_of({"title=a=b", "x#y=", "title=c", "x-durable=1"});
  REQUIRE(settings.size() == 3);
  CHECK(settings[2].var == "x-durable");
  CHECK(settings[0].var == "pubsub#title");
  CHECK(settings[0].values == std::vector<std::string>{"a=b", "c"});
  CHECK(settings[1].var == "x#y");
  CHECK(settings[1].values == std::vector<std::string>{""});
}

TEST_CASE("--set: what is not FIELD=VALUE is refused") {
  CHECK(fault_of([] { settings_of({"title"}); }) ==
        "64: --set title: it must be FIELD=VALUE, such as access_model=open");
  CHECK(fault_of([] { settings_of({"=x"}); }).starts_with("64: "));
}

TEST_CASE("--set: yes and no become what a form of XEP-0004 wants") {
  constexpr auto fields = "<field var='pubsub#persist_items' type='boolean'/>";
  for (const auto* yes : {"yes", "true", "on", "1"})
    CHECK(matched(std::string("persist_items=") + yes, fields) == std::vector<std::string>{"1"});
  for (const auto* no : {"no", "false", "off", "0"})
    CHECK(matched(std::string("persist_items=") + no, fields) == std::vector<std::string>{"0"});
  CHECK(fault_of([&] { matched("persist_items=maybe", fields); }) ==
        "64: --set persist_items: it is yes or no, not \"maybe\"");
}

TEST_CASE("--set: a slip of the pen in a field or a choice is found") {
  constexpr auto fields =
      "<field var='pubsub#access_model' type='list-single'><option><value>open</value></option>"
      "<option><value>whitelist</value></option></field>";
  CHECK(matched("access_model=open", fields) == std::vector<std::string>{"open"});
  CHECK(fault_of([&] { matched("access_model=opne", fields); }) ==
        "64: --set access_model: it is one of open, whitelist, not \"opne\"");
  CHECK(fault_of([&] { matched("acess_model=open", fields); }) ==
        "64: --set acess_model: the service has no such field; it has access_model");
}

TEST_CASE("--set: a registered field that the form does not show is left to the service, §16.4.4") {
  CHECK(matched("title=News", "") == std::vector<std::string>{"News"});
}

TEST_CASE("write_form: a form of type submit, with its FORM_TYPE") {
  std::string text;
  XmlWriter out(text);
  const std::vector<Setting> settings{{"pubsub#title", {"a & b"}}, {"pubsub#contact", {"x", "y"}}};
  write_form(out, "urn:form", settings);
  CHECK(text ==
        "<x xmlns='jabber:x:data' type='submit'>"
        "<field var='FORM_TYPE' type='hidden'><value>urn:form</value></field>"
        "<field var='pubsub#title'><value>a &amp; b</value></field>"
        "<field var='pubsub#contact'><value>x</value><value>y</value></field></x>");
}
