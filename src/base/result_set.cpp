#include "base/result_set.hpp"

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>

#include <algorithm>
#include <charconv>

namespace crier {

Result<PageRequest> PageRequest::parse(const Element& parent) {
  PageRequest page;
  const Element* set = parent.child("set", ns::rsm);
  if (!set) return page;
  if (set->child("index", ns::rsm))
    return errors::feature_not_implemented.because("Pages by index are not served.");
  if (const Element* max = set->child("max", ns::rsm)) {
    const std::string text = max->text();
    std::uint64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size())
      return errors::bad_request.because("The page's max is not a number.");
    page.max = number;
  }
  if (const Element* after = set->child("after", ns::rsm)) page.after = after->text();
  if (const Element* before = set->child("before", ns::rsm)) page.before = before->text();
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

Result<ForwardPage> ForwardPage::parse(const Element& parent, std::size_t max_entries,
                                       std::size_t max_bytes) {
  ForwardPage page;
  page.request_ = TRY(PageRequest::parse(parent));
  if (page.request_.backwards())
    return errors::feature_not_implemented.because("Pages of this list go forward only.");
  page.limit_ = std::min<std::uint64_t>(page.request_.max.value_or(max_entries), max_entries);
  page.max_bytes_ = max_bytes;
  return page;
}

bool ForwardPage::takes(std::size_t bytes, std::string_view id) {
  cut_ = entries_ >= limit_ || (entries_ > 0 && bytes > max_bytes_);
  if (cut_) return false;
  ++entries_;
  if (answer_.first.empty()) answer_.first = id;
  answer_.last = id;
  return true;
}

void ForwardPage::write_set(XmlWriter& out, std::optional<std::uint64_t> count) const {
  if (!cut_ && !request_.partial()) return;
  PageAnswer answer = answer_;
  answer.count = count;
  if (!request_.after) answer.first_index = 0;
  answer.write(out);
}

}  // namespace crier
