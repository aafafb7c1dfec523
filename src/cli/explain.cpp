/// `crier explain`: who may do what at a node, by which rule, and what would change it. Asks the
/// service's ad-hoc command urn:crier:command:explain.

#include <crier/fault.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/ad_hoc.hpp"
#include "cli/client_command.hpp"
#include "cli/client_session.hpp"
#include "cli/exit_status.hpp"
#include "cli/nouns.hpp"
#include "cli/printable.hpp"

namespace crier::cli {

namespace {

constexpr std::string_view command_name = "urn:crier:command:explain";

struct ExplainOptions {
  std::string jid;
  std::string action;
  std::string node;
  std::string item;
};

constexpr auto footer =
    "Asking is about yourself; an owner of NODE and an administrator of the service may ask about\n"
    "everybody. The answer is that of the rules that decide real requests.\n\n"
    "Examples:\n"
    "  crier explain bob@example.net publish news\n"
    "  crier explain bob@example.net retract news --item 42\n"
    "  crier explain me@example.org subscribe news --json | jq -r .remedies[]\n\n"
    "Exit status 0 says that it is allowed, 1 that it is not.\n";

constexpr std::string_view actions[] = {"see",       "subscribe", "unsubscribe",  "retrieve",
                                        "publish",   "retract",   "purge",        "create",
                                        "configure", "delete",    "affiliations", "subscriptions"};

std::vector<Setting> settings_of(const ExplainOptions& options) {
  const auto jid = Jid::parse(options.jid);
  if (!jid)
    throw Fault(exit_status::usage,
                fmt::format("JID: \"{}\" is not an address", printable(options.jid)));
  std::vector<Setting> settings{
      {"jid", {std::string(jid->text())}}, {"action", {options.action}}, {"node", {options.node}}};
  if (!options.item.empty()) settings.push_back({"item", {options.item}});
  return settings;
}

std::vector<std::string> values_of(const Form& form, std::string_view var) {
  const auto* field = form.field(var);
  return field ? field->values : std::vector<std::string>();
}

void print_answer(const Form& answer, bool allowed) {
  print(fmt::format("{} {}\n", allowed ? "Yes." : "No.", printable(answer.value("reason"))));
  const auto remedies = values_of(answer, "remedy");
  if (remedies.empty()) return;
  print("What would change it:\n");
  for (const auto& remedy : remedies) print(fmt::format("  {}\n", printable(remedy)));
}

Json to_json(const Form& answer, bool allowed) {
  Json json;
  for (const auto* var : {"jid", "action", "node"}) json[var] = answer.value(var);
  json["allowed"] = allowed;
  for (const auto* var : {"rule", "reason"}) json[var] = answer.value(var);
  if (allowed) return json;
  json["error"] = answer.value("error");
  if (answer.field("pubsub_error")) json["pubsub_error"] = answer.value("pubsub_error");
  json["remedies"] = values_of(answer, "remedy");
  return json;
}

/// Whether it is allowed.
bool run(const Call& call, const ExplainOptions& options) {
  const auto settings = settings_of(options);
  ClientSession session(call.connection);
  const auto answer = run_command(session, command_name, settings, {options.node}).form;
  if (answer.value("reason").empty())
    throw Fault(exit_status::bad_data, "the service's answer makes no sense");
  const auto allowed = answer.value("allowed") == "1" || answer.value("allowed") == "true";
  if (call.json)
    print_json(to_json(answer, allowed));
  else
    print_answer(answer, allowed);
  return allowed;
}

}  // namespace

int explain(int argc, char** argv) {
  ClientCommand command("crier explain",
                        "Says whether somebody may do something at a node, why, and what would "
                        "change it.");
  ExplainOptions options;
  auto& app = command.app();
  app.add_option("JID", options.jid, "who")->required();
  app.add_option("ACTION", options.action, fmt::format("what: {}", fmt::join(actions, ", ")))
      ->required()
      ->check(CLI::IsMember(std::vector<std::string>(std::begin(actions), std::end(actions))));
  declare_node(app, options.node);
  app.add_option("--item", options.item, "the item that is to be retracted, if it is not its own")
      ->type_name("ID")
      ->configurable(false);
  app.footer(footer + app.get_footer());
  bool allowed = true;
  command.execute(argc, argv, [&](const Call& call) { allowed = run(call, options); });
  return allowed ? exit_status::ok : exit_status::refused;
}

}  // namespace crier::cli
