#include "model/fields.hpp"

#include <crier/errors.hpp>

#include <doctest/doctest.h>

#include <array>

namespace crier {

namespace test {
enum class Colour : std::uint8_t { red, green };
}

template <>
struct Choices<test::Colour> {
  static constexpr std::array<Choice, 2> list{{{"red", "Red"}, {"green", "Green"}}};
};

namespace test {

namespace {

struct Config {
  bool flag = true;
  std::string title = {};
  Count count = {};
  Colour colour = Colour::red;
  bool operator==(const Config&) const = default;
};

constexpr std::array table{
    Field<Config>::of<&Config::flag>("t#flag", "A flag"),
    Field<Config>::of<&Config::title>("t#title", "A title"),
    Field<Config>::of<&Config::count>("t#count", "A count"),
    Field<Config>::of<&Config::colour>("t#colour", "A colour", &errors::unsupported_access_model),
};

constexpr std::span<const Field<Config>> fields = table;

/// What a type reads from the values; nothing when it refuses them.
template <class T>
std::optional<T> read(const Values& values) {
  T value{};
  if (!FieldValue<T>::read(values, value)) return {};
  return value;
}

DataForm form(const std::string& inside) {
  const auto document = parse_xml("<x xmlns='jabber:x:data' type='submit'>" + inside + "</x>");
  REQUIRE(document);
  auto form = DataForm::parse(document->root());
  REQUIRE(form);
  return form.take();
}

Result<Config> applied(const std::string& inside, const Config& config = {}) {
  return apply_form(fields, config, form(inside), errors::bad_request, errors::not_acceptable);
}

}  // namespace

TEST_CASE("XEP-0004 §3.3 A103 booleans are 0, 1, false, true and nothing else") {
  CHECK(read<bool>({"1"}) == true);
  CHECK(read<bool>({"true"}) == true);
  CHECK(read<bool>({"0"}) == false);
  CHECK(read<bool>({"false"}) == false);
  for (const auto* text : {"", "2", "TRUE", "yes", "on", " 1", "01"})
    CHECK_FALSE(read<bool>({text}));
  CHECK_FALSE(read<bool>({}));
  CHECK_FALSE(read<bool>({"1", "1"}));
}

TEST_CASE("§16.3 A333 a count is a number or max") {
  CHECK(read<Count>({"max"})->is_max());
  CHECK(read<Count>({"0"})->value == 0);
  CHECK(read<Count>({"18446744073709551614"})->value == 18446744073709551614u);
  for (const auto* text : {"", "-1", "+1", "1.5", " 1", "1 ", "0x10", "MAX", "one",
                           "18446744073709551615", "99999999999999999999999"})
    CHECK_FALSE(read<Count>({text}));
  CHECK_FALSE(read<Count>({}));
  CHECK_FALSE(read<Count>({"1", "2"}));
  CHECK(FieldValue<Count>::write(Count{}) == Values{"max"});
  CHECK(FieldValue<Count>::write(Count{7}) == Values{"7"});
}

TEST_CASE("XEP-0004 §3.3 list-single takes one of its choices, spelt as it is") {
  CHECK(read<Colour>({"green"}) == Colour::green);
  for (const auto* text : {"", "Green", "blue", "1", "green "}) CHECK_FALSE(read<Colour>({text}));
  CHECK_FALSE(read<Colour>({}));
  CHECK_FALSE(read<Colour>({"red", "green"}));
}

TEST_CASE("XEP-0004 §3.3 text-single takes one value; none is the empty text") {
  CHECK(read<std::string>({"a"}) == "a");
  CHECK(read<std::string>({}) == "");
  CHECK_FALSE(read<std::string>({"a", "b"}));
  CHECK(FieldValue<std::string>::write("") == Values{});
}

TEST_CASE("§8.2.4 A215 fields that the form leaves out keep their values") {
  const Config before{.flag = false, .title = "t", .count = {3}, .colour = Colour::green};
  auto after = applied("<field var='t#title'><value>new</value></field>", before);
  REQUIRE(after);
  CHECK(after.value() ==
        Config{.flag = false, .title = "new", .count = {3}, .colour = Colour::green});
}

TEST_CASE("§8.2.5.2 a field that does not exist is refused, and named") {
  const auto refused = applied(
      "<field var='t#flag'><value>0</value></field>"
      "<field var='t#nonsense'><value>1</value></field>");
  REQUIRE_FALSE(refused);
  CHECK(*refused.error().kind == errors::bad_request);
  CHECK(refused.error().text.find("t#nonsense") != std::string::npos);
}

TEST_CASE("§8.2.5.2 a value that the field can not have is refused, with the field's own error") {
  CHECK(*applied("<field var='t#flag'><value>maybe</value></field>").error().kind ==
        errors::not_acceptable);
  CHECK(*applied("<field var='t#colour'><value>blue</value></field>").error().kind ==
        errors::unsupported_access_model);
}

TEST_CASE("a row sets its own member and no other, and nothing when it refuses") {
  Config config;
  CHECK(find_field(fields, "t#count")->set(config, {"5"}));
  CHECK(config == Config{.count = {5}});
  CHECK_FALSE(find_field(fields, "t#count")->set(config, {"many"}));
  CHECK(config == Config{.count = {5}});
  CHECK(find_field(fields, "t#none") == nullptr);
}

TEST_CASE("XEP-0004 §3.1 the form to fill in: FORM_TYPE, labels, values, choices") {
  std::string text;
  {
    XmlWriter out(text);
    write_form(out, "form", "urn:t", fields, Config{.title = "<&>"});
  }
  const auto document = parse_xml(text);
  REQUIRE(document);
  std::vector<std::string> vars;
  for (const auto& field : document->root().children()) {
    vars.emplace_back(field.attribute_or("var", ""));
    if (vars.back() == "FORM_TYPE") {
      CHECK(field.attribute_or("type", "") == "hidden");
      CHECK(field.first_child()->text() == "urn:t");
      continue;
    }
    CHECK_FALSE(field.attribute_or("label", "").empty());
    if (vars.back() == "t#title") CHECK(field.first_child()->text() == "<&>");
    if (vars.back() != "t#colour") continue;
    CHECK(field.attribute_or("type", "") == "list-single");
    std::vector<std::string> options;
    for (const auto& child : field.children())
      if (child.name == "option") options.push_back(child.first_child()->text());
    CHECK(options == std::vector<std::string>{"red", "green"});
  }
  CHECK(vars == std::vector<std::string>{"FORM_TYPE", "t#flag", "t#title", "t#count", "t#colour"});
}

TEST_CASE("XEP-0004 §3.1 the form as a result holds values alone") {
  std::string text;
  {
    XmlWriter out(text);
    write_form(out, "result", "urn:t", fields, Config());
  }
  CHECK(text.find("label") == std::string::npos);
  CHECK(text.find("option") == std::string::npos);
  CHECK(text.find("max") != std::string::npos);
}

TEST_CASE("stored values come back whatever is in them") {
  for (const auto& values :
       {Values{"a"}, Values{""}, Values{"a", "b"}, Values{"tab\there", "line\nend", "back\\slash"},
        Values{"\\t", "\\\\n", "\\"}, Values{"", "", ""}, Values{"\t\n\\\t\n\\"},
        Values{"\xf0\x9f\x98\x80 & <x>"}}) {
    const auto text = join_stored(values);
    CHECK(text.find('\n') == std::string::npos);
    CHECK(split_stored(text) == values);
  }
}

TEST_CASE("what is stored of a configuration: nothing of defaults, and all else comes back") {
  CHECK(to_stored(fields, Config()) == "");
  CHECK(from_stored(fields, "") == Config());
  for (const auto& config : {
           Config{.flag = false},
           Config{.title = "tab\t line\n back\\slash \\n"},
           Config{.count = {0}},
           Config{.flag = false, .title = "\n", .count = {12}, .colour = Colour::green},
       })
    CHECK(from_stored(fields, to_stored(fields, config)) == config);
}

TEST_CASE("stored fields that no row has, or values that none has any more, are passed over") {
  CHECK(from_stored(fields, "t#gone\t1\nt#title\tkept\nt#colour\tblue\n\nt#flag\t0\n") ==
        Config{.flag = false, .title = "kept"});
  CHECK(from_stored(fields, "t#title") == Config());
  CHECK(from_stored(fields, "t#title\tno line end") == Config{.title = "no line end"});
}

}  // namespace test

}  // namespace crier
