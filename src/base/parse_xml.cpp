#include <crier/element.hpp>

#include "base/expat_parser.hpp"
#include "base/tree_builder.hpp"

#include <limits>
#include <utility>

namespace crier {
namespace {

constexpr auto unlimited = std::numeric_limits<std::size_t>::max();
constexpr XmlLimits document_limits{.max_stanza_bytes = unlimited, .max_children = unlimited};

/// Reads one document from one piece of memory.
class DocumentParser : private expat::Handlers {
 public:
  DocumentParser() : builder_(document_limits) {
    using expat::Callback;
    parser = expat::make_parser();
    XML_SetUserData(parser.get(), this);
    XML_SetElementHandler(parser.get(), Callback<&DocumentParser::on_start>::call,
                          Callback<&DocumentParser::on_end>::call);
    XML_SetCharacterDataHandler(parser.get(), Callback<&DocumentParser::on_text>::call);
    XML_SetStartDoctypeDeclHandler(parser.get(), Callback<&DocumentParser::on_doctype>::call);
    builder_.begin();
  }

  std::optional<Document> parse(std::string_view xml) {
    if (xml.size() > std::numeric_limits<int>::max() / 2) return std::nullopt;
    if (expat::is_utf16(xml)) return std::nullopt;
    const auto size = static_cast<int>(xml.size());
    const auto status = XML_Parse(parser.get(), xml.data(), size, XML_TRUE);
    if (thrown) std::rethrow_exception(std::exchange(thrown, nullptr));
    if (status != XML_STATUS_OK) return std::nullopt;
    return builder_.finish(xml.size());
  }

 private:
  template <auto member>
  friend struct expat::Callback;

  void on_start(const char* name, const char** attributes) {
    if (refused_) return;
    if (builder_.start(name, attributes) != TreeBuilder::Outcome::taken) refuse();
  }
  void on_end(const char*) {
    if (!refused_) builder_.end();
  }
  void on_text(const char* text, int size) {
    if (!refused_) builder_.text({text, static_cast<std::size_t>(size)});
  }
  void on_doctype(const char*, const char*, const char*, int) { refuse(); }

  void refuse() {
    refused_ = true;
    XML_StopParser(parser.get(), XML_FALSE);
  }

  TreeBuilder builder_;
  bool refused_ = false;
};

}  // namespace

std::optional<Document> parse_xml(std::string_view xml) {
  return DocumentParser().parse(xml);
}

}  // namespace crier
