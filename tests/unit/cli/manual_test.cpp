#include "cli/manual.hpp"

#include <doctest/doctest.h>

using namespace crier::cli;

namespace {

bool has(const std::string& page, const std::string& part) {
  return page.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("manual_page: verbs with their options, then those that they share, and what to type") {
  const DeclaredOption help{{"-h", "--help"}, "", "print this help", "", "", "Options"};
  const DeclaredOption jid{{"--jid"}, "JID", "your address", "", "CRIER_JID", "Connection"};
  const DeclaredOption set{{"--set"}, "FIELD=VALUE", "a new value", "", "", "Options"};
  DeclaredCommand create{
      "create", "create a node",        {{"NODE", "", "its name", true, false}}, {help, set}, {},
      "",       "  crier node create x"};
  const DeclaredCommand node{"crier node", "Sees nodes.", {}, {help, jid}, {create}, "", ""};
  const auto page = manual_page(node);
  CHECK(page.starts_with(".TH CRIER-NODE 1 "));
  CHECK(has(page, ".SH NAME\ncrier\\-node \\- Sees nodes\n"));
  CHECK(has(page, "\\fBcrier node create\\fR \\fINODE\\fR [\\fIOPTION\\fR...]\n"));
  CHECK(has(page, ".SS create\n"));
  CHECK(has(page, "\\fB\\-\\-set\\fR \\fIFIELD=VALUE\\fR\nA new value.\n"));
  CHECK(has(page, ".SS Connection\n.TP\n\\fB\\-\\-jid\\fR \\fIJID\\fR\nYour address.\n"));
  CHECK(has(page, ".SH ENVIRONMENT\n.TP\n\\fBCRIER_JID\\fR\n"));
  CHECK(has(page, ".SH EXAMPLES\n.nf\n  crier node create x\n.fi\n"));
  CHECK(has(page, ".TP\n\\fB64\\fR\n"));
}

TEST_CASE("manual_page: nothing that is written there is a command to the typesetter") {
  const DeclaredCommand command{"crier x", ".so /etc/passwd \\n", {}, {}, {}, ".ec\n'ec", ""};
  const auto page = manual_page(command);
  CHECK_FALSE(has(page, "\n.so"));
  CHECK_FALSE(has(page, "\n.ec"));
  CHECK_FALSE(has(page, "\n'ec"));
  CHECK(has(page, "\\en"));
}
