#pragma once
/// Whether a stanza is what an example prints, up to what the service makes up itself. The rules
/// are in tests/examples/README.md.

#include <crier/element.hpp>

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace crier::test {

/// What a conversation prints for values that the service makes up (SubIDs, ItemIDs, sessions), and
/// what the service made: the same value wherever the same text is printed, another for another.
class Generated {
 public:
  /// `printed` are the texts, separated by spaces.
  explicit Generated(std::string_view printed);

  /// Whether `actual` is what `printed` stands for; the first time decides what that is.
  bool is(std::string_view printed, std::string_view actual);
  /// `stanza` as it is sent: with what the service made for what is printed.
  std::string filled_in(std::string stanza) const;

 private:
  std::set<std::string, std::less<>> printed_;
  std::map<std::string, std::string, std::less<>> made_;
};

/// `<any:content/>`, `<any:stanzas/>`: where a conversation leaves things open.
inline constexpr std::string_view any_ns = "urn:crier:any";

/// Whether the stanza is what is expected. `generated` learns from it only if so.
bool matches(const Element& expected, const Element& actual, Generated& generated);

}  // namespace crier::test
