/// The parsers of other programs' texts: what they read, and that they refuse everything else with
/// the file and the line where it stands, whatever it costs to find out.

#include <crier/fault.hpp>

#include "transfer/foreign/erlang_reader.hpp"
#include "transfer/foreign/json_term.hpp"
#include "transfer/foreign/lua_reader.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sysexits.h>

#include <string>

namespace crier::transfer::test {

namespace {

using Kind = Term::Kind;

/// A term in short: texts in quotes, tables with their names.
std::string shown(const Term& term) {
  std::string text;
  const auto add_items = [&] {
    for (const auto& item : term.items) text += shown(item) + ' ';
  };
  switch (term.kind) {
    case Kind::nothing: return "nil";
    case Kind::boolean: return term.integer != 0 ? "true" : "false";
    case Kind::integer: return std::to_string(term.integer);
    case Kind::real: return fmt::format("{}", term.real);
    case Kind::text: return '"' + term.text + '"';
    case Kind::atom: return term.text;
    default: break;
  }
  text = term.is(Kind::tuple) ? "{ " : term.is(Kind::list) ? "[ " : "( ";
  add_items();
  for (const auto& [name, value] : term.members) text += name + '=' + shown(value) + ' ';
  return text + (term.is(Kind::tuple) ? "}" : term.is(Kind::list) ? "]" : ")");
}

/// What `read` makes of a text, or the fault that it throws.
template <class Read>
std::string outcome(std::string text, Read read) {
  try {
    TextSource source("store", std::move(text));
    return read(source);
  } catch (const Fault& fault) {
    CHECK(fault.status() == EX_DATAERR);
    return fault.what();
  }
}

std::string lua(std::string text) {
  return outcome(std::move(text), [](TextSource& source) {
    std::string values;
    while (const auto value = next_lua_value(source)) values += shown(*value) + ' ';
    return values;
  });
}

std::string erlang(std::string text) {
  return outcome(std::move(text), [](TextSource& source) {
    std::string values;
    while (const auto value = next_erlang_term(source)) values += shown(*value) + ' ';
    return values;
  });
}

std::string json(std::string text) {
  return outcome(std::move(text), [](TextSource& source) { return shown(read_json_term(source)); });
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("Lua as Prosody's serialiser writes it: names, numbers, nested tables, items") {
  CHECK(lua("return {\n\t[\"name\"] = \"plain\";\n\t[\"a\"] = {};\n\tb = true;\n};\n") ==
        "( name=\"plain\" a=( ) b=true ) ");
  CHECK(lua("item({\n\t\"text\";\n\t{ \"x\"; [\"name\"] = \"f\"; };\n\t[\"when\"] = 17;\n});\n"
            "item({ 1.5, -3, nil, false });\n") ==
        "( \"text\" ( \"x\" name=\"f\" ) when=17 ) ( 1.5 -3 nil false ) ");
  CHECK(lua("return { [3] = \"c\"; [\"3\"] = (1/0); }; -- the end") == "( 3=\"c\" 3=inf ) ");
  CHECK(lua("") == "");
}

TEST_CASE("Lua strings: escapes are bytes, quotes of both kinds") {
  CHECK(lua(R"(return "\226\152\131 \\ \"q\" \'\n\t\0651\0";)") ==
        std::string("\"\xe2\x98\x83 \\ \"q\" '\n\tA1\0\" ", 19));
  CHECK(lua("return 'a\"b';") == "\"a\"b\" ");
}

TEST_CASE("Lua that does anything is refused with file and line") {
  CHECK(lua("return os.execute(\"x\");") == "store:1: a value is missing");
  CHECK(lua("os.execute(\"x\")") == "store:1: 'return' is missing");
  CHECK(lua("return {\n[\"a\"] = f();\n};") == "store:2: a value is missing");
  CHECK(lua("return {\n\n1 .. 2 };") == "store:3: a table's entry does not end");
  CHECK(lua("return { [{}] = 1 };") == "store:1: a key is neither a string nor a number");
  CHECK(lua("return [[long]];") == "store:1: a value is missing");
}

TEST_CASE("Lua that was cut off, or is no text, is refused") {
  CHECK(lua("return {\n  [\"a\"] = \"b") == "store:2: a string does not end");
  CHECK(lua("return {\n  \"a\";") == "store:2: a value is missing");
  CHECK(lua("item({})\nitem(") == "store:2: a value is missing");
  CHECK(lua("return \"\\300\";") == "store:1: a string has an escape that is no byte");
  CHECK(lua("return \"\\q\";") == "store:1: a string has an unknown escape");
  CHECK(lua(std::string("return \"a\nb\";")) == "store:2: a string does not end");
  CHECK(lua(std::string(3, '\0')) == "store:1: 'return' is missing");
}

TEST_CASE("Erlang as ejabberd dumps it: tuples, lists, atoms, binaries, numbers") {
  CHECK(erlang("{pubsub_state,{{<<\"a\">>,<<\"b\">>,<<>>},1},\n   [],owner,'publish-only'}.\n") ==
        "{ pubsub_state { { \"a\" \"b\" \"\" } 1 } [ ] owner publish-only } ");
  CHECK(erlang("% a comment\n{1795,-295,1.5e3}.\n[a|b].") == "store:3: ']' is missing");
  CHECK(erlang("5.\n-6.\n$a.\n\"abc\" \"d\".") == "5 -6 97 \"abcd\" ");
}

TEST_CASE("Erlang binaries are bytes: numbers, raw bytes, escapes, and UTF-8 where it says so") {
  CHECK(erlang("<<226,152,131>>.") == "\"\xe2\x98\x83\" ");
  CHECK(erlang("<<\"\xc3\xa9\">>.") == "\"\xc3\xa9\" ");
  CHECK(erlang("<<\"\\x{e9}\">>.") == "\"\xe9\" ");
  CHECK(erlang("<<\"\\x{e9}\xc3\xa9\"/utf8>>.") == "\"\xc3\xa9\xc3\xa9\" ");
  CHECK(erlang("<<\"a\\\\b\\\"c\\n\\s\\101\",33>>.") == "\"a\\b\"c\n A!\" ");
}

TEST_CASE("Erlang terms of other tables are passed over, whatever they hold") {
  TextSource source("dump",
                    "{tables,[{passwd,[{record_name,passwd}]}]}.\n"
                    "{passwd,{<<\"a.\\\"}.\n\">>,'it''s'},$.,#Fun<erl_eval.6.1>,<0.1.0>,1.5}.\n"
                    "{pubsub_node,1}.\n{other,\"pubsub_node\"}.\n");
  REQUIRE(find_erlang_record(source, "pubsub_"));
  CHECK(shown(*next_erlang_term(source)) == "{ pubsub_node 1 }");
  CHECK(source.place().line == 4);
  CHECK_FALSE(find_erlang_record(source, "pubsub_"));
}

TEST_CASE("Erlang that is none is refused with file and line") {
  CHECK(erlang("{a,\n") == "store:2: a term is missing");
  CHECK(erlang("{a}\n{b}.") == "store:2: '.' is missing");
  CHECK(erlang("{a,B}.") == "store:1: a term is missing");
  CHECK(erlang("<<256>>.") == "store:1: a binary has a number that is no byte");
  CHECK(erlang("<<a>>.") == "store:1: a binary is neither of bytes nor of text");
  CHECK(erlang("\n<<\"abc") == "store:2: a text does not end");
  CHECK(erlang("<<\"\\x{110000}\"/utf8>>.") ==
        "store:1: a text has an escape that is no character");
  CHECK(erlang("<<\"\\x{zz}\">>.") == "store:1: a text has an unknown escape");
  CHECK(erlang("99999999999999999999.") == "1e+20 ");
}

TEST_CASE("an Erlang term as text is read as the same term") {
  const auto* text = "{pubsub,[<<\"a\">>,-1,[],{}],'it\\'s'}";
  CHECK(shown(read_erlang("x", to_erlang(read_erlang("x", text)))) ==
        shown(read_erlang("x", text)));
}

TEST_CASE("JSON: members, escapes, surrogates, numbers") {
  CHECK(json(R"({"a":[1,-2.5,true,null],"b":{"c":"\u2603\ud83d\ude00\n\/"}})") ==
        "( a=[ 1 -2.5 true nil ] b=( c=\"\xe2\x98\x83\xf0\x9f\x98\x80\n/\" ) )");
  CHECK(json(" {} ") == "( )");
}

TEST_CASE("what is no JSON is refused") {
  CHECK(json("{\"a\":\n1,}") == "store:2: a member's name is missing");
  CHECK(json("{\"a\"") == "store:1: ':' is missing");
  CHECK(json("[1") == "store:1: ']' is missing");
  CHECK(json("\"\\ud800\"") == "store:1: '\\u' is missing");
  CHECK(json("\"\\udc00\"") == "store:1: a string has half a character");
  CHECK(json("{} {}") == "store:1: there is more than one value");
  CHECK(json("") == "store:1: this is no JSON");
}

TEST_CASE("no depth ends the process: nesting has a limit") {
  constexpr std::size_t deep = 200'000;
  CHECK(lua("return " + repeated("{", deep)) ==
        "store:1: a value is nested deeper than 1100 levels");
  CHECK(erlang(repeated("[", deep)) == "store:1: a value is nested deeper than 1100 levels");
  CHECK(json(repeated("[", deep)) == "store:1: a value is nested deeper than 1100 levels");
  CHECK(lua("return " + repeated("{", 1000) + repeated("}", 1000)).starts_with("( ( ( "));
}

TEST_CASE("no size ends the process: what a value takes in memory has a limit") {
  // Each empty table takes three bytes there, and a hundred here.
  const auto many = repeated("{},", 1'000'000);
  CHECK(lua("return {" + many) == "store:1: a value is larger than 64 MiB");
  CHECK(erlang("[" + many) == "store:1: a value is larger than 64 MiB");
}

}  // namespace crier::transfer::test
