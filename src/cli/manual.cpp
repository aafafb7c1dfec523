#include "cli/manual.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/exit_status.hpp"

namespace crier::cli {

namespace {

/// Text that is neither a request nor an escape to the typesetter, hyphens as they are typed.
std::string escaped(std::string_view text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
    line_begins = c == '\n';
  }
  return out;
}

/// `text` in lines as mandoc(1) wants them.
std::string wrapped(const std::string& text) {
  constexpr std::size_t columns = 72;
  std::string out;
  std::size_t begin = 0;
  while (text.size() - begin > columns) {
    const auto space = text.rfind(' ', begin + columns);
    if (space == text.npos || space <= begin) break;
    out += text.substr(begin, space - begin) + '\n';
    begin = space + 1;
  }
  return out + text.substr(begin);
}

/// A paragraph's text, as a sentence.
std::string sentence(std::string text) {
  if (text.empty()) return text;
  text.front() = static_cast<char>(std::toupper(text.front()));
  if (!text.ends_with('.')) text += '.';
  return escaped(wrapped(text)) + '\n';
}

/// Lines that stay lines.
std::string lines(std::string_view text) {
  std::string out = ".nf\n";
  out += escaped(text);
  out += "\n.fi\n";
  return out;
}

std::string header(std::string_view title, std::string_view name, std::string_view summary) {
  return fmt::format(".TH {} 1 \"\" \"crier {}\" \"User Commands\"\n.SH NAME\n{} \\- {}\n", title,
                     CRIER_VERSION, escaped(name), escaped(summary));
}

std::string argument_usage(const DeclaredArgument& argument) {
  auto text = fmt::format("\\fI{}\\fR", escaped(argument.name));
  if (argument.repeated) text += "...";
  return argument.required ? text : "[" + text + "]";
}

std::string usage(const std::string& name, const DeclaredCommand& command) {
  auto text = fmt::format("\\fB{}\\fR", escaped(name));
  for (const auto& argument : command.arguments) text += ' ' + argument_usage(argument);
  return text + " [\\fIOPTION\\fR...]\n";
}

std::string option_entry(const DeclaredOption& option) {
  std::vector<std::string> names;
  for (const auto& name : option.names) names.push_back("\\fB" + escaped(name) + "\\fR");
  auto text = fmt::format(".TP\n{}", fmt::join(names, ", "));
  if (!option.value.empty()) text += fmt::format(" \\fI{}\\fR", escaped(option.value));
  text += '\n' + sentence(option.description);
  if (!option.standard.empty()) text += fmt::format("Default: {}.\n", escaped(option.standard));
  if (!option.variable.empty())
    text += fmt::format("In the environment: \\fB{}\\fR.\n", option.variable);
  return text;
}

std::string argument_entries(const DeclaredCommand& command) {
  std::string text;
  for (const auto& argument : command.arguments)
    text +=
        fmt::format(".TP\n\\fI{}\\fR\n{}", escaped(argument.name), sentence(argument.description));
  return text;
}

std::string option_entries(const DeclaredCommand& command, std::string_view group) {
  std::string text;
  for (const auto& option : command.options)
    if (option.group == group) text += option_entry(option);
  return text;
}

std::vector<std::string> groups_of(const DeclaredCommand& command) {
  std::vector<std::string> groups;
  for (const auto& option : command.options)
    if (std::ranges::count(groups, option.group) == 0) groups.push_back(option.group);
  return groups;
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

std::string verb_section(const DeclaredCommand& command, const DeclaredCommand& verb) {
  auto text = fmt::format(".SS {}\n", escaped(verb.name));
  text += usage(command.name + ' ' + verb.name, verb) + ".PP\n" + sentence(verb.summary);
  text += argument_entries(verb);
  for (const auto& option : verb.options)
    // Each has --help; once is enough.
    if (option.names.back() != "--help") text += option_entry(option);
  if (!verb.notes.empty()) text += ".PP\n" + lines(verb.notes);
  return text;
}

std::string environment(const DeclaredCommand& command) {
  std::vector<std::string> variables;
  for (const auto& option : command.options)
    if (!option.variable.empty())
      variables.push_back(fmt::format(".TP\n\\fB{}\\fR\nCounts when \\fB{}\\fR is not given.\n",
                                      option.variable, escaped(option.names.back())));
  return variables.empty() ? "" : fmt::format(".SH ENVIRONMENT\n{}", fmt::join(variables, ""));
}

std::string exit_statuses() {
  std::string text = ".SH EXIT STATUS\n";
  for (const auto& [status, meaning] : exit_status::meanings)
    text += fmt::format(".TP\n\\fB{}\\fR\n{}", status, sentence(std::string(meaning)));
  return text;
}

std::string examples_of(const DeclaredCommand& command) {
  auto text = command.examples;
  for (const auto& verb : command.verbs)
    if (!verb.examples.empty()) text += (text.empty() ? "" : "\n") + verb.examples;
  return text.empty() ? "" : ".SH EXAMPLES\n" + lines(text);
}

std::string dashed(std::string name) {
  std::ranges::replace(name, ' ', '-');
  return name;
}

}  // namespace

std::string manual_page(const DeclaredCommand& command) {
  auto summary = command.summary.substr(0, command.summary.find(". "));
  if (summary.ends_with('.')) summary.pop_back();
  const auto name = dashed(command.name);
  auto text = header(upper(name), name, summary) + ".SH SYNOPSIS\n";
  if (command.verbs.empty()) text += usage(command.name, command);
  for (const auto& verb : command.verbs) {
    if (&verb != &command.verbs.front()) text += ".br\n";
    text += usage(command.name + ' ' + verb.name, verb);
  }
  text += ".SH DESCRIPTION\n" + sentence(command.summary) + argument_entries(command);
  if (!command.notes.empty()) text += ".PP\n" + lines(command.notes);
  if (!command.verbs.empty()) text += ".SH VERBS\n";
  for (const auto& verb : command.verbs) text += verb_section(command, verb);
  text += ".SH OPTIONS\n";
  for (const auto& group : groups_of(command))
    text += (group == "Options" ? "" : fmt::format(".SS {}\n", escaped(group))) +
            option_entries(command, group);
  text += environment(command) + exit_statuses() + examples_of(command);
  return text + ".SH SEE ALSO\n\\fBcrier\\fR(1)\n";
}

std::string main_manual_page(std::span<const ManualSection> sections,
                             std::string_view first_steps) {
  auto text = header("CRIER", "crier", "publish-subscribe service for any XMPP server (XEP-0060)");
  text +=
      ".SH SYNOPSIS\n\\fBcrier\\fR \\fICOMMAND\\fR [\\fIVERB\\fR] [\\fIARGUMENT\\fR...] "
      "[\\fIOPTION\\fR...]\n"
      ".br\n\\fBcrier help\\fR [\\fICOMMAND\\fR [\\fIVERB\\fR]]\n"
      ".br\n\\fBcrier \\-\\-version\\fR\n"
      ".SH DESCRIPTION\n"
      "One program runs the service (\\fBcrier serve\\fR) and manages it.\n"
      "Each command has a page of its own, and tells of itself with \\fB\\-\\-help\\fR.\n"
      ".PP\n"
      "With \\fB\\-\\-json\\fR a command prints JSON.\n"
      "An error is always one line on the standard error, whatever the output is,\n"
      "and a status that is not 0.\n"
      ".SH COMMANDS\n";
  std::vector<std::string> see_also;
  for (const auto& section : sections) {
    text += fmt::format(".SS {}\n", escaped(section.title));
    for (const auto& [name, summary] : section.commands) {
      text += fmt::format(".TP\n\\fBcrier {}\\fR\n{}", escaped(name), sentence(summary));
      see_also.push_back(fmt::format("\\fBcrier\\-{}\\fR(1)", escaped(name)));
    }
  }
  text += ".SH EXAMPLES\n" + lines(first_steps) + exit_statuses();
  return text + fmt::format(".SH SEE ALSO\n{}\n", fmt::join(see_also, ",\n"));
}

}  // namespace crier::cli
