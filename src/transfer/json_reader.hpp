#pragma once
/// JSON (RFC 8259) of a known shape, read from its beginning to its end. What is not of that shape
/// is refused where it stands: nothing is kept, and nothing nests deeper than its reader does.

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace crier::transfer {

/// The text is not what it should be; says what is wrong and where in the line.
class Malformed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// All functions throw Malformed when something else stands there. The cost is linear.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  /// Reads an object; `member` is called behind each name and reads the value.
  void object(const std::function<void(const std::string& name)>& member);
  /// Reads an array; `element` reads each of its values.
  void array(const std::function<void()>& element);
  /// UTF-8, without U+0000.
  std::string string();
  std::uint64_t number();
  bool boolean();
  /// Nothing else follows.
  void end();

  [[noreturn]] void fail(std::string_view what) const;

 private:
  void skip_space();
  bool take(char expected);
  void expect(char expected, std::string_view what);
  void escape(std::string& out);
  std::uint32_t hexadecimal();

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace crier::transfer
