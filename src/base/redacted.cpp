#include "base/redacted.hpp"

#include <algorithm>
#include <array>

namespace crier {

namespace {

constexpr std::array<std::string_view, 4> secret_elements{"password", "digest", "handshake",
                                                          "secret"};
constexpr std::array<std::string_view, 3> secret_marks{"text-private", "password", "secret"};

/// The name in a start tag's text, such as `<p:password xml:lang='en'>`, as it is written.
std::string_view name_in(std::string_view tag) {
  return tag.substr(1, tag.find_first_of(" />", 1) - 1);
}

std::string_view local_part(std::string_view name) {
  return name.substr(name.find(':') + 1);
}

bool is_secret(std::string_view tag) {
  const auto name = local_part(name_in(tag));
  if (std::ranges::find(secret_elements, name) != secret_elements.end()) return true;
  return name == "field" && std::ranges::any_of(secret_marks, [&](std::string_view mark) {
           return tag.find(mark) != tag.npos;
         });
}

/// Where the end tag begins of the element called `name` whose content begins at `at`.
std::size_t end_of(std::string_view xml, std::string_view name, std::size_t at) {
  for (int depth = 1; (at = xml.find('<', at)) != xml.npos; ++at) {
    const auto tag = xml.substr(at, xml.find('>', at) - at + 1);
    const bool closes = tag.starts_with("</");
    if (name_in(closes ? tag.substr(1) : tag) != name) continue;
    if (closes && --depth == 0) return at;
    if (!closes && !tag.ends_with("/>")) ++depth;
  }
  return xml.size();
}

}  // namespace

std::string redacted(std::string_view xml) {
  std::string out;
  std::size_t shown = 0;
  for (std::size_t at = 0; (at = xml.find('<', at)) != xml.npos;) {
    const auto end = xml.find('>', at);
    if (end == xml.npos) break;
    const auto tag = xml.substr(at, end - at + 1);
    at = end + 1;
    if (tag.starts_with("</") || tag.ends_with("/>") || !is_secret(tag)) continue;
    out.append(xml.substr(shown, at - shown)).append("[redacted]");
    shown = at = end_of(xml, name_in(tag), at);
  }
  return out.append(xml.substr(shown));
}

}  // namespace crier
