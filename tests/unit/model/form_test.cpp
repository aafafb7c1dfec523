#include <crier/form.hpp>

#include <crier/errors.hpp>

#include <doctest/doctest.h>

namespace crier::test {

namespace {

Result<DataForm> parse(const std::string& inside, const std::string& type = "type='submit'") {
  const auto document = parse_xml("<x xmlns='jabber:x:data' " + type + ">" + inside + "</x>");
  REQUIRE(document);
  return DataForm::parse(document->root());
}

}  // namespace

TEST_CASE("XEP-0004 §3 a form has a type, a FORM_TYPE, and fields with values in order") {
  const auto form = parse(
      "<field var='FORM_TYPE' type='hidden'><value>urn:t</value></field>"
      "<field var='b'><value>1</value><value>2</value></field>\n"
      "<field var='a' type='boolean'><value>x &amp; y</value></field><field var='c'/>");
  REQUIRE(form);
  CHECK(form.value().type() == "submit");
  CHECK(form.value().form_type() == "urn:t");
  REQUIRE(form.value().fields().size() == 3);
  CHECK(form.value().fields()[0].var == "b");
  CHECK(form.value().field("b")->values == std::vector<std::string>{"1", "2"});
  CHECK(form.value().field("a")->values == std::vector<std::string>{"x & y"});
  CHECK(form.value().field("c")->values.empty());
  CHECK(form.value().field("FORM_TYPE") == nullptr);
  CHECK(form.value().field("d") == nullptr);
}

TEST_CASE("XEP-0004 §3.2 an empty value is a value, of nothing") {
  const auto form = parse("<field var='a'><value/></field>");
  CHECK(form.value().field("a")->values == std::vector<std::string>{""});
}

TEST_CASE("XEP-0004 §3.1 a form that is withdrawn needs no fields") {
  const auto form = parse("", "type='cancel'");
  CHECK(form.value().type() == "cancel");
  CHECK(form.value().form_type().empty());
  CHECK(parse("", "").value().type().empty());
}

TEST_CASE("XEP-0004 §3.2 a field without var, or one that stands there twice: modify/bad-request") {
  CHECK(*parse("<field><value>1</value></field>").error().kind == errors::bad_request);
  CHECK(*parse("<field var='a'/><field var='a'/>").error().kind == errors::bad_request);
  CHECK(*parse("<field var='FORM_TYPE'/><field var='FORM_TYPE'/>").error().kind ==
        errors::bad_request);
}

TEST_CASE("XEP-0004 §3 what is no field, or of another namespace, is passed over") {
  const auto form = parse(
      "<title>t</title><instructions>i</instructions>"
      "<field xmlns='urn:other' var='a'/><field var='b'><required/><option><value>1</value>"
      "</option><value>2</value></field>");
  REQUIRE(form);
  CHECK(form.value().fields().size() == 1);
  CHECK(form.value().field("b")->values == std::vector<std::string>{"2"});
}

}  // namespace crier::test
