#include <crier/xml_writer.hpp>

#include "base/infoset.hpp"
#include "base/xml_dice.hpp"

#include <doctest/doctest.h>

#include <cctype>

using namespace crier;
using test::infoset;
using test::meaning;

namespace {

/// Whether `prefix:` stands in the attributes or directly in the text of `element`.
bool may_use(const Element& element, std::string_view prefix) {
  const auto stands_in = [&](std::string_view value) {
    const auto at = value.find(std::string(prefix) + ":");
    return at == 0 ||
           (at != value.npos && std::isalnum(static_cast<unsigned char>(value[at - 1])) == 0);
  };
  for (const auto& attribute : element.attributes) {
    if (stands_in(attribute.value)) return true;
  }
  for (const auto* piece = element.content; piece != nullptr; piece = piece->next) {
    if (piece->element == nullptr && stands_in(piece->text)) return true;
  }
  return false;
}

/// Whether each prefix that is declared around an element of `before` that may use it is declared
/// as the same in `after`.
bool means_the_same(const Element& before, const Element& after) {
  for (const std::string_view prefix : {"p", "q", "é-1.x"}) {
    const auto declared = meaning(prefix, &before);
    if (declared && may_use(before, prefix) && meaning(prefix, &after) != declared) return false;
  }
  auto child = after.children().begin();
  for (const auto& element : before.children()) {
    if (!means_the_same(element, *child++)) return false;
  }
  return true;
}

/// Whether an element declares what is in effect around it already.
bool repeats_a_declaration(const Element& element) {
  for (const auto& [prefix, uri] : element.declarations) {
    if (element.parent != nullptr && meaning(prefix, element.parent) == uri) return true;
  }
  for (const auto& child : element.children()) {
    if (repeats_a_declaration(child)) return true;
  }
  return false;
}

/// `element` as a fragment, put where all its prefixes mean something else.
void check_elsewhere(const Element& element) {
  const auto fragment = to_xml(element);
  CAPTURE(fragment);
  const auto around =
      parse_xml("<x xmlns='urn:x' xmlns:p='urn:x:p' xmlns:q='urn:x:q'>" + fragment + "</x>");
  REQUIRE(around);
  const auto& copy = *around->root().first_child();
  CHECK(infoset(copy) == infoset(element));
  CHECK(means_the_same(element, copy));
  CHECK_FALSE(repeats_a_declaration(copy));
  CHECK(to_xml(parse_xml(fragment)->root()) == fragment);
  for (const auto& child : element.children()) check_elsewhere(child);
}

}  // namespace

TEST_CASE("invariant 3: any element of any document means the same wherever it is put") {
  const auto seed = test::seed();
  CAPTURE(seed);
  test::XmlDice dice(seed);
  for (int round = 0; round < 500; ++round) {
    const auto xml = dice.element(5);
    CAPTURE(xml);
    const auto document = parse_xml(xml);
    REQUIRE(document);
    check_elsewhere(document->root());
  }
}
