/// Keywords are looked for in the payload's text: all of its character data, joined in document
/// order, so that a word may be broken by markup; and in each value of an attribute by itself.
/// The case of letters makes no difference (model/case_folding.hpp), nor does how much white space
/// stands between words.

#include <crier/content_filter.hpp>

#include "model/case_folding.hpp"
#include "model/white_space.hpp"
#include "model/xpath.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace crier {

namespace {

constexpr std::size_t max_keywords = 16;
constexpr std::size_t max_keyword_bytes = 256;
constexpr std::size_t max_namespace_bytes = 1024;

std::string comparable(std::string_view text) {
  return fold_case(normalize_space(text));
}

/// What of `payload` is searched, in a form to be searched. NUL, which is no character of XML,
/// stands between texts that no keyword may cross. Linear, and does not recurse.
std::string searched_text(const Element& payload) {
  std::string text;
  std::string values;
  std::vector<const Content*> open;
  const auto enter = [&](const Element& element) {
    for (const auto& attribute : element.attributes) {
      values += '\0';
      values += normalize_space(attribute.value);
    }
    open.push_back(element.content);
  };
  enter(payload);
  while (!open.empty()) {
    const Content* piece = open.back();
    if (!piece) {
      open.pop_back();
      continue;
    }
    open.back() = piece->next;
    if (piece->element)
      enter(*piece->element);
    else
      text += piece->text;
  }
  return fold_case(normalize_space(text) + values);
}

/// By memmem, which unlike find() does not cost the product of both sizes.
bool holds(std::string_view text, std::string_view keyword) {
  return memmem(text.data(), text.size(), keyword.data(), keyword.size()) != nullptr;
}

std::optional<std::string> problem_of_keyword(std::string_view keyword) {
  if (keyword.size() > max_keyword_bytes)
    return fmt::format("A keyword has at most {} bytes.", max_keyword_bytes);
  if (keyword.find_first_not_of(white_space) == keyword.npos)
    return "A keyword holds something besides white space.";
  return std::nullopt;
}

bool passes_keywords(const std::vector<std::string>& keywords, const Element& payload) {
  if (keywords.empty()) return true;
  const auto text = searched_text(payload);
  return std::ranges::all_of(
      keywords, [&](const std::string& keyword) { return holds(text, comparable(keyword)); });
}

bool passes_xpath(std::string_view text, const Element& payload) {
  if (text.empty()) return true;
  const auto parsed = XPath::parse(text);
  const auto* expression = std::get_if<XPath>(&parsed);
  return expression && expression->matches(payload);
}

}  // namespace

std::optional<std::string> problem_of(const ContentFilter& filter) {
  if (filter.keywords.size() > max_keywords)
    return fmt::format("There are at most {} keywords.", max_keywords);
  for (const auto& keyword : filter.keywords)
    if (auto problem = problem_of_keyword(keyword)) return problem;
  if (filter.payload_namespace.size() > max_namespace_bytes)
    return fmt::format("A namespace has at most {} bytes.", max_namespace_bytes);
  if (filter.xpath.empty()) return std::nullopt;
  const auto parsed = XPath::parse(filter.xpath);
  const auto* problem = std::get_if<std::string>(&parsed);
  return problem ? std::optional(*problem) : std::nullopt;
}

bool passes(const ContentFilter& filter, const Element* payload) {
  if (filter.empty()) return true;
  if (!payload) return false;
  if (!filter.payload_namespace.empty() && payload->ns != filter.payload_namespace) return false;
  return passes_keywords(filter.keywords, *payload) && passes_xpath(filter.xpath, *payload);
}

}  // namespace crier
