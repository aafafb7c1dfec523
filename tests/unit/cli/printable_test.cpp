#include "cli/printable.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace crier::cli;

TEST_CASE("printable: letters of all scripts stay, what moves the cursor does not") {
  CHECK(printable("Föö ☃ 日本 😀") == "Föö ☃ 日本 😀");
  CHECK(printable("a\nb\tc") == "a\\nb\\tc");
  CHECK(printable("\x1b[2J") == "\\u001b[2J");
  CHECK(printable("\xc2\x9b"
                  "2J") == "\\u009b2J");
  CHECK(printable(std::string_view("\0", 1)) == "\\u0000");
}

TEST_CASE("printable: what turns the writing around is shown as what it is") {
  CHECK(printable("a\u202eb\u2066c") == "a\\u202eb\\u2066c");
  CHECK(printable("a\u2028b") == "a\\u2028b");
}

TEST_CASE("printable: bytes that are not UTF-8 are shown in hexadecimal") {
  CHECK(printable("a\xff\xfe") == "a\\xff\\xfe");
  CHECK(printable("cut \xe2\x98") == "cut \\xe2\\x98");
}

TEST_CASE("printable_xml: late control characters become references, all else stays") {
  CHECK(printable_xml("<a b='\xc2\x9b'>\n\t\x7fü</a>") == "<a b='&#x9b;'>\n\t&#x7f;ü</a>");
  CHECK(printable_xml("ends in \xc2") == "ends in \xc2");
}

TEST_CASE("printable_json: late control characters become escapes") {
  CHECK(printable_json("\"\xc2\x9b\x7fü\"") == "\"\\u009b\\u007fü\"");
}

TEST_CASE("display_width: wide characters take two columns, combining ones none") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("日本") == 4);
  CHECK(display_width("e\u0301") == 1);
  CHECK(display_width("😀") == 2);
  CHECK(display_width("") == 0);
}

TEST_CASE("fit: text that is too wide is cut in front of a whole character") {
  CHECK(fit("abcdef", 6) == "abcdef");
  CHECK(fit("abcdef", 5) == "abcd…");
  CHECK(fit("日本語", 6) == "日本語");
  CHECK(fit("日本語", 5) == "日本…");
  CHECK(fit("日本語", 4) == "日…");
}
