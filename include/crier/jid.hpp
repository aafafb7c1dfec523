#pragma once
/// Addresses (RFC 7622), always normalised, so that equal addresses have equal texts.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crier {

/// An address `local@domain/resource`, normalised: nodeprep for the local part, nameprep with
/// IDNA (U-labels) for the domain, resourceprep for the resource. Each part has at most 1023
/// bytes of UTF-8. A Jid that exists is valid; comparing is comparing bytes.
class Jid {
 public:
  /// The address that `text` spells, or nothing when it is not one. RFC 7622 §3.
  /// An address that is lower-case ASCII already costs one pass and one copy.
  static std::optional<Jid> parse(std::string_view text);

  /// The whole address. The views that the other members return are parts of it.
  const std::string& text() const { return text_; }
  /// Empty when the address has none.
  std::string_view local() const;
  std::string_view domain() const;
  /// Empty when the address is bare.
  std::string_view resource() const;
  /// The address without its resource.
  std::string_view bare() const { return std::string_view(text_).substr(0, bare_length_); }
  bool is_bare() const { return text_.size() == bare_length_; }
  /// The bare address as one of its own.
  Jid to_bare() const;

  friend bool operator==(const Jid& a, const Jid& b) { return a.text_ == b.text_; }
  friend auto operator<=>(const Jid& a, const Jid& b) { return a.text_ <=> b.text_; }

 private:
  Jid(std::string text, std::size_t domain_at, std::size_t bare_length);

  std::string text_;
  std::uint16_t domain_at_;
  std::uint16_t bare_length_;
};

/// The bare part of the text of a normalised address: all before the first '/'.
std::string_view bare_of(std::string_view jid);
/// Its domain.
std::string_view domain_of(std::string_view jid);

/// `text` prepared by the resource profile (resourceprep), to which NodeIDs conform; nothing when
/// it is empty, holds what the profile prohibits, or is longer than 1023 bytes.
/// XEP-0060 §4.6.2, RFC 7622 §3.4.
std::optional<std::string> prepare_resource(std::string_view text);

}  // namespace crier
