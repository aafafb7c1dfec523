#include "pubsub/item_page.hpp"

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ranges>
#include <vector>

namespace crier {

namespace {

Result<Seq> seq_of(const std::string& paging_id) {
  std::int64_t number = 0;
  const char* end = paging_id.data() + paging_id.size();
  const auto parsed = std::from_chars(paging_id.data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end || number < 0)
    return errors::item_not_found.because("The page starts at no item of this node.");
  return Seq{number};
}

std::string paging_id(Seq seq) {
  return std::to_string(static_cast<std::int64_t>(seq));
}

}  // namespace

Result<ItemPage> ItemPage::parse(const Element& parent, std::optional<std::uint64_t> max_items,
                                 const Node& node, const Policy& policy) {
  const auto request = TRY(PageRequest::parse(parent));
  ItemPage page;
  page.paged_ = request.partial();
  page.range_.newest = request.backwards() || (max_items && !request.after);
  if (request.after) page.range_.after = TRY(seq_of(*request.after));
  if (request.before && !request.before->empty()) page.range_.before = TRY(seq_of(*request.before));
  page.asked_ =
      std::min(request.max.value_or(node.item_count), max_items.value_or(node.item_count));
  page.asked_ = std::min(page.asked_, node.item_count);
  page.range_.limit = std::min<std::uint64_t>(page.asked_, policy.page_items);
  page.max_bytes_ = policy.page_bytes;
  if (request.index) TRY(page.start_at(*request.index, node.item_count));
  return page;
}

Result<void> ItemPage::start_at(std::uint64_t index, std::uint64_t count) {
  index_ = std::min(index, count);
  const auto behind = count - index_;
  range_.limit = std::min<std::uint64_t>(range_.limit, behind);
  const auto from_end = behind - range_.limit;
  // From the nearer end, and not from too far. XEP-0059 §2.6
  range_.newest = from_end < index_;
  range_.offset = std::min(from_end, index_);
  if (range_.offset > ListPage::greatest_index)
    return errors::feature_not_implemented.because(
        fmt::format("A page by index lies within {} items of an end.", ListPage::greatest_index));
  return {};
}

void ItemPage::write_items(std::string& out, Turn& turn, const Node& node, const Write& write) {
  if (range_.limit == 0) return;
  std::string scratch;
  std::vector<std::size_t> ends;
  turn.store().items(node, range_, [&](const StoredItem& item) {
    const auto start = scratch.size();
    {
      XmlWriter writer(scratch);
      write(writer, item);
    }
    if (!ends.empty() && scratch.size() > max_bytes_) {
      scratch.resize(start);
      return false;
    }
    if (ends.empty()) oldest_ = newest_ = item.seq;
    (range_.newest ? oldest_ : newest_) = item.seq;
    ends.push_back(scratch.size());
    return true;
  });
  written_ = ends.size();
  if (!range_.newest) {
    out += scratch;
    return;
  }
  for (auto i = ends.size(); i-- > 0;) {
    const auto start = i == 0 ? 0 : ends[i - 1];
    out.append(scratch, start, ends[i] - start);
  }
}

void ItemPage::write_set(XmlWriter& out, const Node& node) const {
  if (!paged_ && written_ == asked_) return;
  PageAnswer answer;
  answer.count = node.item_count;
  if (written_ > 0) {
    answer.first = paging_id(oldest_);
    answer.last = paging_id(newest_);
    if (index_ > 0 || range_.offset > 0)
      answer.first_index = index_;
    else if (!range_.newest && !range_.after)
      answer.first_index = 0;
    else if (range_.newest && !range_.before)
      answer.first_index = node.item_count - written_;
  }
  answer.write(out);
}

}  // namespace crier
