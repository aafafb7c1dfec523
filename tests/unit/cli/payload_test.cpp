#include "cli/payload.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "cli/fault_of.hpp"

using namespace crier::cli;

namespace {

std::string fault_in(std::string_view xml) {
  return fault_of([&] { check_payload(xml, "entry.xml"); });
}

}  // namespace

TEST_CASE("§7.1.1 a payload becomes a fragment that needs nothing around it") {
  CHECK(check_payload("<?xml version='1.0'?>\n<!-- c --><e xmlns='u' xml:lang='de'>\n<f/> t</e>\n",
                      "-") == "<e xmlns='u' xml:lang='de'>\n<f/> t</e>");
  CHECK(check_payload("<x:e xmlns:x='u' x:a='1' a='2'/>", "-") ==
        "<x:e xmlns:x='u' x:a='1' a='2'/>");
}

TEST_CASE("what is not XML is refused with the line") {
  CHECK(fault_in("<a xmlns='u'>\n<b></a>") ==
        "65: entry.xml is not XML that can be published: line 2: mismatched tag");
  CHECK(fault_in("<a xmlns='u'><x:b/></a>") ==
        "65: entry.xml is not XML that can be published: line 1: unbound prefix");
  CHECK(fault_in("") == "65: entry.xml is not XML that can be published: line 1: no element found");
  CHECK(fault_in("<!DOCTYPE a><a xmlns='u'/>") ==
        "65: entry.xml is not XML that can be published: it holds a DTD, or is nested too deeply");
}

TEST_CASE("§7.1.1 a payload must have a namespace") {
  CHECK(fault_in("<a/>") ==
        "65: entry.xml: <a> is in no namespace; a payload must be (XEP-0060 §7.1.1), such as "
        "<a xmlns='urn:example'>");
}

TEST_CASE("files are read whole, or refused") {
  char name[] = "/tmp/crier-payload-XXXXXX";
  const std::string directory = mkdtemp(name);
  std::ofstream(directory + "/e") << "<e>\n";
  CHECK(read_payload_file(directory + "/e") == "<e>\n");
  CHECK(fault_of([&] { read_payload_file(directory + "/none"); }) ==
        "74: " + directory + "/none can not be read: No such file or directory");
  std::ofstream(directory + "/big") << std::string(max_payload_bytes + 1, 'x');
  CHECK(fault_of([&] { read_payload_file(directory + "/big"); }) ==
        "65: " + directory + "/big is larger than 16 MiB");
  std::filesystem::remove_all(directory);
}

TEST_CASE("XEP-0335 §3 JSON is carried as it was written, without the space around it") {
  CHECK(json_payload("\n {\"a\": [1, \"<&\"]} \n", "-") ==
        "<json xmlns='urn:xmpp:json:0'>{\"a\": [1, \"&lt;&amp;\"]}</json>");
  CHECK(json_in("<json xmlns='urn:xmpp:json:0'>{\"a\": \"&lt;\"}</json>") == "{\"a\": \"<\"}");
  CHECK_FALSE(json_in("<json xmlns='urn:other'>1</json>"));
}

TEST_CASE("XEP-0335 §4 what is not JSON is refused with the place") {
  const auto fault = [](std::string_view text) {
    return fault_of([&] { json_payload(text, "a.json"); });
  };
  CHECK(fault("{\"a\": 1,\n \"b\": }") ==
        "65: a.json is not JSON: line 2, column 7 is not what may stand there");
  for (const auto* text : {"", " ", "{} {}", "{'a': 1}", "[1,]", "nul", "\"\xff\""})
    CHECK(fault(text).starts_with("65: a.json is not JSON: "));
  // XML has no such character, whatever stands around it; as an escape it is text.
  CHECK(fault("\"\xef\xbf\xbf\"").starts_with("65: a.json holds a character"));
  CHECK(fault("\"\\uffff\"") == "no fault");
  // However deep: no call stack is needed for it.
  CHECK(fault(std::string(1'000'000, '[')).starts_with("65: "));
}

TEST_CASE("a file is XML or JSON by its name, else by its beginning; lines are payloads") {
  char name[] = "/tmp/crier-payload-XXXXXX";
  const std::string directory = mkdtemp(name);
  const auto read = [&](const std::string& file, const std::string& text, bool lines) {
    std::ofstream(directory + "/" + file) << text;
    std::string joined;
    for (const auto& each : read_payloads(directory + "/" + file, PayloadKind::automatic, lines))
      joined += each.xml + "\n";
    return joined;
  };
  CHECK(read("a", "<e xmlns='u'/>", false) == "<e xmlns='u'/>\n");
  CHECK(read("a", "{}", false) == "<json xmlns='urn:xmpp:json:0'>{}</json>\n");
  CHECK(read("a.json", "1", false) == "<json xmlns='urn:xmpp:json:0'>1</json>\n");
  CHECK(read("a", "1\n\n<e xmlns='u'/>\n", true) ==
        "<json xmlns='urn:xmpp:json:0'>1</json>\n<e xmlns='u'/>\n");
  CHECK(fault_of([&] { read("a.json", "<e xmlns='u'/>", false); }).starts_with("65: "));
  CHECK(fault_of([&] { read("a.xml", "{}", false); }).starts_with("65: "));
  CHECK(fault_of([&] { read("b", "{}\n{\n", true); }).find("b, line 2 is not JSON") !=
        std::string::npos);
  std::filesystem::remove_all(directory);
}
