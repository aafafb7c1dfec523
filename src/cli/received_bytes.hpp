#pragma once
/// The bytes that libstrophe receives, before it parses them.
///
/// libstrophe 0.12.2 hands out trees whose attributes have lost their namespaces, and builds them
/// at a quadratic cost and without limits. crier shows payloads exactly and survives any service,
/// so a connection's bytes, decrypted, go to our own XmlReader. The one place that all of them
/// pass is libstrophe's call of expat's public XML_Parse: this program defines that function, the
/// dynamic linker gives it precedence over the library's (ELF symbol interposition), and it calls
/// expat's own in turn. While no ReceivedBytes lives it does nothing else.

#include <functional>
#include <string_view>

namespace crier::cli {

/// Takes the bytes as long as it lives; one at a time.
class ReceivedBytes {
 public:
  /// Gets the bytes of one read; `new_stream` says that they are the first of an XML stream.
  /// Returns whether libstrophe shall parse them as well. Must not throw.
  using Take = std::function<bool(std::string_view bytes, bool new_stream)>;

  explicit ReceivedBytes(Take take);
  ~ReceivedBytes();
  ReceivedBytes(const ReceivedBytes&) = delete;
  ReceivedBytes& operator=(const ReceivedBytes&) = delete;
};

}  // namespace crier::cli
