#include "transfer/store_files.hpp"

#include <crier/fault.hpp>

#include "transfer/import_file.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace crier::transfer::test {

std::string content_of(const File& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const File& file, std::string_view text) {
  std::ofstream(file, std::ios::binary) << text;
}

std::string exported(const File& database, const Selection& selection) {
  Snapshot snapshot(database);
  std::string text;
  export_json(snapshot, selection, {[&](std::string_view piece) { text += piece; }});
  return text;
}

std::string exported_xep0227(const File& database) {
  Snapshot snapshot(database);
  std::string text;
  export_xep0227(snapshot, {}, {[&](std::string_view piece) { text += piece; }});
  return text;
}

ImportSummary imported(const File& database, const File& file, ImportOptions options) {
  const auto store = SqliteStore::open(database);
  Importer importer(*store, options);
  if (format_of(file) == Format::json)
    read_json({file}, importer);
  else
    read_xep0227({file}, Time{}, importer);
  importer.finish();
  return importer.summary();
}

Tally total(const ImportSummary& summary) {
  Tally sum;
  for (const auto& tally : summary.tallies) {
    sum.added += tally.added;
    sum.unchanged += tally.unchanged;
    sum.replaced += tally.replaced;
    sum.kept += tally.kept;
  }
  return sum;
}

std::string refusal(const File& database, const File& file, ImportOptions options) {
  try {
    imported(database, file, options);
    return {};
  } catch (const Fault& fault) {
    return fault.what();
  }
}

std::vector<std::string> sorted_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  std::ranges::sort(lines);
  return lines;
}

void import_records(const File& database, const std::vector<Record>& records) {
  const auto store = SqliteStore::open(database);
  Importer importer(*store, {});
  for (const auto& record : records) importer.take(record);
  importer.finish();
}

std::string lines_of(const std::vector<Record>& records) {
  std::string text;
  Counts counts{};
  append_header(text);
  for (const auto& record : records) {
    append_line(text, record);
    ++counts[record.index()];
  }
  append_trailer(text, counts);
  return text;
}

}  // namespace crier::transfer::test
