#pragma once
/// Result Set Management: which page of a list is asked for, and which one was given. XEP-0059.

#include <crier/element.hpp>
#include <crier/error.hpp>
#include <crier/xml_writer.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crier {

/// The `<set/>` of a request.
struct PageRequest {
  /// The most entries that the page may have. §2.1
  std::optional<std::uint64_t> max;
  /// Only what comes after this one. §2.2
  std::optional<std::string> after;
  /// Only what comes before this one; empty: the last page of all. §2.3, §2.5
  std::optional<std::string> before;

  /// The page is counted from the end of the range.
  bool backwards() const { return before.has_value(); }
  /// There was a `<set/>` that asks for a part of the list.
  bool partial() const { return max || after || before; }

  /// Reads the `<set/>` among the children of `parent`; without one, a request for everything.
  /// Refuses with bad-request what is no number, feature-not-implemented a page by index (§2.6).
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

/// Writes a list page by page, from its start or from behind the entry that `after` names.
///
///     for (const auto& entry : list_from(page.after())) {
///       if (!page.takes(out.size(), entry.id)) break;
///       … write the entry …
///     }
///     page.write_set(writer, count);
class ForwardPage {
 public:
  /// No page has more entries than `max_entries`, nor begins an entry behind `max_bytes`.
  /// Refuses as PageRequest does, and with feature-not-implemented a page that goes backwards.
  static Result<ForwardPage> parse(const Element& parent, std::size_t max_entries,
                                   std::size_t max_bytes);

  /// The entry before the first one of the page; nothing: the page starts where the list does.
  const std::optional<std::string>& after() const { return request_.after; }
  /// How many entries the page has at the most.
  std::size_t limit() const { return limit_; }
  /// Whether the page has room for the entry of that id, after `bytes` bytes; then counts it in.
  bool takes(std::size_t bytes, std::string_view id);
  /// Writes the `<set/>`, if a page was asked for or the list is longer than the page.
  void write_set(XmlWriter& out, std::optional<std::uint64_t> count) const;

 private:
  PageRequest request_;
  PageAnswer answer_;
  std::size_t limit_ = 0;
  std::size_t max_bytes_ = 0;
  std::size_t entries_ = 0;
  bool cut_ = false;
};

}  // namespace crier
