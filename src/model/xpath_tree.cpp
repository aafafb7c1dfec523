#include "model/xpath_tree.hpp"

namespace crier::xpath {

Tree::Tree(const Element& payload, Budget& budget) {
  struct Open {
    std::uint32_t place;
    const Content* next;
  };
  add(nullptr, {});
  std::vector<Open> open{{add(&payload, {}), payload.content}};
  while (!open.empty()) {
    const Content* piece = open.back().next;
    if (!piece || !budget.spend()) {
      places_[open.back().place].end = static_cast<std::uint32_t>(places_.size());
      open.pop_back();
      continue;
    }
    open.back().next = piece->next;
    const auto place = add(piece->element, piece->text);
    if (piece->element) open.push_back({place, piece->element->content});
  }
  places_[document.place].end = static_cast<std::uint32_t>(places_.size());
}

std::uint32_t Tree::add(const Element* element, std::string_view text) {
  const auto place = static_cast<std::uint32_t>(places_.size());
  places_.push_back({element, text, place + 1});
  return place;
}

std::string Tree::string_value(Node node, Budget& budget) const {
  std::string value;
  if (node.attribute > 0) {
    const auto& attribute = places_[node.place].element->attributes[node.attribute - 1];
    if (budget.spend_on_text(attribute.value.size())) value = attribute.value;
    return value;
  }
  for (auto place = node.place; place < end(node.place); ++place) {
    const auto text = places_[place].text;
    if (!budget.spend_on_text(text.size())) break;
    value += text;
  }
  return value;
}

}  // namespace crier::xpath
