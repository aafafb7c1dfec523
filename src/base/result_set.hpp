#pragma once
/// Result Set Management: which page of a list is asked for, and which one was given. XEP-0059.

#include <crier/element.hpp>
#include <crier/error.hpp>
#include <crier/range.hpp>
#include <crier/xml_writer.hpp>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crier {

/// The `<set/>` of a request.
struct PageRequest {
  /// The most entries that the page may have. §2.1
  std::optional<std::uint64_t> max;
  /// Only what comes after this one. §2.2
  std::optional<std::string> after;
  /// Only what comes before this one; empty: the last page of all. §2.3, §2.5
  std::optional<std::string> before;
  /// Only what comes after so many entries from the start of the list. §2.6
  std::optional<std::uint64_t> index;

  /// The page is counted from the end of the range.
  bool backwards() const { return before.has_value(); }
  /// There was a `<set/>` that asks for a part of the list.
  bool partial() const { return max || after || before || index; }

  /// Reads the `<set/>` among the children of `parent`; without one, a request for everything.
  /// Refuses with bad-request what is no number, or two starts of one page.
  static Result<PageRequest> parse(const Element& parent);
};

/// The `<set/>` of a reply. §2.1, §2.6.
struct PageAnswer {
  std::string first;
  std::string last;
  /// Where the first entry stands in the whole list, if that is known at no cost.
  std::optional<std::uint64_t> first_index;
  /// How many entries the whole list has, if that is known at no cost.
  std::optional<std::uint64_t> count;

  /// An answer without entries has a count at the most. §2.7.
  void write(XmlWriter& out) const;
};

using ListRange = Range<std::string>;

/// What of `list`, which lies in memory in the order of its ids, is in the range. `id_of` gives the
/// id of an entry. O(log list + range).
template <class Entry, class Id, class IdOf>
std::vector<Entry> part_of(const std::vector<Entry>& list, const Range<Id>& range, IdOf id_of) {
  auto first = list.begin();
  auto last = list.end();
  if (range.from && !range.backwards)
    first = std::ranges::upper_bound(list, *range.from, {}, id_of);
  if (range.from && range.backwards) last = std::ranges::lower_bound(list, *range.from, {}, id_of);
  const auto size =
      std::min<std::ptrdiff_t>(last - first, static_cast<std::ptrdiff_t>(range.limit));
  if (!range.backwards) return {first, first + size};
  return {std::make_reverse_iterator(last), std::make_reverse_iterator(last - size)};
}

/// One page of a list whose entries have ids in the order of the list, so that an id is a place
/// there, whether or not its entry is.
///
///     auto page = TRY(ListPage::parse(request.payload, limits…));
///     auto entries = … what the list has in page.range(), nearest to `from` first …
///     page.write_entries(out, entries, id_of, write_entry);
///     page.write_set(out, count);
class ListPage {
 public:
  /// No page starts at a greater index: the way there is walked.
  static constexpr std::uint64_t greatest_index = 10'000;

  /// No page has more entries than `max_entries`, nor more than about `max_bytes`.
  /// Refuses as PageRequest does, and with feature-not-implemented a page at too great an index.
  static Result<ListPage> parse(const Element& parent, std::size_t max_entries,
                                std::size_t max_bytes);

  /// What to take from the list: one entry more than the page has, to know whether it is the last.
  ListRange range() const;

  /// Appends the page to `out`, in the order of the list. `entries` is what range() gave.
  template <class Entry, class IdOf, class WriteEntry>
  void write_entries(XmlWriter& out, const std::vector<Entry>& entries, IdOf id_of,
                     WriteEntry write_entry) {
    std::vector<std::string> texts;
    std::size_t bytes = 0;
    for (std::size_t i = skipped(); i < entries.size(); ++i) {
      if (texts.size() == limit_ || (!texts.empty() && bytes > max_bytes_)) break;
      texts.push_back(written([&](XmlWriter& text) { write_entry(text, entries[i]); }));
      bytes += texts.back().size();
      taken(id_of(entries[i]));
    }
    complete_ = skipped() + texts.size() >= entries.size();
    if (backwards()) std::reverse(texts.begin(), texts.end());
    for (const auto& text : texts) out.raw(text);
  }

  /// Writes the `<set/>`, if a page was asked for or the list is longer than the page. `count` is
  /// how many entries the list has, if that is known; it is known anyhow when the page is all of
  /// it.
  void write_set(XmlWriter& out, std::optional<std::uint64_t> count) const;

 private:
  bool backwards() const { return request_.backwards(); }
  /// How many entries lie before the page in what range() gave.
  std::size_t skipped() const { return static_cast<std::size_t>(request_.index.value_or(0)); }
  void taken(std::string id);

  PageRequest request_;
  std::size_t limit_ = 0;
  std::size_t max_bytes_ = 0;
  // What write_entries found.
  std::string first_;
  std::string last_;
  std::size_t entries_ = 0;
  bool complete_ = true;
};

}  // namespace crier
