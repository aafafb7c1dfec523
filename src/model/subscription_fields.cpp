#include "model/subscription_fields.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace crier {

namespace {

/// A number that is the whole of `text`.
template <class Number>
bool read_number(const std::string& text, Number& number) {
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  return parsed.ec == std::errc() && parsed.ptr == end;
}

}  // namespace

template <>
struct Choices<SubscriptionType> {
  static constexpr std::array<Choice, 3> list{{
      {"items", "Receive notification of items only"},
      {"nodes", "Receive notification of nodes only"},
      {"all", "Receive notification of items and nodes"},
  }};
};

/// Any whole number may be submitted; offered is what XEP-0060 registers.
template <>
struct FieldValue<Depth> : PlainValue {
  static constexpr std::string_view type = "list-single";
  static constexpr std::string_view datatype = "xs:string";
  static std::span<const Choice> choices() {
    static constexpr std::array<Choice, 2> list{{
        {"1", "Receive notification from direct child nodes only"},
        {"all", "Receive notification from all descendent nodes"},
    }};
    return list;
  }
  static Values write(Depth depth) {
    return {depth.value == Depth::all ? "all" : std::to_string(depth.value)};
  }
  static bool read(const Values& values, Depth& depth) {
    if (values.size() != 1) return false;
    depth.value = Depth::all;
    return values.front() == "all" || read_number(values.front(), depth.value);
  }
};

template <>
struct FieldValue<DigestFrequency> : PlainValue {
  static constexpr std::string_view datatype = "xs:integer";
  static Values write(DigestFrequency frequency) {
    return {std::to_string(frequency.value.count())};
  }
  static bool read(const Values& values, DigestFrequency& frequency) {
    std::int64_t count = 0;
    if (values.size() != 1 || !read_number(values.front(), count)) return false;
    frequency.value = std::chrono::milliseconds(count);
    return true;
  }
};

/// A date, or `presence`. §12.5
template <>
struct FieldValue<Expiry> : PlainValue {
  static constexpr std::string_view datatype = "xs:string";
  static Values write(const Expiry& expiry) {
    if (expiry.with_presence) return {"presence"};
    return expiry.at ? Values{format_datetime(*expiry.at)} : Values{};
  }
  static bool read(const Values& values, Expiry& expiry) {
    if (values.size() > 1) return false;
    if (values.empty() || values.front().empty()) return true;
    expiry.with_presence = values.front() == "presence";
    if (expiry.with_presence) return true;
    expiry.at = parse_datetime(values.front());
    return expiry.at.has_value();
  }
};

/// In the order of Show. None is as good as all.
template <>
struct FieldValue<ShowValues> : PlainValue {
  static constexpr std::string_view type = "list-multi";
  static std::span<const Choice> choices() {
    static constexpr std::array<Choice, 5> list{{
        {"online", "Available"},
        {"chat", "Free for chat"},
        {"away", "Away"},
        {"xa", "Extended away"},
        {"dnd", "Do not disturb"},
    }};
    return list;
  }
  static Values write(ShowValues shows) {
    Values values;
    for (std::size_t i = 0; i < choices().size(); ++i)
      if ((shows.bits >> i & 1) != 0) values.emplace_back(choices()[i].value);
    return values;
  }
  static bool read(const Values& values, ShowValues& shows) {
    unsigned bits = 0;
    for (const auto& value : values) {
      const auto found = std::ranges::find(choices(), value, &Choice::value);
      if (found == choices().end()) return false;
      bits |= 1u << (found - choices().begin());
    }
    if (bits != 0) shows.bits = static_cast<std::uint8_t>(bits);
    return true;
  }
};

template <>
struct Choices<Versions> {
  static constexpr std::array<Choice, 2> list{{
      {"last", "The last version of each item that is still there"},
      {"every", "Every version of every item"},
  }};
};

template <>
struct Choices<Acknowledgement> {
  static constexpr std::array<Choice, 2> list{{
      {"server", "The server has taken the notification"},
      {"receipt", "The client has sent a receipt"},
  }};
};

namespace {

using Options = SubscriptionOptions;
using Row = Field<Options>;

constexpr std::array subscription_table{
    Row::of<&Options::deliver>("pubsub#deliver", "Receive notifications"),
    Row::of<&Options::digest>("pubsub#digest",
                              "Receive digests of several items instead of each item by itself"),
    Row::of<&Options::digest_frequency>("pubsub#digest_frequency",
                                        "The least number of milliseconds between two digests"),
    Row::of<&Options::expire>("pubsub#expire", "When the subscription ends by itself"),
    Row::of<&Options::include_body>("pubsub#include_body",
                                    "Receive a message body in addition to the payload"),
    Row::of<&Options::show_values>("pubsub#show-values",
                                   "How available to be to receive notifications"),
    Row::of<&Options::durable>("x-durable", "Keep notifications while the subscriber is away"),
    Row::of<&Options::versions>("x-versions",
                                "What to receive of items that were changed meanwhile"),
    Row::of<&Options::acknowledgement>("x-acknowledgement", "When a notification has arrived"),
    Row::of<&Options::filter, &ContentFilter::keywords>(
        "x-keywords", "Receive only items whose payload has all of these words"),
    Row::of<&Options::filter, &ContentFilter::payload_namespace>(
        "x-payload-namespace", "Receive only items with payloads of this namespace"),
    Row::of<&Options::filter, &ContentFilter::xpath>(
        "x-xpath", "Receive only items whose payload fulfils this XPath expression"),
    Row::of<&Options::subscription_type>("pubsub#subscription_type",
                                         "What to be notified of by a collection"),
    Row::of<&Options::subscription_depth>("pubsub#subscription_depth",
                                          "How far to look down from a collection"),
};
/// The last two are about collections.
constexpr std::size_t leaf_fields = subscription_table.size() - 2;

}  // namespace

std::span<const Field<SubscriptionOptions>> subscription_fields() {
  return subscription_table;
}

std::span<const Field<SubscriptionOptions>> leaf_subscription_fields() {
  return std::span(subscription_table).first(leaf_fields);
}

}  // namespace crier
