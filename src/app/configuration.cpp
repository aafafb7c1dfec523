#include "app/configuration.hpp"

#include <crier/fault.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>

#include "app/options_declaration.hpp"

namespace crier {

namespace {

using Source = ConfigurationSource;
using Values = std::vector<std::string>;

/// An option as CLI11 knows it.
struct Declared {
  ConfiguredOption option;
  std::string variable;
  char delimiter = '\0';
};

bool is_setting(const CLI::App& app, const CLI::Option& option) {
  return &option != app.get_help_ptr() && &option != app.get_config_ptr() &&
         !option.get_lnames().empty();
}

std::vector<Declared> declared_options() {
  GivenOptions given;
  const auto app = declare_options(given);
  std::vector<Declared> all;
  for (const auto* option : app->get_options()) {
    if (!is_setting(*app, *option)) continue;
    Declared declared;
    declared.option.name = option->get_lnames().front();
    declared.option.description = option->get_description();
    const bool is_flag = option->get_type_name().empty();
    declared.option.type = is_flag ? "" : option->get_type_name();
    declared.option.is_list = option->get_expected_max() > 1;
    declared.option.standard = is_flag ? "false" : option->get_default_str();
    declared.variable = option->get_envname();
    declared.delimiter = option->get_delimiter();
    all.push_back(std::move(declared));
  }
  return all;
}

std::string environment(const std::string& variable) {
  const char* value = variable.empty() ? nullptr : std::getenv(variable.c_str());
  return value ? value : "";
}

using Given = std::map<std::string, Values, std::less<>>;

/// What stands on the command line, and the file that --config names there.
Given read_words(std::span<const std::string> words, const std::vector<Declared>& options,
                 std::string& file) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::map<std::string, CLI::Option*> added;
  std::map<std::string, Values> values;
  for (const auto& [option, variable, delimiter] : options) {
    auto* target = option.type.empty() ? app.add_flag("--" + option.name, values[option.name])
                                       : app.add_option("--" + option.name, values[option.name]);
    if (!option.is_list && !option.type.empty()) target->expected(1);
    added[option.name] = target;
  }
  app.add_option("--config", file);
  std::vector<std::string> reversed(words.rbegin(), words.rend());
  app.parse(std::move(reversed));
  if (app.remaining_size() > 0) {
    const auto word = app.remaining().front();
    // What stands behind '=' may be a secret.
    throw Fault(0, fmt::format("{}: there is no such option; see crier serve --help",
                               word.substr(0, word.find('='))));
  }
  Given given;
  for (const auto& [name, option] : added)
    if (option->count() > 0) given[name] = option->results();
  return given;
}

/// What stands in the file; what does not belong there goes to `problems`.
Given read_file(const std::string& file, const std::vector<Declared>& options,
                std::vector<std::string>& problems) {
  Given given;
  std::ifstream input(file);
  if (!input) {
    problems.push_back(
        fmt::format("--config: {} can not be read; name a file that is there", file));
    return given;
  }
  for (auto& item : CLI::ConfigTOML().from_config(input)) {
    const bool known = std::ranges::any_of(
        options, [&](const auto& each) { return each.option.name == item.name; });
    // CLI11 marks where a section begins.
    if (!item.parents.empty() && item.name != "++") continue;
    if (!item.parents.empty())
      problems.push_back(
          fmt::format("--config: {} has a section, {}; write all keys without "
                      "sections",
                      file, item.parents.front()));
    else if (!known)
      problems.push_back(
          fmt::format("--config: {} has an unknown key, {}; crier config defaults "
                      "lists all",
                      file, item.name));
    else
      given[item.name] = std::move(item.inputs);
  }
  return given;
}

/// What stands in the environment, by the name of the option.
Given read_environment(const std::vector<Declared>& options) {
  Given given;
  for (const auto& [option, variable, delimiter] : options)
    if (const auto text = environment(variable); !text.empty())
      given[option.name] = delimiter ? CLI::detail::split(text, delimiter) : Values{text};
  return given;
}

/// The words that give these values on a command line.
void add_words(const ConfiguredOption& option, Values& words) {
  if (option.source == Source::standard) return;
  for (const auto& value : option.values)
    words.push_back(fmt::format("--{}={}", option.name, value));
}

/// What `words` are to the service, as if nothing stood elsewhere.
GivenOptions given_by(const Values& words) {
  GivenOptions given;
  const auto app = declare_options(given);
  app->set_config();
  for (auto* option : app->get_options()) option->envname("");
  app->allow_extras(false);
  Values reversed(words.rbegin(), words.rend());
  app->parse(std::move(reversed));
  return given;
}

std::string text_of(const CLI::ParseError& error, const ConfiguredOption& option) {
  std::string text = error.what();
  std::ranges::replace(text, '\n', ' ');
  constexpr std::string_view conversion = "Could not convert: ";
  if (text.starts_with(conversion)) text = "this is not a value for it";
  const auto name = fmt::format("--{}: ", option.name);
  if (text.starts_with(name)) text.erase(0, name.size());
  return fmt::format("--{}: {}; see crier serve --help", option.name, text);
}

void forget(ConfiguredOption& option) {
  option.source = Source::standard;
  option.values = option.standard.empty() ? Values() : Values{option.standard};
}

/// Values that can be read, so that what is wrong with the others comes to light.
void find_unreadable(Configuration& configuration) {
  for (auto& option : configuration.options) {
    Values words;
    add_words(option, words);
    try {
      (void)given_by(words);
    } catch (const CLI::ParseError& error) {
      configuration.problems.push_back(text_of(error, option));
      forget(option);
    }
  }
}

/// `problem` is told by the name of an option; the one of these options, if it is one.
ConfiguredOption* culprit(std::vector<ConfiguredOption>& options, std::string_view problem) {
  for (auto& option : options)
    if (problem.starts_with(fmt::format("--{}:", option.name))) return &option;
  return nullptr;
}

/// In place of what must be given and was not, so that the rest can be checked.
void stand_in(ConfiguredOption& option) {
  constexpr std::pair<std::string_view, const char*> needed[] = {
      {"domain", "pubsub.example.org"}, {"server", "127.0.0.1:5347"}, {"database", "crier.db"}};
  for (const auto& [name, value] : needed)
    if (option.name == name) {
      option.values = {value};
      option.source = Source::file;
    }
}

/// Checks until nothing is wrong any more, leaving out what was: check_options tells of one mistake
/// at a time.
void check(Configuration& configuration) {
  auto options = configuration.options;
  auto secret = environment("CRIER_SECRET");
  for (std::size_t tries = 0; tries < 2 * options.size(); ++tries) {
    Values words;
    for (const auto& option : options) add_words(option, words);
    auto given = given_by(words);
    given.secret = secret;
    try {
      auto checked = check_options(given);
      configuration.warnings = checked.warnings;
      if (configuration.problems.empty()) configuration.checked = std::move(checked);
      return;
    } catch (const Fault& fault) {
      configuration.problems.emplace_back(fault.what());
      auto* wrong = culprit(options, fault.what());
      if (!wrong) return;
      forget(*wrong);
      stand_in(*wrong);
      if (wrong->name == "secret-file") secret = "stands in";
    }
  }
}

/// Which of the values counts.
void choose(ConfiguredOption& option, const Given& words, const Given& variables,
            const Given& file) {
  const std::pair<Source, const Given*> sources[] = {
      {Source::command_line, &words}, {Source::environment, &variables}, {Source::file, &file}};
  forget(option);
  for (const auto& [source, given] : sources)
    if (const auto found = given->find(option.name); found != given->end()) {
      option.values = found->second;
      option.source = source;
      return;
    }
}

/// A value as TOML. CLI11 knows no escapes: what holds one mark stands between the others.
std::string toml_value(const ConfiguredOption& option, const std::string& value) {
  const bool is_number =
      !value.empty() && std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
  const bool is_bare = option.type.empty() || (option.type == "NUMBER" && is_number);
  if (is_bare) return value;
  const char mark = value.find('"') == value.npos ? '"' : '\'';
  return mark + value + mark;
}

std::string toml_line(const ConfiguredOption& option, const Values& values) {
  if (!option.is_list)
    return fmt::format("{} = {}\n", option.name, toml_value(option, values.front()));
  Values texts;
  for (const auto& value : values) texts.push_back(toml_value(option, value));
  return fmt::format("{} = [{}]\n", option.name, fmt::join(texts, ", "));
}

/// `text` as lines of a comment.
std::string comment(std::string_view text) {
  constexpr std::size_t columns = 96;
  std::string out = "#", line;
  for (const auto& word : CLI::detail::split(std::string(text), ' ')) {
    if (line.size() + word.size() > columns) {
      out += line + "\n#";
      line.clear();
    }
    line += ' ' + word;
  }
  return out + line + '\n';
}

}  // namespace

