/// `crier explain`: who may do what at a node, by which rule, and what would change it. Asks the
/// service's ad-hoc command urn:crier:command:explain.

#include <crier/fault.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iterator>
#include "cli/ad_hoc.hpp"
#include "cli/arguments.hpp"
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

constexpr auto summary =
    "Says whether somebody may do something at a node, why, and what would change it.";

constexpr auto about =
    "Asking is about yourself; an owner of NODE and an administrator of the service may ask about\n"
    "everybody. The answer is that of the rules that decide real requests; the exit status says "
    "it\n"
    "too: 0 allowed, 1 not.\n\n";

constexpr auto examples =
    "  crier explain bob@example.net publish news\n"
    "  crier explain bob@example.net retract news --item 42\n"
    "  crier explain me@example.org subscribe news --json | jq -r .remedies[]\n";

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
bool answer(const Call& call, const ExplainOptions& options) {
  const auto settings = settings_of(options);
  ClientSession session(call.connection);
  const auto said = run_command(session, command_name, settings, {options.node}).form;
  if (said.value("reason").empty())
    throw Fault(exit_status::bad_data, "the service's answer makes no sense");
  const auto allowed = said.value("allowed") == "1" || said.value("allowed") == "true";
  if (call.json)
    print_json(to_json(said, allowed));
  else
    print_answer(said, allowed);
  return allowed;
}

/// A command of its own kind: its status is the answer.
class Explain final : public CommandFrame {
 public:
  Explain() : CommandFrame("crier explain", summary) {
    shared_.declare(app());
    Arguments arguments(app());
    arguments.add_option("JID", options_.jid, "who").required();
    arguments
        .add_option("ACTION", options_.action, fmt::format("what: {}", fmt::join(actions, ", ")))
        .required()
        .one_of(std::vector<std::string>(std::begin(actions), std::end(actions)));
    arguments.add_node(options_.node);
    arguments
        .add_option("--item", options_.item,
                    "the item that is to be retracted, if it is not its own")
        .type_name("ID")
        .not_configurable();
    set_footer(about + examples_footer(examples));
  }

  int run(int argc, char** argv) override {
    bool allowed = true;
    execute(argc, argv, [&] { allowed = answer(shared_.read(), options_); });
    return allowed ? exit_status::ok : exit_status::refused;
  }

 private:
  SharedOptions<Call> shared_;
  ExplainOptions options_;
};

}  // namespace

std::unique_ptr<Subcommand> explain() {
  return std::make_unique<Explain>();
}

}  // namespace crier::cli
