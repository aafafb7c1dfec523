#include "app/options_limits.hpp"

#include "app/options_rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>

namespace crier {

namespace {

using Names = std::span<const std::string_view>;

// In the order of the enumerators.
constexpr std::array<std::string_view, 4> rates{"requests", "publishes", "bytes", "presence"};
constexpr std::array<std::string_view, 4> quantities{"nodes", "subscriptions", "items", "bytes"};
constexpr std::array<std::string_view, 3> scopes{"account", "domain", "service"};

constexpr std::uint64_t most = std::uint64_t{1} << 53;

constexpr std::string_view rate_example =
    "'requests account 20/s burst 100' or 'publishes domain partner.example 500/min'";
constexpr std::string_view quota_example =
    "'nodes account *@example.org 100' or 'bytes service 50G'";

/// One rule while it is read.
struct Words {
  std::string_view option;
  std::string_view example;
  const std::string& text;
  std::vector<std::string> words;
  std::size_t at = 0;

  bool at_end() const { return at == words.size(); }
  const std::string& front() const { return words[at]; }
  [[noreturn]] void refuse(std::string_view why) const {
    refuse_option(option, fmt::format("{} in '{}'", why, text),
                  fmt::format("write it such as {}", example));
  }
};

std::size_t read_name(Words& rule, Names names) {
  const auto found =
      rule.at_end() ? names.end() : std::find(names.begin(), names.end(), rule.front());
  if (found == names.end())
    refuse_option(rule.option,
                  rule.at_end() ? fmt::format("'{}' ends too soon", rule.text)
                                : fmt::format("'{}' is not known", rule.front()),
                  fmt::format("choose one of {}", fmt::join(names, ", ")));
  ++rule.at;
  return static_cast<std::size_t>(found - names.begin());
}

/// 20, 64K, 10M, 1G; nothing when that is no number from 1 on.
std::optional<std::uint64_t> parse_number(std::string_view text) {
  constexpr std::string_view suffixes = "KMG";
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  const auto suffix = text.size() == 1 ? suffixes.find(text[0]) : text.npos;
  if (error != std::errc() || (!text.empty() && suffix == text.npos)) return std::nullopt;
  const auto shift = text.empty() ? 0 : 10 * (suffix + 1);
  if (number == 0 || number > most >> shift) return std::nullopt;
  return number << shift;
}

struct Amount {
  /// 0: any number.
  std::uint64_t count = 0;
  std::chrono::seconds within{1};
};

std::optional<Amount> parse_amount(std::string_view text, bool is_rate) {
  if (text == "any") return Amount();
  const auto slash = text.find('/');
  const auto count = parse_number(text.substr(0, slash));
  if (!count || is_rate != (slash != text.npos)) return std::nullopt;
  if (!is_rate) return Amount{*count};
  const auto unit = text.substr(slash + 1);
  if (unit == "s") return Amount{*count, std::chrono::seconds(1)};
  if (unit == "min") return Amount{*count, std::chrono::minutes(1)};
  if (unit == "h") return Amount{*count, std::chrono::hours(1)};
  return std::nullopt;
}

/// As addresses are normalised: what has no wildcard is one, the rest is in small letters.
std::string read_pattern(const Words& rule, Scope scope) {
  const auto& text = rule.front();
  if (text.find_first_of("*?") == text.npos) {
    const auto jid = Jid::parse(text);
    if (!jid || !jid->is_bare() || (scope == Scope::account) == jid->local().empty())
      rule.refuse(
          fmt::format("'{}' is not {}", text, scope == Scope::account ? "a bare JID" : "a domain"));
    return jid->text();
  }
  if (text.find_first_of(scope == Scope::account ? "/" : "@/") != text.npos)
    rule.refuse(
        fmt::format("no {} is as '{}'", scope == Scope::account ? "bare JID" : "domain", text));
  std::string pattern = text;
  for (char& c : pattern)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return pattern;
}

/// The scope, the pattern and the number, which all rules have.
template <class Rule>
Amount read_common(Words& rule, Rule& read, bool is_rate) {
  read.scope = static_cast<Scope>(read_name(rule, scopes));
  read.pattern = "*";
  const auto is_amount = [&] { return !rule.at_end() && parse_amount(rule.front(), is_rate); };
  const bool has_more = rule.at + 1 < rule.words.size();
  if (read.scope != Scope::service && has_more && !is_amount()) {
    read.pattern = read_pattern(rule, read.scope);
    ++rule.at;
  }
  if (!is_amount())
    rule.refuse(is_rate ? "there is no rate such as 20/s, 100/min, 5/h or any"
                        : "there is no number such as 100, 64K, 50G or any");
  return *parse_amount(rule.words[rule.at++], is_rate);
}

void expect_end(const Words& rule) {
  if (!rule.at_end()) rule.refuse(fmt::format("'{}' is too much", rule.front()));
}

RateRule read_rate(const std::string& text) {
  Words rule{"--limit", rate_example, text, words_of(text)};
  RateRule read;
  read.what = static_cast<Rate>(read_name(rule, rates));
  const auto amount = read_common(rule, read, true);
  read.most = read.burst = amount.count;
  read.within = amount.within;
  if (!rule.at_end() && rule.front() == "burst") {
    ++rule.at;
    const auto burst = rule.at_end() ? std::nullopt : parse_number(rule.front());
    if (!burst) rule.refuse("there is no number behind burst");
    ++rule.at;
    read.burst = *burst;
  }
  expect_end(rule);
  return read;
}

QuotaRule read_quota(const std::string& text) {
  Words rule{"--quota", quota_example, text, words_of(text)};
  QuotaRule read;
  read.what = static_cast<Quantity>(read_name(rule, quantities));
  read.most = read_common(rule, read, false).count;
  expect_end(rule);
  return read;
}

}  // namespace

void read_limits(const GivenOptions& given, Policy& policy) {
  for (const auto& text : given.limits) policy.rates.push_back(read_rate(text));
  for (const auto& text : given.quotas) policy.quotas.push_back(read_quota(text));
}

}  // namespace crier
