#pragma once
/// What other programs have written as text (Lua tables, JSON, Erlang terms), as one kind of value.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crier::transfer {

struct Term {
  enum class Kind : std::uint8_t {
    nothing,
    boolean,
    integer,
    real,
    text,
    atom,
    list,
    tuple,
    table
  };

  Kind kind = Kind::nothing;
  /// Of an integer, and of a boolean (0 or 1).
  std::int64_t integer = 0;
  double real = 0;
  /// Of a text (any bytes), and the name of an atom.
  std::string text = {};
  /// Of a list and a tuple, in order; of a table what has no name.
  std::vector<Term> items = {};
  /// Of a table, as it was written.
  std::vector<std::pair<std::string, Term>> members = {};

  bool is(Kind wanted) const { return kind == wanted; }
  /// Whether it is a text or an atom of those bytes.
  bool says(std::string_view word) const {
    return (is(Kind::text) || is(Kind::atom)) && text == word;
  }
  /// The member of that name, or null.
  const Term* member(std::string_view name) const;
};

/// The number that `text` is, an integer where it fits into one; nothing when it is none.
std::optional<Term> number_term(std::string_view text);

/// How deep a value may be nested.
inline constexpr std::size_t max_term_depth = 1100;
/// How much memory one value may take, in bytes, about.
inline constexpr std::size_t max_term_bytes = std::size_t{64} << 20;

}  // namespace crier::transfer
