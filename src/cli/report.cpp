#include "cli/report.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>

#include "cli/ad_hoc.hpp"
#include "cli/client_session.hpp"

namespace crier::cli {

FormTable read_page(ClientSession& session, std::string_view command,
                    std::span<const Setting> settings, std::string& next, const Subject& about) {
  auto answer = run_command(session, command, settings, about);
  next = answer.form.value("next");
  return std::move(answer.table);
}

FormTable read_report(ClientSession& session, std::string_view command,
                      std::vector<Setting> settings, const Subject& about) {
  std::string next;
  auto list = read_page(session, command, settings, next, about);
  settings.push_back({"after", {}});
  while (!next.empty() && settings.back().values != std::vector{next}) {
    settings.back().values = {next};
    auto page = read_page(session, command, settings, next, about);
    if (list.columns.empty()) list.columns = std::move(page.columns);
    std::ranges::move(page.rows, std::back_inserter(list.rows));
  }
  return list;
}

std::string cell(const FormTable& list, std::size_t row, std::string_view var) {
  const auto column = std::ranges::find(list.columns, var, &FormField::var);
  if (column == list.columns.end()) return {};
  const auto& values = list.rows[row][static_cast<std::size_t>(column - list.columns.begin())];
  return values.empty() ? std::string() : values.front();
}

Json to_json(const FormTable& list, std::size_t row) {
  auto json = Json::object();
  for (const auto& column : list.columns) json[column.var] = cell(list, row, column.var);
  return json;
}

Json to_json(const FormTable& list) {
  auto json = Json::array();
  for (std::size_t row = 0; row < list.rows.size(); ++row) json.push_back(to_json(list, row));
  return json;
}

Table to_table(const FormTable& list, std::span<const std::string_view> vars) {
  Table table;
  for (const auto var : vars) {
    auto& name = table.header.emplace_back(var);
    std::ranges::transform(name, name.begin(),
                           [](char c) { return static_cast<char>(std::toupper(c)); });
  }
  for (std::size_t row = 0; row < list.rows.size(); ++row) {
    auto& cells = table.rows.emplace_back();
    for (const auto var : vars) cells.push_back(cell(list, row, var));
  }
  return table;
}

}  // namespace crier::cli
