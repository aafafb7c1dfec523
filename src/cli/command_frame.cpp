#include "cli/command_frame.hpp"

#include <crier/fault.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cctype>

#include "cli/exit_status.hpp"
#include "cli/output.hpp"

#include "cli/printable.hpp"
#include "cli/suggestion.hpp"

namespace crier::cli {

namespace {

constexpr std::size_t help_columns = 96;

/// What all help texts end with.
std::string exit_statuses() {
  std::string text, line = "Exit status:";
  for (const auto& [status, meaning] : exit_status::meanings) {
    const auto entry = fmt::format(" {} {};", status, meaning);
    if (line.size() + entry.size() > help_columns) {
      text += line + '\n';
      line = " ";
    }
    line += entry;
  }
  line.back() = '.';
  return text + line + '\n';
}

/// The help of a command: its own options, then those that all verbs of a noun share, each group
/// once.
class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter() { column_width(31); }

  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode) const override {
    const auto positionals =
        app->get_options([](const CLI::Option* option) { return option->get_positional(); });
    auto text = usage(app, name, positionals) + '\n' + sentence(app->get_description());
    if (!positionals.empty()) text += make_group("Arguments", true, positionals);
    text += make_subcommands(app, CLI::AppFormatMode::Normal) + group(app, "Options");
    text += other_groups(app);
    if (app->get_parent()) text += other_groups(app->get_parent());
    auto footer = app->get_footer();
    footer.erase(footer.find_last_not_of('\n') + 1);
    if (!footer.empty()) text += '\n' + footer + "\n\n";
    if ((app->get_parent() ? app->get_parent() : app)->get_config_ptr())
      text += "Options count in this order: command line, environment, file of --config.\n";
    return text + exit_statuses();
  }

  std::string make_option_opts(const CLI::Option* option) const override {
    std::string text;
    if (!option->get_type_name().empty() && !option->get_positional())
      text += " " + option->get_type_name();
    if (!option->get_envname().empty()) text += " (" + option->get_envname() + ")";
    return text;
  }

 private:
  std::string usage(const CLI::App* app, const std::string& name,
                    const std::vector<const CLI::Option*>& positionals) const {
    auto text = "Usage: " + name;
    if (!app->get_subcommands({}).empty()) text += " VERB";
    for (const auto* option : positionals) text += " " + make_option_usage(option);
    return text + " [OPTION...]\n";
  }

  std::string group(const CLI::App* app, const std::string& name) const {
    const auto options = app->get_options([&](const CLI::Option* option) {
      return option->get_group() == name && !option->get_positional();
    });
    return !options.empty() ? make_group(name, false, options) : "";
  }

  std::string other_groups(const CLI::App* app) const {
    std::string text;
    for (const auto& name : app->get_groups())
      if (name != "Options") text += group(app, name);
    return text;
  }

  /// The summary of a verb, as it stands in a list, as a sentence.
  static std::string sentence(std::string summary) {
    if (summary.empty()) return summary;
    summary.front() = static_cast<char>(std::toupper(summary.front()));
    return summary + (summary.ends_with('.') ? "\n" : ".\n");
  }
};

int status_of(const CLI::ParseError& error) {
  const bool in_file =
      dynamic_cast<const CLI::FileError*>(&error) || dynamic_cast<const CLI::ConfigError*>(&error);
  return in_file ? exit_status::configuration : exit_status::usage;
}

/// The word that was given for a verb is none, or there is no word at all.
Fault no_verb(const CLI::App& app, int argc, char** argv) {
  std::vector<std::string> names;
  for (const auto* verb : app.get_subcommands({})) names.push_back(verb->get_name());
  const std::string_view word = argc > 1 ? argv[1] : "";
  const auto problem = word.empty() || word.starts_with('-')
                           ? std::string("a verb is missing")
                           : fmt::format("\"{}\" is not a verb", printable(word));
  const auto meant = suggestion(word, names);
  return {exit_status::usage, meant.empty()
                                  ? fmt::format("{}; there are {}", problem, fmt::join(names, ", "))
                                  : problem + meant};
}

