#pragma once
/// Refusals as values: what a stanza error says, and how functions pass one up.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace crier {

/// The type of a stanza error, RFC 6120 §8.3.2.
enum class ErrorType { auth, cancel, modify, wait };

/// One way to be refused, as the specification words it: a row of the table in errors.hpp.
struct ErrorKind {
  ErrorType type;
  /// The defined condition of RFC 6120 §8.3.3.
  std::string_view condition;
  /// The child in the namespace of that specification's errors; empty for none.
  std::string_view pubsub_condition = {};
  /// The `feature` attribute of `<unsupported/>`; empty for none.
  std::string_view feature = {};
  /// Empty: pubsub#errors, XEP-0060 §11.
  std::string_view child_ns = {};

  /// This refusal with a sentence for people to read.
  struct Error because(std::string text) const;

  bool operator==(const ErrorKind&) const = default;
};

/// A refusal on its way to the one who asked.
struct Error {
  Error(const ErrorKind& row) : kind(&row) {}  // NOLINT: a row of the table is an error

  /// A row with static storage.
  const ErrorKind* kind;
  /// For people to read, in English; may be empty. Never holds what the reader may not know.
  std::string text = {};
  /// XML that goes in front of `<error/>`: the entries of the request that failed.
  std::string echo = {};
  /// What stands inside of the condition: the new address of what has moved. RFC 6120 §8.3.3.5
  std::string address = {};
};

inline Error ErrorKind::because(std::string text) const {
  Error error(*this);
  error.text = std::move(text);
  return error;
}

/// A value, or the reason why there is none.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}      // NOLINT
  Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}  // NOLINT
  Result(const ErrorKind& kind) : Result(Error(kind)) {}                       // NOLINT

  explicit operator bool() const { return content_.index() == 0; }
  T& value() { return *std::get_if<0>(&content_); }
  const T& value() const { return *std::get_if<0>(&content_); }
  /// The value, moved out.
  T take() { return std::move(value()); }
  Error& error() & { return *std::get_if<1>(&content_); }
  Error&& error() && { return std::move(error()); }
  const Error& error() const& { return *std::get_if<1>(&content_); }

 private:
  std::variant<T, Error> content_;
};

/// Done, or the reason why not.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}       // NOLINT
  Result(const ErrorKind& kind) : Result(Error(kind)) {}  // NOLINT

  explicit operator bool() const { return !error_; }
  void take() const {}
  Error& error() & { return *error_; }
  Error&& error() && { return std::move(error()); }
  const Error& error() const& { return *error_; }

 private:
  std::optional<Error> error_;
};

}  // namespace crier

/// The value of a Result; on a refusal, the function around it returns that refusal. Stands alone:
/// a whole statement or a whole initialiser.
#define TRY(expression)                            \
  __extension__({                                  \
    auto&& try_result = (expression);              \
    if (!try_result) [[unlikely]]                  \
      return Error(std::move(try_result).error()); \
    try_result.take();                             \
  })
