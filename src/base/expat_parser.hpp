#pragma once
/// expat as crier uses it: UTF-8 only, without its namespaces.
///
/// expat's own handling of namespaces copies a namespace's whole URI for every prefixed attribute,
/// and hands it out with every name; 500 KB of URI and 100,000 names would cost hours. It also
/// loses where a declaration stood. So TreeBuilder resolves the names.

#include <expat.h>

#include <exception>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>

namespace crier::expat {

struct Free {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};
using Parser = std::unique_ptr<std::remove_pointer_t<XML_Parser>, Free>;

/// Makes expat parse what it gets at once. Deferral, new in 2.6 and in Debian's 2.5, would hold
/// back a stanza whose end is there already. A template, because older headers do not declare it.
template <typename RawParser>
void disable_deferral(RawParser parser) {
  if constexpr (requires { XML_SetReparseDeferralEnabled(parser, XML_FALSE); }) {
    XML_SetReparseDeferralEnabled(parser, XML_FALSE);
  }
}

/// A parser without handlers.
inline Parser make_parser() {
  Parser parser(XML_ParserCreate("UTF-8"));
  if (!parser) throw std::bad_alloc();
  disable_deferral(parser.get());
  return parser;
}

/// Whether the first two bytes of a text are UTF-16, which expat would read, whatever it was told.
inline bool is_utf16(std::string_view first_bytes) {
  using namespace std::string_view_literals;
  return first_bytes.substr(0, 2).find_first_of("\xFE\xFF\0"sv) != std::string_view::npos;
}

/// What Callback needs of its owner: the parser, and a place for what was thrown.
struct Handlers {
  Parser parser;
  std::exception_ptr thrown;
};

/// A member function of a class derived from Handlers as a callback of expat. No exception may
/// unwind through expat's frames: it is kept in `thrown` and parsing stops; who called
/// XML_Parse throws it again.
template <auto member>
struct Callback;

template <typename Owner, typename... Arguments, void (Owner::*member)(Arguments...)>
struct Callback<member> {
  static void call(void* user_data, Arguments... arguments) noexcept {
    auto& owner = *static_cast<Owner*>(user_data);
    try {
      (owner.*member)(arguments...);
    } catch (...) {
      owner.thrown = std::current_exception();
      XML_StopParser(owner.parser.get(), XML_FALSE);
    }
  }
};

}  // namespace crier::expat
