#include "base/namespace_scope.hpp"

#include <crier/namespaces.hpp>

#include <algorithm>

namespace crier {
namespace {

constexpr std::string_view xmlns_namespace = "http://www.w3.org/2000/xmlns/";

/// Whether a name can begin with what `rest` begins with, given that it can stand within a name
/// (XML 1.0 §2.3, NameStartChar against NameChar).
bool starts_a_name(std::string_view rest) {
  const char first = rest.front();
  if ((first >= '0' && first <= '9') || first == '-' || first == '.') return false;
  if (rest.starts_with("\xC2\xB7")) return false;  // U+00B7
  const auto lead = rest.substr(0, 2);
  if (lead >= "\xCC\x80" && lead <= "\xCD\xAF") return false;  // U+0300 to U+036F
  return !rest.starts_with("\xE2\x80\xBF") && !rest.starts_with("\xE2\x81\x80");  // U+203F, U+2040
}

}  // namespace

std::optional<std::string_view> NamespaceScope::find(std::string_view prefix) const {
  for (auto binding = bindings_.rbegin(); binding != bindings_.rend(); ++binding) {
    if (binding->prefix == prefix) return binding->uri;
  }
  return std::nullopt;
}

std::string_view NamespaceScope::interned(std::string_view uri) const {
  const auto same = std::ranges::find(bindings_, uri, &Declaration::uri);
  return same == bindings_.end() ? uri : same->uri;
}

bool may_declare(std::string_view prefix, std::string_view uri) {
  if (prefix == "xml") return uri == ns::xml;
  if (prefix == "xmlns" || uri == ns::xml || uri == xmlns_namespace) return false;
  return prefix.empty() || !uri.empty();
}

std::optional<QualifiedName> split_name(std::string_view name) {
  const auto colon = name.find(':');
  if (colon == std::string_view::npos) return QualifiedName{{}, name};
  const auto local = name.substr(colon + 1);
  if (colon == 0 || local.empty() || !starts_a_name(local)) return std::nullopt;
  if (local.find(':') != std::string_view::npos) return std::nullopt;
  return QualifiedName{name.substr(0, colon), local};
}

}  // namespace crier
