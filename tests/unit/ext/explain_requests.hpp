#pragma once
/// The explain command as clients execute it, and what it answers. docs/explain.md

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

#include "pubsub/scene.hpp"

namespace crier::test {

inline constexpr auto alice = "alice@a.example/x";
inline constexpr auto bob = "bob@b.example/y";
inline constexpr auto eve = "eve@e.example/z";
inline constexpr auto admin = "admin@example.org/x";
inline const Strings actions{"see",       "subscribe", "unsubscribe",  "retrieve",
                             "publish",   "retract",   "purge",        "create",
                             "configure", "delete",    "affiliations", "subscriptions"};

inline std::string command(std::string_view inside, std::string_view attributes = "") {
  return fmt::format(
      "<command xmlns='http://jabber.org/protocol/commands' "
      "node='urn:crier:command:explain' {}>{}</command>",
      attributes, inside);
}

inline std::string inquiry(std::string_view who, std::string_view action, std::string_view node,
                           std::string_view item = "") {
  std::string fields;
  for (const auto& [var, value] : {std::pair<std::string_view, std::string_view>("jid", who),
                                   {"action", action},
                                   {"node", node},
                                   {"item", item}})
    if (!value.empty())
      fields += fmt::format("<field var='{}'><value>{}</value></field>", var, value);
  return command("<x xmlns='jabber:x:data' type='submit'>" + fields + "</x>");
}

inline std::string value(const Answer& answer, std::string_view var) {
  const auto values = field_in(answer.xml, var);
  return values.empty() ? answer.error : values.front();
}

/// "rule: reason", behind "yes" or the error.
inline std::string answered(const Answer& answer) {
  const bool allowed = value(answer, "allowed") == "1";
  const auto with = field_in(answer.xml, "pubsub_error");
  return fmt::format("{}{}{} {}: {}", allowed ? "yes" : value(answer, "error"),
                     with.empty() ? "" : " ", with.empty() ? "" : with.front(),
                     value(answer, "rule"), value(answer, "reason"));
}

inline std::string explained(Scene& scene, std::string_view asker, std::string_view who,
                             std::string_view action, std::string_view node,
                             std::string_view item = "") {
  return answered(scene.set(asker, inquiry(who, action, node, item)));
}

/// The text of the error of that answer.
inline std::string text_of(const Answer& answer) {
  const auto texts = texts_of(answer.xml, "text");
  return texts.empty() ? answer.xml : texts.front();
}

}  // namespace crier::test