std::string_view to_text(ConfigurationSource source) {
  constexpr std::string_view names[] = {"default", "file", "environment", "command line"};
  return names[static_cast<std::size_t>(source)];
}

Configuration read_configuration(std::span<const std::string> words) {
  Configuration configuration;
  const auto declared = declared_options();
  configuration.file = environment("CRIER_CONFIG");
  Given on_command_line;
  try {
    on_command_line = read_words(words, declared, configuration.file);
  } catch (const std::exception& error) {
    // A Fault or what CLI11 throws: where the words end that make sense is not known.
    configuration.problems.emplace_back(error.what());
    return configuration;
  }
  const auto variables = read_environment(declared);
  auto in_file = configuration.file.empty()
                     ? Given()
                     : read_file(configuration.file, declared, configuration.problems);
  configuration.secret_in_environment =
      !environment("CRIER_SECRET").empty() && !on_command_line.contains("secret-file");
  if (configuration.secret_in_environment) in_file.erase("secret-file");
  for (const auto& each : declared) {
    configuration.options.push_back(each.option);
    choose(configuration.options.back(), on_command_line, variables, in_file);
  }
  find_unreadable(configuration);
  check(configuration);
  return configuration;
}

std::string to_toml(const Configuration& configuration) {
  std::string out;
  if (configuration.secret_in_environment)
    out += comment("The secret comes from the environment, CRIER_SECRET, and is not shown.") + '\n';
  for (const auto& option : configuration.options) {
    if (option.values.empty()) continue;
    out += option.source == Source::file
               ? comment(fmt::format("From the file {}", configuration.file))
               : comment(fmt::format("From: {}", to_text(option.source)));
    out += toml_line(option, option.values) + '\n';
  }
  return out;
}

std::string default_toml() {
  std::string out = comment(
      "The options of crier serve. What is not given has the value that stands here behind '#';"
      " words in capitals stand for what is to be given.");
  for (const auto& [option, variable, delimiter] : declared_options()) {
    out += '\n' + comment(option.description);
    const auto value = option.standard.empty() ? option.type : option.standard;
    out += '#' + toml_line(option, {value});
  }
  return out;
}

}  // namespace crier
