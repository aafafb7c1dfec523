#include "base/tree_builder.hpp"

#include <crier/namespaces.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <memory>
#include <new>

namespace crier {
namespace {

/// What the joined texts may keep for the next tree.
constexpr std::size_t max_idle_text = std::size_t{64} * 1024;

bool is_declaration(const QualifiedName& name) {
  return name.prefix.empty() ? name.local == "xmlns" : name.prefix == "xmlns";
}

/// Whether two attributes have the same name after their prefixes are resolved. expat compared
/// them as they are written; the namespaces are interned. Namespaces in XML 1.0 §6.3.
bool has_twins(std::span<const Attribute> attributes) {
  for (auto it = attributes.begin(); it != attributes.end(); ++it) {
    if (it->prefix.empty()) continue;
    const auto is_twin = [&](const Attribute& other) {
      return other.ns.data() == it->ns.data() && other.name == it->name && !other.prefix.empty();
    };
    if (std::any_of(it + 1, attributes.end(), is_twin)) return true;
  }
  return false;
}

}  // namespace

void TreeBuilder::put_inside(const Element& outer) {
  outer_.clear();
  for (const auto& [prefix, uri] : outer.declarations) outer_.emplace_back(prefix, uri);
}

void TreeBuilder::begin() {
  arena_ = Arena();
  root_ = nullptr;
  open_.clear();
  text_.clear();
  if (text_.capacity() > max_idle_text) text_.shrink_to_fit();
  over_limit_ = false;
  scope_.shrink_to(0);
  outer_default_ = {};
  for (const auto& [prefix, uri] : outer_) {
    if (prefix.empty()) {
      outer_default_ = keep(uri);
    } else {
      scope_.add({keep(prefix), scope_.interned(keep(uri))});
    }
  }
}

TreeBuilder::Outcome TreeBuilder::start(const char* name, const char* const* attributes) {
  flush_text();
  if (root_ != nullptr) {
    if (open_.size() >= limits_.max_depth) {
      exceed(fmt::format("more than {} levels of elements", limits_.max_depth));
    }
    if (++open_.back().children > limits_.max_children) {
      exceed(fmt::format("more than {} children of one element", limits_.max_children));
    }
  }
  if (!split_attributes(attributes)) return malformed("a name with misplaced colons");
  // The root is built even then: it is the header.
  if (over_limit_ && root_ != nullptr) return Outcome::over_limit;

  const auto qualified = split_name(name);
  if (!qualified) return malformed("a name with misplaced colons");
  const auto default_namespace = open_.empty() ? outer_default_ : open_.back().default_namespace;
  const auto outer_prefixes = scope_.size();
  auto& element = append_node()->element;
  open_.push_back({&element, &element.content, 0, outer_prefixes, default_namespace});
  if (!take_declarations(element)) return Outcome::not_well_formed;
  element.name = keep(qualified->local);
  element.prefix = keep(qualified->prefix);
  if (!resolve(element.ns, element.prefix)) return Outcome::not_well_formed;
  if (!take_attributes(element)) return Outcome::not_well_formed;
  if (!over_limit_) return Outcome::taken;
  open_.pop_back();
  return Outcome::over_limit;
}

void TreeBuilder::end() {
  flush_text();
  scope_.shrink_to(open_.back().outer_prefixes);
  open_.pop_back();
}

Document TreeBuilder::finish(std::size_t bytes) {
  assert(open_.empty() && root_ != nullptr);
  return Document(std::move(arena_), root_, bytes);
}

Document TreeBuilder::header(std::size_t bytes) {
  root_->content = nullptr;
  open_.clear();
  return Document(std::move(arena_), root_, bytes);
}

void TreeBuilder::append_open_tags(std::string& out) const {
  for (const auto& open : open_) {
    out += '<';
    if (!open.element->prefix.empty()) out.append(open.element->prefix) += ':';
    out.append(open.element->name) += '>';
  }
}

/// Copies `text` into the arena.
std::string_view TreeBuilder::keep(std::string_view text) {
  if (text.empty()) return {};
  auto* copy = static_cast<char*>(arena_.allocate(text.size(), 1));
  std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

template <typename T>
std::span<T> TreeBuilder::allocate(std::size_t count) {
  if (count == 0) return {};
  auto* memory = static_cast<T*>(arena_.allocate(count * sizeof(T), alignof(T)));
  std::uninitialized_value_construct_n(memory, count);
  return {memory, count};
}

/// Links the text gathered since the last tag into the innermost open element.
void TreeBuilder::flush_text() {
  if (text_.empty()) return;
  auto* link = new (arena_.allocate(sizeof(Content), alignof(Content))) Content;
  link->text = keep(text_);
  text_.clear();
  *open_.back().tail = link;
  open_.back().tail = &link->next;
}

/// Links a new element into the innermost open one, or makes it the root.
TreeBuilder::Node* TreeBuilder::append_node() {
  auto* node = new (arena_.allocate(sizeof(Node), alignof(Node))) Node;
  if (open_.empty()) {
    root_ = &node->element;
    return node;
  }
  auto& around = open_.back();
  node->link.element = &node->element;
  node->element.parent = around.element;
  *around.tail = &node->link;
  around.tail = &node->link.next;
  return node;
}

/// Fills raw_attributes_ with at most max_attributes. False when a name is not a QName.
bool TreeBuilder::split_attributes(const char* const* attributes) {
  raw_attributes_.clear();
  declaration_count_ = 0;
  for (; *attributes != nullptr; attributes += 2) {
    if (raw_attributes_.size() == limits_.max_attributes) {
      return exceed(fmt::format("more than {} attributes of one element", limits_.max_attributes));
    }
    const auto name = split_name(attributes[0]);
    if (!name) return false;
    raw_attributes_.push_back({*name, attributes[1]});
    if (is_declaration(*name)) ++declaration_count_;
  }
  return true;
}

/// Notes the limit that was passed; of several the first.
bool TreeBuilder::exceed(std::string reason) {
  if (!over_limit_) reason_ = std::move(reason);
  over_limit_ = true;
  return true;
}

TreeBuilder::Outcome TreeBuilder::malformed(std::string reason) {
  reason_ = std::move(reason);
  return Outcome::not_well_formed;
}

bool TreeBuilder::take_declarations(Element& element) {
  if (declaration_count_ == 0) return true;
  const auto declarations = allocate<Declaration>(declaration_count_);
  std::size_t taken = 0;
  for (const auto& [name, uri] : raw_attributes_) {
    if (!is_declaration(name)) continue;
    const auto prefix = name.prefix.empty() ? std::string_view() : name.local;
    if (!may_declare(prefix, uri)) {
      reason_ = fmt::format("a namespace that can not be declared for '{}'", prefix);
      return false;
    }
    if (prefix == "xml") continue;
    if (!prefix.empty() && scope_.size() >= limits_.max_prefixes) {
      exceed(fmt::format("more than {} namespace prefixes in effect", limits_.max_prefixes));
      break;
    }
    const auto known = prefix.empty() ? std::string_view(uri) : scope_.interned(uri);
    auto& declaration = declarations[taken++];
    declaration = {keep(prefix), known.data() == uri.data() ? keep(uri) : known};
    if (prefix.empty()) {
      open_.back().default_namespace = declaration.uri;
    } else {
      scope_.add(declaration);
    }
  }
  element.declarations = declarations.first(taken);
  return true;
}

bool TreeBuilder::take_attributes(Element& element) {
  const auto attributes = allocate<Attribute>(raw_attributes_.size() - declaration_count_);
  std::size_t taken = 0;
  std::size_t prefixed = 0;
  for (const auto& [name, value] : raw_attributes_) {
    if (is_declaration(name)) continue;
    auto& attribute = attributes[taken++];
    attribute = {{}, keep(name.prefix), keep(name.local), keep(value)};
    if (name.prefix.empty()) continue;
    ++prefixed;
    if (!resolve(attribute.ns, name.prefix)) return false;
  }
  element.attributes = attributes;
  if (prefixed < 2 || !has_twins(attributes)) return true;
  reason_ = "the same attribute under two prefixes";
  return false;
}

/// Sets `ns` to the namespace that `prefix` has here; false when it has none.
bool TreeBuilder::resolve(std::string_view& ns, std::string_view prefix) {
  if (prefix.empty()) {
    ns = open_.back().default_namespace;
    return true;
  }
  if (const auto found = prefix == "xml" ? ns::xml : scope_.find(prefix)) {
    ns = *found;
    return true;
  }
  if (over_limit_) return true;  // Its declaration may be among what was not taken.
  reason_ = fmt::format("the prefix '{}' is not declared", prefix);
  return false;
}

}  // namespace crier
