#include "cli/declaration.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace crier::cli {

namespace {

constexpr std::string_view examples_heading = "Examples:\n";

DeclaredOption read_option(const CLI::Option& option) {
  DeclaredOption read;
  for (const auto& name : option.get_snames()) read.names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) read.names.push_back("--" + name);
  // Empty for a flag.
  read.value = option.get_type_name();
  read.description = option.get_description();
  read.standard = !read.value.empty() ? option.get_default_str() : "";
  read.variable = option.get_envname();
  read.group = option.get_group();
  return read;
}

DeclaredArgument read_argument(const CLI::Option& option) {
  // CLI11 calls whatever has no type of its own TEXT.
  const auto value = option.get_type_name();
  return {option.get_name(true), value == "TEXT" ? "" : value, option.get_description(),
          option.get_required(), option.get_expected_max() > 1};
}

/// The rest of a help text: notes, then examples.
void read_footer(const std::string& footer, DeclaredCommand& command) {
  const auto heading = footer.find(examples_heading);
  command.notes = footer.substr(0, heading);
  command.notes.erase(command.notes.find_last_not_of('\n') + 1);
  if (heading == footer.npos) return;
  command.examples = footer.substr(heading + examples_heading.size());
  command.examples.erase(command.examples.find_last_not_of('\n') + 1);
}

}  // namespace

DeclaredCommand read_declaration(const CLI::App& app) {
  DeclaredCommand read;
  read.name = app.get_name();
  read.summary = app.get_description();
  for (const auto* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    if (option->get_positional())
      read.arguments.push_back(read_argument(*option));
    else
      read.options.push_back(read_option(*option));
  }
  for (const auto* verb : app.get_subcommands({}))
    if (!verb->get_group().empty()) read.verbs.push_back(read_declaration(*verb));
  read_footer(app.get_footer(), read);
  return read;
}

std::vector<std::string> choices_in(const std::string& value) {
  std::vector<std::string> choices;
  if (value.find('|') == value.npos) return choices;
  for (std::size_t begin = 0; begin <= value.size();) {
    const auto end = std::min(value.find('|', begin), value.size());
    auto word = value.substr(begin, end - begin);
    // What is in capitals stands for something else.
    if (std::ranges::any_of(word, [](char c) { return c >= 'a' && c <= 'z'; }))
      choices.push_back(std::move(word));
    begin = end + 1;
  }
  return choices;
}

bool is_file(const std::string& value) {
  return value == "FILE" || value == "DIRECTORY" || value == "PATH";
}

}  // namespace crier::cli
