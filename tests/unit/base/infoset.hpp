#pragma once
/// What an XML text says, as a text that is equal when they say the same.

#include <crier/element.hpp>

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>

namespace crier::test {

/// The namespace that `prefix` has at `element`, as the declarations in the tree say.
inline std::optional<std::string_view> meaning(std::string_view prefix, const Element* element) {
  for (; element != nullptr; element = element->parent) {
    for (const auto& declaration : element->declarations) {
      if (declaration.prefix == prefix) return declaration.uri;
    }
  }
  return std::nullopt;
}

/// Names with namespaces and prefixes, attributes in order, content in order. Where namespaces are
/// declared does not matter.
inline void append_infoset(std::string& out, const Element& element) {
  out += fmt::format("({{{}}}{}:{}", element.ns, element.prefix, element.name);
  for (const auto& attribute : element.attributes) {
    out += fmt::format(" {{{}}}{}:{}=[{}]", attribute.ns, attribute.prefix, attribute.name,
                       attribute.value);
  }
  for (const auto* piece = element.content; piece != nullptr; piece = piece->next) {
    if (piece->element != nullptr) {
      append_infoset(out, *piece->element);
    } else {
      out += fmt::format("[{}]", piece->text);
    }
  }
  out += ')';
}

inline std::string infoset(const Element& element) {
  std::string out;
  append_infoset(out, element);
  return out;
}

}  // namespace crier::test
