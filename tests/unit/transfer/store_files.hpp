#pragma once
/// Databases and files of exports, for the tests of importing and exporting.

#include "transfer/export.hpp"
#include "transfer/importer.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace crier::transfer::test {

using File = std::filesystem::path;

std::string content_of(const File& file);
void write(const File& file, std::string_view text);

/// What a database exports.
std::string exported(const File& database, const Selection& selection = {});
std::string exported_xep0227(const File& database);

ImportSummary imported(const File& database, const File& file, ImportOptions options = {});
/// Of records of all kinds.
Tally total(const ImportSummary& summary);
/// Why the file can not be imported; empty when it can.
std::string refusal(const File& database, const File& file, ImportOptions options = {});

void import_records(const File& database, const std::vector<Record>& records);
/// The file that has them.
std::string lines_of(const std::vector<Record>& records);
std::vector<std::string> sorted_lines(const std::string& text);

}  // namespace crier::transfer::test
