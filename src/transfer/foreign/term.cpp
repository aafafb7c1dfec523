#include "transfer/foreign/term.hpp"

#include <algorithm>
#include <charconv>

namespace crier::transfer {

const Term* Term::member(std::string_view name) const {
  const auto found =
      std::ranges::find_if(members, [&](const auto& each) { return each.first == name; });
  return found == members.end() ? nullptr : &found->second;
}

std::optional<Term> number_term(std::string_view text) {
  const char* end = text.data() + text.size();
  Term term{.kind = Term::Kind::integer};
  const auto whole = std::from_chars(text.data(), end, term.integer);
  if (whole.ec == std::errc() && whole.ptr == end) return term;
  term.kind = Term::Kind::real;
  const auto real = std::from_chars(text.data(), end, term.real);
  if (real.ec == std::errc() && real.ptr == end) return term;
  return {};
}

}  // namespace crier::transfer