/// The names of all options that may stand behind the verb that was called.
std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  const auto add = [&](const CLI::App& from) {
    for (const auto* option : from.get_options())
      for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  };
  add(app);
  for (const auto* verb : app.get_subcommands()) add(*verb);
  return names;
}

/// What CLI11 has to say, in one line.
std::string text_of(const CLI::ParseError& error, const CLI::App& app) {
  const auto extra = app.remaining(true);
  if (dynamic_cast<const CLI::ExtrasError*>(&error) && !extra.empty()) {
    // What stands behind '=' may be a secret.
    const auto word = extra.front().substr(0, extra.front().find('='));
    if (!word.starts_with('-')) return fmt::format("\"{}\" is one word too many", printable(word));
    return fmt::format("{}: there is no such option{}", printable(word),
                       suggestion(word, option_names(app)));
  }
  std::string text = error.what();
  std::replace(text.begin(), text.end(), '\n', ' ');
  constexpr std::string_view conversion = "Could not convert: ";
  if (text.starts_with(conversion)) {
    text.erase(0, conversion.size());
    const auto equals = text.find(" = ");
    if (equals == text.npos) return printable(text) + " is not a value for it";
    return fmt::format("{}: \"{}\" is not a value for it", printable(text.substr(0, equals)),
                       printable(text.substr(equals + 3)));
  }
  return (dynamic_cast<const CLI::FileError*>(&error) ? "--config: " : "") + printable(text);
}

}  // namespace

CommandFrame::CommandFrame(const std::string& name, const std::string& summary)
    : app_(std::make_unique<CLI::App>(summary, name)) {
  app_->formatter(std::make_shared<HelpFormatter>());
  app_->get_formatter()->label("Subcommands", "Verbs");
  app_->set_help_flag("-h,--help", "print this help");
}

CommandFrame::~CommandFrame() = default;

void CommandFrame::set_footer(const std::string& text) {
  app_->footer(text);
}

void CommandFrame::require_verb() {
  app_->require_subcommand(1);
}

std::string CommandFrame::called_verb() const {
  return app_->get_subcommands().front()->get_name();
}

CLI::App& CommandFrame::add_verb(const char* name, const char* summary, const char* examples) {
  auto* verb = app_->add_subcommand(name, summary)->fallthrough()->group("Verbs");
  verb->footer(examples_footer(examples));
  return *verb;
}

void CommandFrame::execute(int argc, char** argv, const std::function<void()>& work) {
  bool has_work = false;
  try {
    has_work = parse(argc, argv);
  } catch (const Fault& fault) {
    throw Fault(fault.status(), fmt::format("{}: {}", name(), fault.what()));
  } catch (const CLI::ParseError& error) {
    const auto text = text_of(error, *app_);
    const bool has_advice = text.ends_with('?');
    throw Fault(status_of(error),
                has_advice ? fmt::format("{}: {}", name(), text)
                           : fmt::format("{}: {}; see crier {} --help", name(), text, name()));
  }
  perform(
      name(), has_work ? work : [] {});
}

void CommandFrame::perform(const std::string& name, const std::function<void()>& work) {
  try {
    work();
    flush_output();
  } catch (const Fault& fault) {
    throw Fault(fault.status(), fmt::format("{}: {}", name, fault.what()));
  }
}

/// Returns false when help was asked for, which is then printed.
bool CommandFrame::parse(int argc, char** argv) {
  try {
    app_->parse(argc, argv);
    return true;
  } catch (const CLI::CallForHelp&) {
    print(app_->help());
    return false;
  } catch (const CLI::ParseError&) {
    if (app_->get_require_subcommand_min() > app_->get_subcommands().size())
      throw no_verb(*app_, argc, argv);
    throw;
  }
}

/// As it was called, without `crier`: `node create`.
std::string CommandFrame::name() const {
  auto name = app_->get_name().substr(app_->get_name().find(' ') + 1);
  for (const auto* verb : app_->get_subcommands()) name += ' ' + verb->get_name();
  return name;
}

std::string examples_footer(const char* examples) {
  return fmt::format("Examples:\n{}", examples);
}

}  // namespace crier::cli
