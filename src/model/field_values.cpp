/// The types of form fields that take more than a line to read.

#include <crier/jid.hpp>

#include "model/fields.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace crier {

namespace {

/// NodeIDs, prepared, sorted, each once; what is empty is passed over.
bool read_names(const Values& values, std::vector<std::string>& names) {
  names.clear();
  for (const auto& value : values) {
    if (value.empty()) continue;
    auto name = prepare_resource(value);
    if (!name) return false;
    names.push_back(std::move(*name));
  }
  std::ranges::sort(names);
  const auto twice = std::ranges::unique(names);
  names.erase(twice.begin(), twice.end());
  return true;
}

}  // namespace

bool FieldValue<Parents>::read(const Values& values, Parents& parents) {
  return read_names(values, parents.names);
}

bool FieldValue<Children>::read(const Values& values, Children& children) {
  return read_names(values, children.names);
}

bool FieldValue<GroupList>::read(const Values& values, GroupList& groups) {
  groups.names = values;
  std::erase(groups.names, "");
  std::ranges::sort(groups.names);
  const auto twice = std::ranges::unique(groups.names);
  groups.names.erase(twice.begin(), twice.end());
  return true;
}

bool FieldValue<JidList>::read(const Values& values, JidList& list) {
  list.jids.clear();
  std::unordered_set<std::string> known;
  for (const auto& value : values) {
    const auto jid = Jid::parse(value);
    if (!jid) return false;
    if (known.insert(jid->text()).second) list.jids.push_back(jid->text());
  }
  return true;
}

namespace {

/// What is offered; any other tag may be submitted as well.
constexpr std::array<Choice, 24> languages{{
    {"ar", "العربية"},  {"cs", "Čeština"},    {"da", "Dansk"},      {"de", "Deutsch"},
    {"el", "Ελληνικά"}, {"en", "English"},    {"es", "Español"},    {"fa", "فارسی"},
    {"fi", "Suomi"},    {"fr", "Français"},   {"he", "עברית"},      {"hi", "हिन्दी"},
    {"it", "Italiano"}, {"ja", "日本語"},     {"ko", "한국어"},     {"nl", "Nederlands"},
    {"pl", "Polski"},   {"pt", "Português"},  {"ru", "Русский"},    {"sv", "Svenska"},
    {"tr", "Türkçe"},   {"uk", "Українська"}, {"vi", "Tiếng Việt"}, {"zh", "中文"},
}};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Subtags of 1 to 8 letters and digits with hyphens between them, the first one of letters.
/// RFC 5646 §2.1
bool is_language_tag(std::string_view tag) {
  if (tag.size() > 255 || tag.empty()) return false;
  std::size_t length = 0;
  bool first = true;
  for (const char c : tag) {
    if (c == '-') {
      if (length == 0) return false;
      length = 0;
      first = false;
      continue;
    }
    const bool digit = c >= '0' && c <= '9';
    if (!is_letter(c) && (first || !digit)) return false;
    if (++length > 8) return false;
  }
  return length > 0;
}

}  // namespace

std::span<const Choice> FieldValue<Language>::choices() {
  return languages;
}

Values FieldValue<Language>::write(const Language& language) {
  return language.tag.empty() ? Values{} : Values{language.tag};
}

bool FieldValue<Language>::read(const Values& values, Language& language) {
  if (values.size() > 1) return false;
  language.tag = values.empty() ? "" : values.front();
  return language.tag.empty() || is_language_tag(language.tag);
}

}  // namespace crier
