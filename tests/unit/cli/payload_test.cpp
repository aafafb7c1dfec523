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
