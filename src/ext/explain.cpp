/// Who may do what, and why: an ad-hoc command for everybody. XEP-0050, XEP-0004.

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "ext/rooms.hpp"
#include "pubsub/explanation.hpp"

namespace crier {

namespace {

constexpr std::string_view command_name = "urn:crier:command:explain";
constexpr std::string_view title = "Explain who may do what";

using Values = std::vector<std::string>;

/// A field with its values, and what `inside` writes.
template <class Inside>
void write_field(XmlWriter& out, std::string_view var, std::string_view type,
                 std::string_view label, const Values& values, Inside inside) {
  auto field = out.open("field");
  field.attr("var", var).attr("type", type);
  if (!label.empty()) field.attr("label", label);
  for (const auto& value : values) out.leaf("value", value);
  inside();
}

void write_field(XmlWriter& out, std::string_view var, std::string_view type,
                 std::string_view label, const Values& values) {
  write_field(out, var, type, label, values, [] {});
}

/// Writes the form around `fields`.
template <class Fields>
std::string form_of(std::string_view type, Fields fields) {
  return written([&](XmlWriter& out) {
    auto x = out.open("x", ns::data_forms);
    x.attr("type", type);
    out.leaf("title", title);
    write_field(out, "FORM_TYPE", "hidden", "", {std::string(command_name)});
    fields(out);
  });
}

std::string question(const Jid& asker) {
  return form_of("form", [&](XmlWriter& out) {
    out.leaf("instructions",
             "May somebody do this? Owners may ask about everybody at their nodes, administrators "
             "at all.");
    write_field(out, "jid", "jid-single", "Who", {std::string(asker.bare())});
    write_field(out, "action", "list-single", "What", {"subscribe"}, [&] {
      out.open("required");
      for (const auto& action : actions()) {
        auto option = out.open("option");
        option.attr("label", action.label);
        out.leaf("value", action.name);
      }
    });
    write_field(out, "node", "text-single", "At which node", {}, [&] { out.open("required"); });
    write_field(out, "item", "text-single", "Which item is to be retracted, if it is not its own",
                {});
  });
}

/// The one value of the field; empty when it is not there.
Result<std::string> value_of(const DataForm& form, std::string_view var) {
  const auto* field = form.field(var);
  if (!field || field->values.empty()) return std::string();
  if (field->values.size() > 1)
    return errors::bad_payload.because("The field " + std::string(var) + " has one value.");
  return field->values.front();
}

/// What is asked. Refuses with bad-payload what can not be read.
Result<Inquiry> read_inquiry(const DataForm& form, const Jid& asker) {
  if (!form.form_type().empty() && form.form_type() != command_name)
    return errors::bad_payload.because("The form has a FORM_TYPE that does not belong here.");
  const auto who = TRY(value_of(form, "jid"));
  auto jid = who.empty() ? Jid::parse(asker.bare()) : Jid::parse(who);
  if (!jid) return errors::bad_payload.because("The field jid holds no JID.");
  const auto action = action_named(TRY(value_of(form, "action")));
  if (!action) return errors::bad_payload.because("The field action names no action.");
  auto node = prepare_resource(TRY(value_of(form, "node")));
  if (!node || node->empty()) return errors::bad_payload.because("The field node names no node.");
  return Inquiry{std::move(*jid), *action, std::move(*node), TRY(value_of(form, "item"))};
}

std::string answer(const Inquiry& inquiry, const Explanation& explanation) {
  return form_of("result", [&](XmlWriter& out) {
    const bool allowed{explanation.verdict};
    write_field(out, "jid", "jid-single", "Who", {std::string(inquiry.who.text())});
    write_field(out, "action", "text-single", "What",
                {std::string(actions()[static_cast<std::size_t>(inquiry.action)].name)});
    write_field(out, "node", "text-single", "At which node", {inquiry.node});
    write_field(out, "allowed", "boolean", "Allowed", {allowed ? "1" : "0"});
    write_field(out, "rule", "text-single", "The rule that decides",
                {std::string(name_of(explanation.rule))});
    write_field(out, "reason", "text-single", "Why", {explanation.reason});
    if (allowed) return;
    const auto refusal = explanation.verdict.error();
    write_field(out, "error", "text-single", "The error of a request",
                {std::string(refusal.kind->condition)});
    if (!refusal.kind->pubsub_condition.empty())
      write_field(out, "pubsub_error", "text-single", "What it says besides",
                  {std::string(refusal.kind->pubsub_condition)});
    write_field(out, "remedy", "text-multi", "What would change it", explanation.remedies);
  });
}

Result<CommandStage> execute(const Request& request, const DataForm* form, Turn& turn) {
  if (!form) return CommandStage{CommandStage::Status::executing, question(request.from)};
  const auto inquiry = TRY(read_inquiry(*form, request.from));
  const auto explanation = TRY(explain(turn, inquiry, request.from));
  return CommandStage{CommandStage::Status::completed, answer(inquiry, explanation)};
}

}  // namespace

void install_explain(Service& service) {
  service.add_command({command_name, title, execute});
}

}  // namespace crier
