#pragma once
/// Documents at random, full of what is easily lost.

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace crier::test {

/// A new seed for each run, or that of the environment's CRIER_TEST_SEED.
inline std::uint32_t seed() {
  const char* wanted = std::getenv("CRIER_TEST_SEED");
  return wanted != nullptr ? static_cast<std::uint32_t>(std::stoul(wanted))
                           : std::random_device()();
}

class XmlDice {
 public:
  explicit XmlDice(std::uint32_t seed) : dice_(seed) {}

  std::mt19937& dice() { return dice_; }

  /// An element with its namespaces, in at most `levels` levels.
  std::string element(int levels) {
    const auto outer_prefixes = prefixes_.size();
    const auto declarations = some_declarations();
    const auto name = some_name();
    auto xml = fmt::format("<{}{}{}", name, declarations, some_attributes());
    std::string content;
    for (auto pieces = below(5); pieces > 0; --pieces) {
      content += levels > 1 && below(2) == 0 ? element(levels - 1) : some_text();
    }
    prefixes_.resize(outer_prefixes);
    return content.empty() && below(2) == 0 ? xml + "/>" : xml + ">" + content + "</" + name + ">";
  }

  std::size_t below(std::size_t limit) { return dice_() % limit; }

 private:
  template <std::size_t size>
  std::string_view one_of(const std::array<std::string_view, size>& choices) {
    return choices[below(size)];
  }

  std::string some_declarations() {
    constexpr std::array<std::string_view, 4> uris{"urn:1", "urn:2", "http://é.example/&amp;a",
                                                   "u"};
    std::string declarations;
    if (below(4) == 0)
      declarations += fmt::format(" xmlns='{}'", below(3) == 0 ? "" : one_of(uris));
    for (const std::string_view prefix : {"p", "q", "é-1.x"}) {
      if (below(6) != 0) continue;
      declarations += fmt::format(" xmlns:{}=\"{}\"", prefix, one_of(uris));
      prefixes_.emplace_back(prefix);
    }
    return declarations;
  }

  std::string some_prefix() {
    return prefixes_.empty() || below(2) == 0 ? std::string() : prefixes_[below(prefixes_.size())];
  }

  std::string some_name() {
    constexpr std::array<std::string_view, 5> names{"a", "entry", "_-.9", "ñandú", "日本"};
    const auto prefix = some_prefix();
    return fmt::format("{}{}{}", prefix, prefix.empty() ? "" : ":", one_of(names));
  }

  /// Each name once, so that no two can be the same.
  std::string some_attributes() {
    std::string attributes;
    for (const std::string_view name : {"x", "href", "ü"}) {
      if (below(3) != 0) continue;
      const auto prefix = some_prefix();
      const char quote = below(2) == 0 ? '\'' : '"';
      attributes += fmt::format(" {}{}{}={}{}{}", prefix, prefix.empty() ? "" : ":", name, quote,
                                some_value(), quote);
    }
    if (below(8) == 0) attributes += " xml:lang='de'";
    return attributes;
  }

  std::string some_value() {
    constexpr std::array<std::string_view, 14> pieces{
        "v",     "p:x",  "q:y p:z", "é-1.x:", " ",      "&#10;",      "&#9;",
        "&#xD;", "&lt;", "&amp;",   "&quot;", "&apos;", "\U0001F600", ">"};
    std::string value;
    for (auto count = below(4); count > 0; --count) value += one_of(pieces);
    return value;
  }

  std::string some_text() {
    constexpr std::array<std::string_view, 16> pieces{
        "text", "\n",   " ",     "\t",         "&#13;",
        "\r\n", "&lt;", "&amp;", "]]",         "&#x10FFFD;",
        "p:x",  "q:",   "é",     "\U0001F600", "<![CDATA[<&]]]]>",
        "'\""};
    std::string text;
    for (auto count = below(6); count > 0; --count) text += one_of(pieces);
    return text;
  }

  std::mt19937 dice_;
  /// Those in effect.
  std::vector<std::string> prefixes_;
};

}  // namespace crier::test
