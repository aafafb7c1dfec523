/// The table is that of stringprep, which libidn brings for the addresses.

#include "model/case_folding.hpp"

#include <stringprep.h>

#include "model/utf8.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace crier {

namespace {

using Row = Stringprep_table_element;

/// The rows of `table`, which ends with one of zeros.
std::span<const Row> rows_of(const Row* table) {
  const Row* end = table;
  while (end->start != 0) ++end;
  return {table, end};
}

bool is_ascii(char byte) {
  return static_cast<unsigned char>(byte) < 0x80;
}

char lower(char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}

/// Takes the first character, which is not ASCII, from `text`.
std::uint32_t take_character(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const auto size = std::min(static_cast<std::size_t>(std::countl_one(lead)), text.size());
  std::uint32_t character = lead & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i)
    character = character << 6U | (static_cast<unsigned char>(text[i]) & 0x3fU);
  text.remove_prefix(std::max<std::size_t>(size, 1));
  return character;
}

/// What `character` becomes; null when it stays. The table is in the order of its characters.
const Row* folding_of(std::span<const Row> table, std::uint32_t character) {
  const auto row = std::ranges::lower_bound(table, character, {}, &Row::start);
  return row != table.end() && row->start == character ? &*row : nullptr;
}

}  // namespace

std::string fold_case(std::string_view text) {
  const auto table = rows_of(stringprep_rfc3454_B_3);
  std::string folded;
  folded.reserve(text.size());
  while (!text.empty()) {
    const auto plain = std::ranges::find_if_not(text, is_ascii);
    const auto end = static_cast<std::ptrdiff_t>(folded.size());
    folded.append(text.begin(), plain);
    std::transform(folded.begin() + end, folded.end(), folded.begin() + end, lower);
    text.remove_prefix(static_cast<std::size_t>(plain - text.begin()));
    if (text.empty()) break;
    const auto before = text;
    const Row* row = folding_of(table, take_character(text));
    if (!row) folded += before.substr(0, before.size() - text.size());
    for (const auto* to = row ? row->map : nullptr; to && to < row->map + std::size(row->map); ++to)
      if (*to != 0) append_character(folded, *to);
  }
  return folded;
}

}  // namespace crier
