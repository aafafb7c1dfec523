#include "cli/received_bytes.hpp"

#include <expat.h>

#include <utility>

#include <dlfcn.h>

namespace crier::cli {

namespace {

// expat's function has no argument of ours: what takes the bytes must be a global. Empty also
// while bytes are being taken, since our own reader calls XML_Parse, too.
ReceivedBytes::Take current;

}  // namespace

ReceivedBytes::ReceivedBytes(Take take) {
  current = std::move(take);
}

ReceivedBytes::~ReceivedBytes() {
  current = nullptr;
}

}  // namespace crier::cli

/// Takes the place of expat's function for this program and the libraries that it loads.
extern "C" XML_Status XML_Parse(XML_Parser parser, const char* bytes, int length, int is_final) {
  using Parse = decltype(&XML_Parse);
  static const auto expat_parse = reinterpret_cast<Parse>(dlsym(RTLD_NEXT, "XML_Parse"));
  if (crier::cli::current) {
    XML_ParsingStatus status;
    XML_GetParsingStatus(parser, &status);
    const auto take = std::exchange(crier::cli::current, nullptr);
    const bool parse =
        take({bytes, static_cast<std::size_t>(length)}, status.parsing == XML_INITIALIZED);
    crier::cli::current = take;
    if (!parse) return XML_STATUS_OK;
  }
  return expat_parse(parser, bytes, length, is_final);
}
