#pragma once
/// Records as lines of JSON; record.hpp says how each is spelt. A file begins with a header and
/// ends with a line that counts what is in it, so that one that was cut off is known:
///
///     {"record":"header","format":"crier","version":1}
///     …
///     {"record":"end","services":1,"redirects":0,"nodes":2,"affiliations":2,"subscriptions":0,
///      "items":5,"contacts":0}

#include "transfer/json_reader.hpp"
#include "transfer/record.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace crier::transfer {

/// The version of the format; a reader knows this one and those before.
inline constexpr std::uint64_t format_version = 1;

/// What there is of each kind of record, in the order of Record's kinds.
using Counts = std::array<std::uint64_t, std::variant_size_v<Record>>;
/// Their names: services, redirects, nodes ….
std::span<const std::string_view, std::variant_size_v<Record>> kinds();

struct Header {
  std::uint64_t version = format_version;
};
struct Trailer {
  Counts counts{};
};
using Line = std::variant<Header, Record, Trailer>;

/// Append one line each, with its end.
void append_header(std::string& out);
void append_line(std::string& out, const Record& record);
void append_trailer(std::string& out, const Counts& counts);

/// What stands on a line, given without its end. Throws Malformed for what is none of the three:
/// another type of value, a member that is missing, unknown or there twice.
Line read_line(std::string_view line);

}  // namespace crier::transfer
