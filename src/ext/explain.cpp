/// Who may do what, and why: an ad-hoc command for everybody. XEP-0050, XEP-0004.

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include <array>

#include "ext/rooms.hpp"
#include "pubsub/command_form.hpp"
#include "pubsub/explanation.hpp"

namespace crier {

namespace {

/// What is asked for.
struct ExplainForm {
  /// Nothing: the asker.
  std::optional<Jid> jid;
  Action action = Action::subscribe;
  NodeName node;
  std::string item;
};

constexpr FormHead head{"urn:crier:command:explain", "Explain who may do what",
                        "May somebody do this? Owners may ask about everybody at their nodes, "
                        "administrators at all."};
constexpr std::array fields{
    Field<ExplainForm>::of<&ExplainForm::jid>("jid", "Who"),
    Field<ExplainForm>::of<&ExplainForm::action>("action", "What").and_required(),
    Field<ExplainForm>::of<&ExplainForm::node>("node", "At which node").and_required(),
    Field<ExplainForm>::of<&ExplainForm::item>(
        "item", "Which item is to be retracted, if it is not its own"),
};

void write_refusal(XmlWriter& out, const Explanation& explanation) {
  const auto refusal = explanation.verdict.error();
  write_field(out, "error", "text-single", "The error of a request", refusal.kind->condition);
  if (!refusal.kind->pubsub_condition.empty())
    write_field(out, "pubsub_error", "text-single", "What it says besides",
                refusal.kind->pubsub_condition);
  write_field(out, "remedy", "text-multi", "What would change it", explanation.remedies);
}

std::string answer(const Inquiry& inquiry, const Explanation& explanation) {
  return written([&](XmlWriter& out) {
    const bool allowed{explanation.verdict};
    auto x = out.open("x", ns::data_forms);
    x.attr("type", "result");
    out.leaf("title", head.title);
    write_form_type(out, head.form_type);
    write_field(out, "jid", "jid-single", "Who", inquiry.who.text());
    write_field(out, "action", "text-single", "What",
                FieldValue<Action>::write(inquiry.action).front());
    write_field(out, "node", "text-single", "At which node", inquiry.node);
    write_field(out, "allowed", "boolean", "Allowed", allowed ? "1" : "0");
    write_field(out, "rule", "text-single", "The rule that decides", name_of(explanation.rule));
    write_field(out, "reason", "text-single", "Why", explanation.reason);
    if (!allowed) write_refusal(out, explanation);
  });
}

Result<CommandStage> execute(const Request& request, const DataForm* form, Turn& turn) {
  const std::span<const Field<ExplainForm>> table(fields);
  const auto asker = request.from.to_bare();
  if (!form) return ask_for(head, table, ExplainForm{.jid = asker, .node = {}, .item = {}});
  auto asked = TRY(read_form(head, table, *form));
  const Inquiry inquiry{asked.jid.value_or(asker), asked.action, std::move(asked.node.text),
                        std::move(asked.item)};
  const auto explanation = TRY(explain(turn, inquiry, request.from));
  return CommandStage{CommandStage::Status::completed, answer(inquiry, explanation)};
}

}  // namespace

void install_explain(Service& service) {
  service.add_command({head.form_type, head.title, execute});
}

}  // namespace crier
