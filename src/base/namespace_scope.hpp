#pragma once
/// The namespace declarations in effect while a tree is read (Namespaces in XML 1.0 §6).

#include <crier/element.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace crier {

/// Bindings of prefixes, the innermost last. It looks through them one by one, so whoever adds to
/// it limits how many there are; of the default namespace it knows nothing. The texts lie with the
/// caller.
class NamespaceScope {
 public:
  std::size_t size() const { return bindings_.size(); }
  /// Forgets all bindings but the `size` outermost.
  void shrink_to(std::size_t size) { bindings_.resize(size); }
  void add(Declaration declaration) { bindings_.push_back(declaration); }

  /// The namespace of `prefix`, or nothing when it is not bound.
  std::optional<std::string_view> find(std::string_view prefix) const;
  /// The view of a binding that has the same text as `uri`, or `uri` itself: namespaces that came
  /// from here are equal when they lie at the same address.
  std::string_view interned(std::string_view uri) const;

 private:
  std::vector<Declaration> bindings_;
};

/// Whether `prefix` may be declared to be `uri`: `xml`, `xmlns` and their namespaces are reserved,
/// and only the default namespace can be taken back. Namespaces in XML 1.0 §2.2, §3, §5.
bool may_declare(std::string_view prefix, std::string_view uri);

/// A name as it is written, `prefix:local` or `local`.
struct QualifiedName {
  std::string_view prefix;
  std::string_view local;
};

/// Takes a name apart that is a Name of XML; nothing when it is not a QName (Namespaces in XML 1.0
/// §4).
std::optional<QualifiedName> split_name(std::string_view name);

}  // namespace crier
