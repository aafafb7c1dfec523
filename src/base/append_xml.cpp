/// A part of a tree as XML that means the same wherever it is put.
///
/// Two walks. The first finds what the fragment uses of the declarations around it: the namespace
/// that is the default there, prefixes of names, and what looks like a prefix in a value (`p:` in
/// text or in an attribute), because a QName in content can not be told from other text. The second
/// writes; there the fragment's root also declares what was found, and an element leaves out a
/// declaration that is in effect already.

#include <crier/xml_writer.hpp>

#include "base/namespace_scope.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace crier {
namespace {

/// Whether `text` ends with `prefix` and no longer name of ASCII. What stands before it may be any
/// other character: to declare a prefix too much is harmless.
bool ends_with_prefix(std::string_view text, std::string_view prefix) {
  if (!text.ends_with(prefix)) return false;
  if (text.size() == prefix.size()) return true;
  const char before = text[text.size() - prefix.size() - 1];
  return !((before >= 'a' && before <= 'z') || (before >= 'A' && before <= 'Z') ||
           (before >= '0' && before <= '9') || before == '_' || before == '-' || before == '.');
}

/// The first walk.
class OuterDeclarations {
 public:
  explicit OuterDeclarations(const Element& root) : root_(root) { visit(root); }

  /// What the root must declare besides its own.
  const std::vector<Declaration>& needed() const { return needed_; }

 private:
  void visit(const Element& element) {
    const auto outer_prefixes = scope_.size();
    const bool outer_default = has_default_;
    for (const auto& declaration : element.declarations) {
      if (declaration.prefix.empty()) {
        has_default_ = true;
      } else {
        scope_.add(declaration);
      }
    }
    use(element.prefix, element.ns);
    for (const auto& attribute : element.attributes) {
      if (!attribute.prefix.empty()) use(attribute.prefix, attribute.ns);
      search(attribute.value);
    }
    for (const auto* piece = element.content; piece != nullptr; piece = piece->next) {
      piece->element != nullptr ? visit(*piece->element) : search(piece->text);
    }
    scope_.shrink_to(outer_prefixes);
    has_default_ = outer_default;
  }

  /// A name with that prefix stands in the fragment.
  void use(std::string_view prefix, std::string_view ns) {
    if (prefix.empty()) {
      if (!has_default_) need_default(ns);
    } else if (prefix != "xml" && !scope_.find(prefix)) {
      need({prefix, ns});
    }
  }

  void need_default(std::string_view ns) {
    if (needs_default_) return;
    needs_default_ = true;
    needed_.insert(needed_.begin(), {{}, ns});
  }

  void need(Declaration declaration) {
    if (std::ranges::find(needed_, declaration.prefix, &Declaration::prefix) == needed_.end()) {
      needed_.push_back(declaration);
    }
  }

  /// Looks for prefixes in a value, and needs the declarations of those outside of the fragment.
  void search(std::string_view value) {
    for (auto colon = value.find(':'); colon != value.npos; colon = value.find(':', colon + 1)) {
      gather_outside();
      for (const auto& declaration : outside_) {
        if (!ends_with_prefix(value.substr(0, colon), declaration.prefix)) continue;
        if (!scope_.find(declaration.prefix)) need(declaration);
      }
    }
  }

  void gather_outside() {
    if (std::exchange(gathered_, true)) return;
    for (const auto* around = root_.parent; around != nullptr; around = around->parent) {
      for (const auto& declaration : around->declarations) {
        if (!declaration.prefix.empty()) outside_.push_back(declaration);
      }
    }
  }

  const Element& root_;
  std::vector<Declaration> needed_;
  bool needs_default_ = false;
  /// What is declared inside of the fragment, down to where the walk is.
  NamespaceScope scope_;
  bool has_default_ = false;
  /// What the elements around the fragment declare, the nearest first.
  std::vector<Declaration> outside_;
  bool gathered_ = false;
};

/// The second walk.
class FragmentWriter {
 public:
  FragmentWriter(std::string& out, const Element& root) : out_(out) {
    write(root, OuterDeclarations(root).needed());
  }

 private:
  void write(const Element& element, std::span<const Declaration> from_outside) {
    const auto outer_prefixes = scope_.size();
    const auto outer_default = default_;
    out_ += '<';
    write_name(element.prefix, element.name);
    for (const auto& declaration : from_outside) declare(declaration);
    for (const auto& declaration : element.declarations) declare(declaration);
    for (const auto& attribute : element.attributes) {
      out_ += ' ';
      write_name(attribute.prefix, attribute.name);
      write_value(attribute.value);
    }
    if (element.content == nullptr) {
      out_ += "/>";
    } else {
      out_ += '>';
      write_content(element);
      out_ += "</";
      write_name(element.prefix, element.name);
      out_ += '>';
    }
    scope_.shrink_to(outer_prefixes);
    default_ = outer_default;
  }

  void write_content(const Element& element) {
    for (const auto* piece = element.content; piece != nullptr; piece = piece->next) {
      if (piece->element != nullptr) {
        write(*piece->element, {});
      } else {
        append_text(out_, piece->text);
      }
    }
  }

  void write_name(std::string_view prefix, std::string_view name) {
    if (!prefix.empty()) out_.append(prefix) += ':';
    out_ += name;
  }

  void write_value(std::string_view value) {
    out_ += "='";
    append_attribute_value(out_, value);
    out_ += '\'';
  }

  /// Writes the declaration unless it is in effect.
  void declare(const Declaration& declaration) {
    if (declaration.prefix.empty()) {
      if (default_ == declaration.uri) return;
      default_ = declaration.uri;
      out_ += " xmlns";
    } else {
      if (scope_.find(declaration.prefix) == declaration.uri) return;
      scope_.add(declaration);
      out_.append(" xmlns:") += declaration.prefix;
    }
    write_value(declaration.uri);
  }

  std::string& out_;
  /// What is in effect where the walk is; outside of the fragment nothing is known.
  NamespaceScope scope_;
  std::optional<std::string_view> default_;
};

}  // namespace

void append_xml(std::string& out, const Element& element) {
  FragmentWriter(out, element);
}

std::string to_xml(const Element& element) {
  std::string out;
  append_xml(out, element);
  return out;
}

}  // namespace crier
