#include "pubsub/command_form.hpp"

namespace crier {

std::string command_note(std::string_view text, std::string_view type) {
  return written([&](XmlWriter& out) { out.open("note").attr("type", type).text(text); });
}

bool Report::add(std::vector<std::string> row, const Policy& policy) {
  constexpr std::size_t tags = 64;
  std::string escaped;
  for (const auto& cell : row) append_text(escaped, cell);
  const auto more_bytes = escaped.size() + row.size() * tags;
  if (!rows.empty() && bytes + more_bytes > policy.page_bytes) return false;
  bytes += more_bytes;
  rows.push_back(std::move(row));
  return true;
}

CommandStage done(std::string_view text) {
  return {CommandStage::Status::completed, command_note(text)};
}

CommandStage done(const FormHead& head, std::span<const Column> columns, const Report& report,
                  std::string_view nothing) {
  auto content = written([&](XmlWriter& out) {
    auto x = out.open("x", ns::data_forms);
    x.attr("type", "result");
    out.leaf("title", head.title);
    write_form_type(out, head.form_type);
    for (const auto& extra : report.more)
      if (!extra.value.empty())
        write_field(out, extra.var, "text-single", extra.label, extra.value);
    if (report.rows.empty()) return;
    {
      auto reported = out.open("reported");
      for (const auto& column : columns)
        out.open("field")
            .attr("var", column.var)
            .attr("type", column.type)
            .attr("label", column.label);
    }
    for (const auto& row : report.rows) {
      auto item = out.open("item");
      for (std::size_t i = 0; i < columns.size(); ++i) {
        auto element = out.open("field");
        element.attr("var", columns[i].var);
        out.leaf("value", row[i]);
      }
    }
  });
  if (report.rows.empty()) content += command_note(nothing);
  return {CommandStage::Status::completed, std::move(content)};
}

}  // namespace crier
