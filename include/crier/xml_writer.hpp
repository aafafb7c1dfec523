#pragma once
/// XML as text: what leaves the service, and what is stored of a payload.

#include <crier/element.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace crier {

/// Appends `text` so that a parser reads it back exactly: `&`, `<`, `>` and carriage returns
/// become references. It must be UTF-8 and hold only characters that XML has (XML 1.0 §2.2), as
/// all has that was read from XML or prepared by a profile of stringprep; so for all functions
/// here.
void append_text(std::string& out, std::string_view text);

/// Appends `text` as the value of an attribute inside of apostrophes; tabs and line ends become
/// references, because a parser would make spaces of them, and so does `>`: the first one in what
/// is written here ends a start tag.
void append_attribute_value(std::string& out, std::string_view text);

/// `text` as append_attribute_value writes it.
std::string escape_attribute(std::string_view text);

/// Appends `element` as a fragment that means the same wherever it is put: its own namespace is
/// always declared on it, as are the default namespace and the prefixes declared further out that
/// it uses (in names, or, as far as text shows, in values); what an ancestor inside of the fragment
/// already declares is not repeated. Linear.
void append_xml(std::string& out, const Element& element);

/// `element` as append_xml writes it.
std::string to_xml(const Element& element);

/// Writes elements in the order of the code, nested as the code is nested:
///
///     auto items = out.open("items");                    // closed at the end of the scope
///     items.attr("node", name);
///     out.open("item").attr("id", id);                   // closed at once: <item id='…'/>
///
/// An element's attributes are written before its content. The text is appended to `out`, which
/// the caller owns, and must not shorten while an element is open.
class XmlWriter {
 public:
  /// An element that is open; its end tag is written when this goes out of scope.
  class Tag {
   public:
    Tag(const Tag&) = delete;
    Tag& operator=(const Tag&) = delete;
    ~Tag() { writer_.close(); }
    Tag& attr(std::string_view name, std::string_view value);
    /// Adds the text to the element's content.
    Tag& text(std::string_view text);

   private:
    friend class XmlWriter;
    explicit Tag(XmlWriter& writer) : writer_(writer) {}
    XmlWriter& writer_;
  };

  explicit XmlWriter(std::string& out) : out_(out) { open_.reserve(8); }

  /// Opens `<name>`, in the namespace of the element around it.
  Tag open(std::string_view name);
  /// Opens `<name xmlns='ns'>`.
  Tag open(std::string_view name, std::string_view ns);
  /// Adds an element that holds only `text`.
  void leaf(std::string_view name, std::string_view text);
  /// Adds XML that is well-formed already.
  void raw(std::string_view xml);
  void text(std::string_view text);
  /// How many bytes `out` has.
  std::size_t size() const { return out_.size(); }

 private:
  /// Where the name of an open element stands in `out_`.
  struct Name {
    std::size_t at;
    std::size_t size;
  };

  void start(std::string_view name);
  void attribute(std::string_view name, std::string_view value);
  void end_start_tag();
  void close();

  std::string& out_;
  std::vector<Name> open_;
  bool in_start_tag_ = false;
};

/// What `write` writes, with every element closed. Text that is to be returned is made here: an
/// element that is still open when its text is moved away would be closed in the void.
template <class Write>
std::string written(Write write) {
  std::string text;
  text.reserve(256);  // Most stanzas and their parts are shorter.
  XmlWriter out(text);
  write(out);
  return text;
}

}  // namespace crier
