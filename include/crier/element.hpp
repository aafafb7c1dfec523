#pragma once
/// XML as a tree that lies in one arena: what a stanza is after it was read.
///
/// A Document owns the arena; every Element, attribute and text in it is a view into it, valid as
/// long as the Document lives, and immutable. The tree keeps the whole infoset of what was read:
/// namespaces and prefixes of elements and attributes, the namespace declarations where they
/// stood (a prefix may be used inside of values), mixed content in order, every white space.

#include <crier/arena.hpp>

#include <cstddef>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace crier {

class Element;

/// One attribute. `ns` and `prefix` are empty for an attribute without prefix.
struct Attribute {
  std::string_view ns;
  std::string_view prefix;
  std::string_view name;
  std::string_view value;
};

/// One namespace declaration; `prefix` is empty for the default namespace.
struct Declaration {
  std::string_view prefix;
  std::string_view uri;
};

/// One link of an element's content: an element, or a run of text when `element` is null.
struct Content {
  const Element* element = nullptr;
  std::string_view text;
  const Content* next = nullptr;
};

class Element {
 public:
  /// Walks over the child elements, passing text by.
  class Iterator {
   public:
    using value_type = const Element;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    explicit Iterator(const Content* at) : at_(at) { skip_text(); }
    const Element& operator*() const { return *at_->element; }
    const Element* operator->() const { return at_->element; }
    Iterator& operator++() {
      at_ = at_->next;
      skip_text();
      return *this;
    }
    Iterator operator++(int) {
      auto old = *this;
      ++*this;
      return old;
    }
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    void skip_text() {
      while (at_ && !at_->element) at_ = at_->next;
    }
    const Content* at_ = nullptr;
  };
  struct Children {
    const Content* first;
    Iterator begin() const { return Iterator(first); }
    Iterator end() const { return Iterator(); }
    bool empty() const { return begin() == end(); }
  };

  std::string_view name;
  std::string_view ns;
  std::string_view prefix;
  std::span<const Attribute> attributes;
  std::span<const Declaration> declarations;
  /// Elements and text in document order.
  const Content* content = nullptr;
  /// The element that holds this one; null for the root.
  const Element* parent = nullptr;

  bool is(std::string_view name_, std::string_view ns_) const { return name == name_ && ns == ns_; }
  /// The child elements, without the text between them.
  Children children() const { return {content}; }
  /// The first child of that name and namespace, or null.
  const Element* child(std::string_view name, std::string_view ns) const;
  /// The first child element, or null.
  const Element* first_child() const;
  /// The value of the attribute, or nothing when it is absent.
  std::optional<std::string_view> attribute(std::string_view name, std::string_view ns = {}) const;
  /// The value of the attribute, or `fallback` when it is absent.
  std::string_view attribute_or(std::string_view name, std::string_view fallback) const;
  /// The texts directly inside of this element, joined.
  std::string text() const;
};

/// A tree and the memory that it lies in. Moved, never copied.
class Document {
 public:
  Document() = default;
  Document(Arena arena, const Element* root, std::size_t bytes)
      : arena_(std::move(arena)), root_(root), bytes_(bytes) {}

  const Element& root() const { return *root_; }
  explicit operator bool() const { return root_ != nullptr; }
  /// How many bytes the text had that the tree was read from.
  std::size_t bytes() const { return bytes_; }

 private:
  Arena arena_;
  const Element* root_ = nullptr;
  std::size_t bytes_ = 0;
};

/// Reads one whole document, for what does not come over a stream: stored forms, files, tests.
/// Nothing when `xml` is not well-formed, holds a DTD, is nested deeper than 512 levels, or has
/// more than 256 attributes on one element or 128 prefixes in effect. Comments and processing
/// instructions are passed over.
std::optional<Document> parse_xml(std::string_view xml);

}  // namespace crier
