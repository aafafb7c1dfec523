#include "base/result_set.hpp"

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace crier {

namespace {

/// The number in the child of that name; nothing when there is none.
Result<std::optional<std::uint64_t>> number_in(const Element& set, std::string_view name) {
  const Element* element = set.child(name, ns::rsm);
  if (!element) return std::optional<std::uint64_t>();
  const std::string text = element->text();
  std::uint64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size())
    return errors::bad_request.because(fmt::format("The page's {} is not a number.", name));
  return std::optional(number);
}

}  // namespace

Result<PageRequest> PageRequest::parse(const Element& parent) {
  PageRequest page;
  const Element* set = parent.child("set", ns::rsm);
  if (!set) return page;
  page.max = TRY(number_in(*set, "max"));
  page.index = TRY(number_in(*set, "index"));
  if (const Element* after = set->child("after", ns::rsm)) page.after = after->text();
  if (const Element* before = set->child("before", ns::rsm)) page.before = before->text();
  if (page.index && (page.after || page.before))
    return errors::bad_request.because("A page starts at an index, or at an entry.");
  return page;
}

void PageAnswer::write(XmlWriter& out) const {
  auto set = out.open("set", ns::rsm);
  if (!first.empty()) {
    auto element = out.open("first");
    if (first_index) element.attr("index", std::to_string(*first_index));
    element.text(first);
  }
  if (!last.empty()) out.leaf("last", last);
  if (count) out.leaf("count", std::to_string(*count));
}

Result<ListPage> ListPage::parse(const Element& parent, std::size_t max_entries,
                                 std::size_t max_bytes) {
  ListPage page;
  page.request_ = TRY(PageRequest::parse(parent));
  if (page.request_.index.value_or(0) > greatest_index)
    return errors::feature_not_implemented.because(
        fmt::format("The pages of this list start at an index up to {}.", greatest_index));
  page.limit_ = std::min<std::uint64_t>(page.request_.max.value_or(max_entries), max_entries);
  page.max_bytes_ = max_bytes;
  return page;
}

ListRange ListPage::range() const {
  ListRange range;
  range.backwards = backwards();
  range.from = backwards() ? request_.before : request_.after;
  if (range.from == "") range.from.reset();
  range.limit = skipped() + limit_ + 1;
  return range;
}

void ListPage::taken(std::string id) {
  if (entries_++ == 0) first_ = last_ = id;
  (backwards() ? first_ : last_) = std::move(id);
}

void ListPage::write_set(XmlWriter& out, std::optional<std::uint64_t> count) const {
  if (complete_ && !request_.partial()) return;
  PageAnswer answer{.first = first_, .last = last_, .first_index = {}, .count = count};
  const bool from_start = !request_.after && !backwards();
  if (from_start && complete_ && limit_ > 0) answer.count = skipped() + entries_;
  if (from_start)
    answer.first_index = skipped();
  else if (request_.before == "" && answer.count)
    answer.first_index = *answer.count - entries_;
  answer.write(out);
}

}  // namespace crier
