#include "model/fields.hpp"

#include <crier/namespaces.hpp>

namespace crier {

namespace {

constexpr std::string_view escaped = "\t\n\\";
constexpr std::string_view letters = "tn\\";

}  // namespace

void write_validation(XmlWriter& out, std::string_view type, std::string_view datatype,
                      std::string_view least, std::string_view most) {
  if (datatype.empty()) return;
  auto validate = out.open("validate", ns::data_forms_validation);
  validate.attr("datatype", datatype);
  if (!least.empty() || !most.empty()) {
    auto range = out.open("range");
    if (!least.empty()) range.attr("min", least);
    if (!most.empty()) range.attr("max", most);
    return;
  }
  out.open(type.starts_with("list") ? "open" : "basic");
}

std::string join_stored(const Values& values) {
  std::string text;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) text += '\t';
    for (const char c : values[i]) {
      const auto at = escaped.find(c);
      if (at == std::string_view::npos)
        text += c;
      else
        (text += '\\') += letters[at];
    }
  }
  return text;
}

Values split_stored(std::string_view text) {
  Values values(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\t') {
      values.emplace_back();
      continue;
    }
    if (text[i] != '\\' || i + 1 == text.size()) {
      values.back() += text[i];
      continue;
    }
    const auto at = letters.find(text[++i]);
    values.back() += at == std::string_view::npos ? text[i] : escaped[at];
  }
  return values;
}

}  // namespace crier
