#include "cli/payload.hpp"

#include <crier/element.hpp>
#include <crier/fault.hpp>
#include <crier/xml_writer.hpp>

#include <fmt/format.h>

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

}  // namespace crier::cli
