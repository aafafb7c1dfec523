/// Preparation of addresses: stringprep by libidn for what is not ASCII, a table for what is.
///
/// The profiles are those of RFC 6122 (nodeprep, nameprep, resourceprep), which servers use, with
/// code points allowed that Unicode 3.2 had not assigned, because people use them. A part that
/// preparing would change a second time is refused, so that reading what was stored gives the same
/// address. A part must be within its limit as it is spelt and as it is prepared; that bounds the
/// cost, as libidn orders combining marks in quadratic time.
///
/// Domains: labels of letters, digits, hyphens (inside), and underscores, which names of hosts in
/// use have; anything that is not ASCII must have an A-label (RFC 3490) of at most 63 bytes. An
/// A-label becomes its U-label; one that IDNA 2003 can not decode stays as it is.

#include <crier/jid.hpp>

#include <arpa/inet.h>
#include <idn-free.h>
#include <idna.h>
#include <stringprep.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>

namespace crier {
namespace {

constexpr std::size_t max_part_bytes = 1023;
constexpr std::size_t max_label_bytes = 63;
constexpr std::string_view ace_prefix = "xn--";

/// The parts of an address as they are spelt; nothing where a part is missing with its separator.
struct Parts {
  std::optional<std::string_view> local;
  std::string_view domain;
  std::optional<std::string_view> resource;
};

/// What comes after the first slash is resource, even an '@'. RFC 7622 §3.2.
Parts split(std::string_view text) {
  Parts parts;
  if (const auto slash = text.find('/'); slash != text.npos) {
    parts.resource = text.substr(slash + 1);
    text = text.substr(0, slash);
  }
  if (const auto at = text.find('@'); at != text.npos) {
    parts.local = text.substr(0, at);
    text = text.substr(at + 1);
  }
  parts.domain = text;
  return parts;
}

/// In which parts an ASCII character stands for itself.
struct Plain {
  bool in_local = false;
  bool in_label = false;
  bool in_resource = false;
};

constexpr std::array<Plain, 256> plain_characters() {
  std::array<Plain, 256> plain{};
  for (unsigned byte = 0x20; byte < 0x7F; ++byte) {
    const auto character = static_cast<char>(byte);
    const bool upper = character >= 'A' && character <= 'Z';
    const bool excluded = std::string_view(" \"&'/:<>@").find(character) != std::string_view::npos;
    const bool alphanumeric =
        (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
    plain[byte] = {.in_local = !upper && !excluded,
                   .in_label = alphanumeric || character == '-' || character == '_',
                   .in_resource = true};
  }
  return plain;
}

constexpr auto plain = plain_characters();

Plain plain_at(char byte) {
  return plain[static_cast<unsigned char>(byte)];
}

bool is_plain_local(std::string_view local) {
  return !local.empty() && local.size() <= max_part_bytes &&
         std::ranges::all_of(local, &Plain::in_local, plain_at);
}

bool is_plain_resource(std::string_view resource) {
  return !resource.empty() && resource.size() <= max_part_bytes &&
         std::ranges::all_of(resource, &Plain::in_resource, plain_at);
}

/// A label that is lower-case ASCII and no A-label.
bool is_plain_label(std::string_view label) {
  return !label.empty() && label.size() <= max_label_bytes && !label.starts_with('-') &&
         !label.ends_with('-') && !label.starts_with(ace_prefix) &&
         std::ranges::all_of(label, &Plain::in_label, plain_at);
}

bool is_plain_domain(std::string_view domain) {
  if (domain.size() > max_part_bytes) return false;
  for (auto dot = domain.find('.'); dot != domain.npos; dot = domain.find('.')) {
    if (!is_plain_label(domain.substr(0, dot))) return false;
    domain.remove_prefix(dot + 1);
  }
  return is_plain_label(domain);
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text,
                             [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
}

std::string lower_case(std::string_view ascii) {
  std::string lower(ascii);
  for (char& byte : lower) {
    if (byte >= 'A' && byte <= 'Z') byte = static_cast<char>(byte - 'A' + 'a');
  }
  return lower;
}

/// The length of the character that `text` begins with; 0 when that is not UTF-8 (RFC 3629 §4).
std::size_t character_length(std::string_view text) {
  const auto at = [&](std::size_t index) {
    return index < text.size() ? static_cast<unsigned char>(text[index]) : 0U;
  };
  const auto follows = [&](std::size_t index) { return (at(index) & 0xC0U) == 0x80U; };
  const auto lead = at(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool overlong = lead == 0xE0 && at(1) < 0xA0;
    const bool surrogate = lead == 0xED && at(1) > 0x9F;
    return !overlong && !surrogate && follows(1) && follows(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool overlong = lead == 0xF0 && at(1) < 0x90;
    const bool too_large = lead == 0xF4 && at(1) > 0x8F;
    return !overlong && !too_large && follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

/// Applies a profile once. A nul would end the text for libidn.
std::optional<std::string> prepare_once(const Stringprep_profile* profile, std::string_view text) {
  std::array<char, max_part_bytes + 1> buffer{};
  if (text.empty() || text.size() > max_part_bytes) return std::nullopt;
  if (!is_utf8(text) || text.find('\0') != text.npos) return std::nullopt;
  std::ranges::copy(text, buffer.begin());
  const auto no_flags = static_cast<Stringprep_profile_flags>(0);
  if (stringprep(buffer.data(), buffer.size(), no_flags, profile) != STRINGPREP_OK) {
    return std::nullopt;
  }
  if (buffer.front() == '\0') return std::nullopt;
  return std::string(buffer.data());
}

std::optional<std::string> prepare(const Stringprep_profile* profile, std::string_view text) {
  auto once = prepare_once(profile, text);
  if (!once || prepare_once(profile, *once) != once) return std::nullopt;
  return once;
}

std::optional<std::string> prepare_local(std::string_view text) {
  if (text.size() > max_part_bytes) return std::nullopt;
  if (!is_ascii(text)) return prepare(stringprep_xmpp_nodeprep, text);
  auto lower = lower_case(text);
  if (!is_plain_local(lower)) return std::nullopt;
  return lower;
}

using Allocated = std::unique_ptr<char, decltype(&idn_free)>;

/// Whether a label that is not ASCII has an A-label.
bool has_a_label(const std::string& label) {
  char* ascii = nullptr;
  const auto status = idna_to_ascii_8z(label.c_str(), &ascii, IDNA_ALLOW_UNASSIGNED);
  const Allocated owner(ascii, idn_free);
  return status == IDNA_SUCCESS;
}

/// The U-label of an A-label, or the A-label when there is none.
std::string to_u_label(const std::string& label) {
  char* unicode = nullptr;
  const auto status = idna_to_unicode_8z8z(label.c_str(), &unicode, IDNA_ALLOW_UNASSIGNED);
  const Allocated owner(unicode, idn_free);
  return status == IDNA_SUCCESS ? std::string(unicode) : label;
}

/// nameprep may make ASCII of what was not: a dot, a slash, an A-label. RFC 3490 §4.
std::optional<std::string> prepare_label(std::string_view text) {
  auto label = is_ascii(text) ? lower_case(text) : prepare(stringprep_nameprep, text);
  if (!label || label->empty() || label->starts_with('-') || label->ends_with('-')) {
    return std::nullopt;
  }
  const auto is_allowed = [](char byte) {
    return static_cast<unsigned char>(byte) >= 0x80 || plain_at(byte).in_label;
  };
  if (!std::ranges::all_of(*label, is_allowed)) return std::nullopt;
  if (!is_ascii(*label)) return has_a_label(*label) ? label : std::nullopt;
  if (label->size() > max_label_bytes) return std::nullopt;
  return label->starts_with(ace_prefix) ? to_u_label(*label) : label;
}

/// `[…]` around an address of IPv6, in the one form that inet_ntop gives. RFC 7622 §3.2.
std::optional<std::string> prepare_ip_literal(std::string_view text) {
  if (!text.ends_with(']')) return std::nullopt;
  const std::string inner(text.substr(1, text.size() - 2));
  in6_addr address{};
  if (inet_pton(AF_INET6, inner.c_str(), &address) != 1 || inner.find('\0') != inner.npos) {
    return std::nullopt;
  }
  std::array<char, INET6_ADDRSTRLEN> canonical{};
  inet_ntop(AF_INET6, &address, canonical.data(), canonical.size());
  return '[' + std::string(canonical.data()) + ']';
}

/// The label that `rest` begins with; removes it and the dot, any that IDNA knows, behind it.
std::string_view cut_label(std::string_view& rest) {
  constexpr std::array<std::string_view, 4> dots{".", "\u3002", "\uFF0E", "\uFF61"};
  for (std::size_t at = 0; at < rest.size(); ++at) {
    for (const auto dot : dots) {
      if (!rest.substr(at).starts_with(dot)) continue;
      const auto label = rest.substr(0, at);
      rest.remove_prefix(at + dot.size());
      return label;
    }
  }
  return std::exchange(rest, {});
}

std::optional<std::string> prepare_domain(std::string_view text) {
  if (text.size() > max_part_bytes) return std::nullopt;
  if (text.starts_with('[')) return prepare_ip_literal(text);
  std::string domain;
  while (!text.empty()) {
    const auto label = prepare_label(cut_label(text));
    if (!label) return std::nullopt;
    if (!domain.empty()) domain += '.';
    domain += *label;
  }
  if (domain.empty() || domain.size() > max_part_bytes) return std::nullopt;
  return domain;
}

}  // namespace

Jid::Jid(std::string text, std::size_t domain_at, std::size_t bare_length)
    : text_(std::move(text)),
      domain_at_(static_cast<std::uint16_t>(domain_at)),
      bare_length_(static_cast<std::uint16_t>(bare_length)) {}

std::optional<Jid> Jid::parse(std::string_view text) {
  const auto [local, domain, resource] = split(text);
  if ((!local || is_plain_local(*local)) && is_plain_domain(domain) &&
      (!resource || is_plain_resource(*resource))) {
    const auto domain_at = local ? local->size() + 1 : 0;
    return Jid(std::string(text), domain_at, domain_at + domain.size());
  }

  std::string prepared;
  if (local) {
    const auto prepared_local = prepare_local(*local);
    if (!prepared_local) return std::nullopt;
    prepared = *prepared_local + '@';
  }
  const auto domain_at = prepared.size();
  const auto prepared_domain = prepare_domain(domain);
  if (!prepared_domain) return std::nullopt;
  prepared += *prepared_domain;
  const auto bare_length = prepared.size();
  if (resource) {
    const auto prepared_resource = prepare_resource(*resource);
    if (!prepared_resource) return std::nullopt;
    prepared += '/' + *prepared_resource;
  }
  return Jid(std::move(prepared), domain_at, bare_length);
}

std::string_view Jid::local() const {
  return std::string_view(text_).substr(0, domain_at_ == 0 ? 0 : domain_at_ - 1U);
}

std::string_view Jid::domain() const {
  return bare().substr(domain_at_);
}

std::string_view Jid::resource() const {
  return is_bare() ? std::string_view() : std::string_view(text_).substr(bare_length_ + 1U);
}

Jid Jid::to_bare() const {
  return Jid(std::string(bare()), domain_at_, bare_length_);
}

std::string_view bare_of(std::string_view jid) {
  return jid.substr(0, jid.find('/'));
}

std::string_view domain_of(std::string_view jid) {
  const auto bare = bare_of(jid);
  const auto at = bare.find('@');
  return at == bare.npos ? bare : bare.substr(at + 1);
}

std::optional<std::string> prepare_resource(std::string_view text) {
  if (is_plain_resource(text)) return std::string(text);
  return prepare(stringprep_xmpp_resourceprep, text);
}

}  // namespace crier
