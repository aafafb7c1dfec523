#pragma once
/// The bytes of a file that another program has written, for the parsers of its formats.

#include "transfer/foreign/term.hpp"

#include <cstdint>
#include <filesystem>
#include <istream>
#include <memory>
#include <string>
#include <string_view>

namespace crier::transfer {

/// Reads one byte after the other and knows where it is. What is wrong is refused with file and
/// line.
class TextSource {
 public:
  static constexpr int end = -1;

  /// A place to come back to.
  struct Place {
    std::uint64_t offset = 0;
    std::uint64_t line = 1;
  };

  /// Opens the file. Throws Fault (EX_NOINPUT) when it can not be read.
  explicit TextSource(const std::filesystem::path& file);
  /// Reads `text`, which is told to be in `name`.
  TextSource(std::string name, std::string text);

  /// The next byte without taking it, or `end`.
  int peek();
  /// Takes the next byte, or gives `end`.
  int get();
  /// Takes the next byte if it is that one.
  bool take(char wanted);
  /// Takes `word`, or refuses.
  void expect(std::string_view word);
  /// Passes spaces, tabs and line ends over.
  void skip_space();

  Place place() const { return place_; }
  void go_to(const Place& place);

  /// Throws Fault (EX_DATAERR): the name, the line, and `what`.
  [[noreturn]] void refuse(std::string_view what) const;

 private:
  bool fill();

  std::string name_;
  /// Null for a text that is in the buffer as a whole.
  std::unique_ptr<std::istream> stream_;
  std::string buffer_;
  std::size_t at_ = 0;
  Place place_;
};

/// What one value may still cost: counted down while it is read.
class TermBudget {
 public:
  explicit TermBudget(TextSource& source) : source_(source) {}
  /// Refuses when that is too much.
  void spend(std::size_t bytes) {
    spent_ += bytes;
    if (spent_ > max_term_bytes) source_.refuse("a value is larger than 64 MiB");
  }

  /// One level of nesting, as long as this lives.
  class Level {
   public:
    explicit Level(TermBudget& budget) : budget_(budget) {
      if (++budget_.depth_ > max_term_depth)
        budget_.source_.refuse("a value is nested deeper than 1100 levels");
      budget_.spend(sizeof(Term));
    }
    ~Level() { --budget_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    TermBudget& budget_;
  };

 private:
  TextSource& source_;
  std::size_t spent_ = 0;
  std::size_t depth_ = 0;
};

/// Appends a character as UTF-8; false for what is none.
bool append_utf8(std::string& out, std::uint32_t character);

}  // namespace crier::transfer
