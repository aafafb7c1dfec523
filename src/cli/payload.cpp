#include "cli/payload.hpp"

#include <crier/element.hpp>
#include <crier/fault.hpp>
#include <crier/xml_writer.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "base/expat_parser.hpp"
#include "cli/exit_status.hpp"
#include "cli/printable.hpp"

namespace crier::cli {

namespace {

Fault unreadable(const std::string& path) {
  return {exit_status::io_error,
          fmt::format("{} can not be read: {}", printable(path), std::strerror(errno))};
}

/// Why `xml`, which parse_xml refused, is no document: what the parser says and where.
std::string problem_in(std::string_view xml) {
  const expat::Parser parser(XML_ParserCreateNS("UTF-8", ' '));
  const auto size = static_cast<int>(xml.size());
  if (XML_Parse(parser.get(), xml.data(), size, XML_TRUE) != XML_STATUS_ERROR)
    return "it holds a DTD, or is nested too deeply";
  return fmt::format("line {}: {}", XML_GetCurrentLineNumber(parser.get()),
                     XML_ErrorString(XML_GetErrorCode(parser.get())));
}

constexpr std::string_view json_ns = "urn:xmpp:json:0";

/// Takes JSON as it comes and keeps nothing but the place of the first mistake.
class JsonCheck {
 public:
  bool null() { return true; }
  bool boolean(bool) { return true; }
  bool number_integer(std::int64_t) { return true; }
  bool number_unsigned(std::uint64_t) { return true; }
  bool number_float(double, const std::string&) { return true; }
  bool string(std::string&) { return true; }
  bool binary(std::vector<std::uint8_t>&) { return true; }
  bool start_object(std::size_t) { return true; }
  bool key(std::string&) { return true; }
  bool end_object() { return true; }
  bool start_array(std::size_t) { return true; }
  bool end_array() { return true; }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) {
    position_ = position;
    return false;
  }

  /// How many bytes were read when the mistake was found.
  std::size_t position() const { return position_; }

 private:
  std::size_t position_ = 0;
};

std::string place_in(std::string_view text, std::size_t position) {
  const auto before = text.substr(0, position > 0 ? position - 1 : 0);
  const auto line = std::ranges::count(before, '\n') + 1;
  const auto begin = before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1;
  return fmt::format("line {}, column {}", line, before.size() - begin + 1);
}

std::string_view without_space(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const auto begin = std::min(text.find_first_not_of(space), text.size());
  return text.substr(begin, text.find_last_not_of(space) + 1 - begin);
}

/// Whether `text` of that source is meant to be JSON.
bool is_json(std::string_view text, std::string_view path, PayloadKind kind) {
  if (kind == PayloadKind::json) return true;
  for (const auto* ending : {".json", ".jsonl", ".ndjson"})
    if (path.ends_with(ending)) return true;
  constexpr std::string_view beginnings = "{[\"-0123456789tfn";
  const auto content = without_space(text);
  return !path.ends_with(".xml") && !content.empty() &&
         beginnings.find(content.front()) != beginnings.npos;
}

std::string payload_of(std::string_view text, std::string_view path, PayloadKind kind,
                       std::string_view source) {
  return is_json(text, path, kind) ? json_payload(text, source) : check_payload(text, source);
}

}  // namespace

std::string read_payload_file(const std::string& path) {
  const bool from_stdin = path == "-";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      from_stdin ? stdin : std::fopen(path.c_str(), "rb"),
      [](std::FILE* open) { return open == stdin ? 0 : std::fclose(open); });
  if (!file) throw unreadable(path);
  std::string text;
  char buffer[65536];
  while (const auto count = std::fread(buffer, 1, sizeof buffer, file.get())) {
    text.append(buffer, count);
    if (text.size() > max_payload_bytes)
      throw Fault(exit_status::bad_data,
                  fmt::format("{} is larger than {} MiB", from_stdin ? "the standard input" : path,
                              max_payload_bytes / 1024 / 1024));
  }
  if (std::ferror(file.get())) throw unreadable(path);
  return text;
}

std::string check_payload(std::string_view xml, std::string_view source) {
  const auto document = parse_xml(xml);
  if (!document)
    throw Fault(exit_status::bad_data, fmt::format("{} is not XML that can be published: {}",
                                                   printable(source), problem_in(xml)));
  if (document->root().ns.empty())
    throw Fault(exit_status::bad_data,
                fmt::format("{}: <{}> is in no namespace; a payload must be (XEP-0060 §7.1.1), "
                            "such as <{} xmlns='urn:example'>",
                            printable(source), document->root().name, document->root().name));
  return to_xml(document->root());
}

std::string json_payload(std::string_view text, std::string_view source) {
  JsonCheck check;
  if (!nlohmann::json::sax_parse(text, &check))
    throw Fault(exit_status::bad_data,
                fmt::format("{} is not JSON: {} is not what may stand there", printable(source),
                            place_in(text, check.position())));
  auto payload =
      written([&](XmlWriter& out) { out.open("json", json_ns).text(without_space(text)); });
  // JSON may hold characters that XML can not.
  if (!parse_xml(payload))
    throw Fault(exit_status::bad_data,
                fmt::format("{} holds a character that XML can not hold; write it as \\uXXXX",
                            printable(source)));
  return payload;
}

std::optional<std::string> json_in(std::string_view payload) {
  const auto document = parse_xml(payload);
  if (!document || !document->root().is("json", json_ns)) return std::nullopt;
  return document->root().text();
}

std::vector<Payload> read_payloads(const std::string& path, PayloadKind kind, bool lines) {
  const std::string source = path == "-" ? "the standard input" : path;
  const auto text = read_payload_file(path);
  if (!lines) return {{source, payload_of(text, path, kind, source)}};
  std::vector<Payload> payloads;
  std::string_view rest = text;
  for (int number = 1; !rest.empty(); ++number) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const auto place = fmt::format("{}, line {}", source, number);
    if (!without_space(line).empty())
      payloads.push_back({place, payload_of(line, path, kind, place)});
  }
  return payloads;
}

}  // namespace crier::cli
