#include <crier/element.hpp>

#include <algorithm>

namespace crier {

const Element* Element::child(std::string_view wanted_name, std::string_view wanted_ns) const {
  for (const auto& element : children()) {
    if (element.is(wanted_name, wanted_ns)) return &element;
  }
  return nullptr;
}

const Element* Element::first_child() const {
  const auto first = children().begin();
  return first == Iterator() ? nullptr : &*first;
}

std::optional<std::string_view> Element::attribute(std::string_view wanted_name,
                                                   std::string_view wanted_ns) const {
  for (const auto& attribute : attributes) {
    if (attribute.name == wanted_name && attribute.ns == wanted_ns) return attribute.value;
  }
  return std::nullopt;
}

std::string_view Element::attribute_or(std::string_view wanted_name,
                                       std::string_view fallback) const {
  return attribute(wanted_name).value_or(fallback);
}

std::string Element::text() const {
  std::string joined;
  for (const auto* piece = content; piece != nullptr; piece = piece->next) {
    if (piece->element == nullptr) joined += piece->text;
  }
  return joined;
}

}  // namespace crier
