#pragma once
/// Makes a Document of tags and texts, as expat tells them without its namespaces.

#include <crier/element.hpp>

#include "base/namespace_scope.hpp"
#include "base/xml_limits.hpp"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crier {

/// Builds one tree after the other. Resolves names, joins the pieces of a text (expat tells each
/// line end on its own), and stops at the limits. The cost is linear in what it is given: names are
/// looked up among at most max_prefixes, and an element's prefixed attributes compared in pairs,
/// of which max_attributes bounds the number.
class TreeBuilder {
 public:
  enum class Outcome {
    taken,
    /// It breaks a rule of namespaces, which expat was not asked to check.
    not_well_formed,
    over_limit,
  };

  /// Of `limits`, the size in bytes is the caller's to check.
  explicit TreeBuilder(const XmlLimits& limits) : limits_(limits) {}

  /// The trees to come stand inside of `outer`, whose declarations are in effect in them.
  void put_inside(const Element& outer);

  /// Begins a tree. What was built before and not taken is gone.
  void begin();
  /// A start tag; `attributes` are names and values in turn and a null pointer.
  Outcome start(const char* name, const char* const* attributes);
  void text(std::string_view piece) { text_.append(piece); }
  void end();
  /// How many elements are open.
  std::size_t depth() const { return open_.size(); }
  /// Why the last start() was not taken, for people to read.
  const std::string& reason() const { return reason_; }

  /// The tree, after the end of its root.
  Document finish(std::size_t bytes);
  /// The root without its content, of a tree that will not be finished. Of a root with too many
  /// attributes it has the first.
  Document header(std::size_t bytes);
  /// Appends the start tags that are open, without attributes; one that was over a limit is not.
  void append_open_tags(std::string& out) const;

 private:
  struct Node {
    Content link;
    Element element;
  };
  struct Open {
    Element* element;
    /// Where the next piece of content is linked in.
    const Content** tail;
    std::size_t children;
    /// How many prefixes were bound around it.
    std::size_t outer_prefixes;
    std::string_view default_namespace;
  };
  struct RawAttribute {
    QualifiedName name;
    std::string_view value;
  };

  std::string_view keep(std::string_view text);
  template <typename T>
  std::span<T> allocate(std::size_t count);
  void flush_text();
  Node* append_node();
  bool split_attributes(const char* const* attributes);
  bool exceed(std::string reason);
  Outcome malformed(std::string reason);
  bool take_declarations(Element& element);
  bool declare(Declaration declaration);
  bool take_attributes(Element& element);
  bool resolve(std::string_view& ns, std::string_view prefix);

  XmlLimits limits_;
  /// Declarations of the element around the trees; each tree gets its own copy.
  std::vector<std::pair<std::string, std::string>> outer_;
  std::string_view outer_default_;

  Arena arena_;
  Element* root_ = nullptr;
  std::vector<Open> open_;
  NamespaceScope scope_;
  std::string text_;
  std::vector<RawAttribute> raw_attributes_;
  std::size_t declaration_count_ = 0;
  bool over_limit_ = false;
  std::string reason_;
};

}  // namespace crier
