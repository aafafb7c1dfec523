/// The scripts follow the words of a command line through a table of places: the beginning, each
/// command, each verb. A place has its verbs, its options (with those that a verb shares with its
/// command), which of them take a value and of what kind, and what an argument may be. bash and zsh
/// share the table and the walk; fish is told of each word and where it may stand.

#include "cli/completion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace crier::cli {

namespace {

/// A word that may stand somewhere, and what it means.
struct Word {
  std::string text;
  std::string meaning;
};

struct Place {
  /// The command and the verb with a space between them; empty for the beginning.
  std::string path;
  std::vector<Word> verbs;
  std::vector<DeclaredOption> options;
  std::vector<DeclaredArgument> arguments;
};

std::string last_word(const std::string& name) {
  return name.substr(name.rfind(' ') + 1);
}

Place place_of(const std::string& path, const DeclaredCommand& command) {
  Place place{path, {}, command.options, command.arguments};
  for (const auto& verb : command.verbs) place.verbs.push_back({verb.name, verb.summary});
  return place;
}

std::vector<Place> places_of(std::span<const DeclaredCommand> commands) {
  std::vector<Place> places(1);
  auto& root = places.front().verbs;
  for (const auto& command : commands) root.push_back({last_word(command.name), command.summary});
  root.push_back({"help", "tell more about a command"});
  places.front().options = {{{"--help"}, "", "print all commands", "", "", ""},
                            {{"--version"}, "", "print the version", "", "", ""}};
  for (const auto& command : commands) {
    const auto name = last_word(command.name);
    places.push_back(place_of(name, command));
    for (const auto& verb : command.verbs) {
      auto place = place_of(name + ' ' + verb.name, verb);
      for (const auto& option : command.options)
        if (option.names.back() != "--help") place.options.push_back(option);
      places.push_back(std::move(place));
    }
  }
  return places;
}

std::string first_sentence(const std::string& text) {
  return text.substr(0, text.find(". "));
}

/// A word of a shell, whatever is in it.
std::string shell_word(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::vector<std::string> names_of(const std::vector<DeclaredOption>& options) {
  std::vector<std::string> names;
  for (const auto& option : options)
    names.insert(names.end(), option.names.begin(), option.names.end());
  return names;
}

std::vector<std::string> texts_of(const std::vector<Word>& words) {
  std::vector<std::string> texts;
  for (const auto& word : words) texts.push_back(word.text);
  return texts;
}

/// How the value of an option, or an argument, is completed: the shell's words for it.
struct Values {
  bool files = false;
  std::vector<std::string> choices;
};

Values values_of(const std::vector<DeclaredArgument>& arguments) {
  Values values;
  for (const auto& argument : arguments) {
    if (is_file(argument.value) || is_file(argument.name)) values.files = true;
    for (auto& choice : choices_in(argument.value)) values.choices.push_back(std::move(choice));
  }
  return values;
}

/// The table's entry of a place, as bash and zsh read it.
std::string table_entry(const Place& place) {
  std::vector<std::string> valued, files, choices;
  for (const auto& option : place.options) {
    if (option.value.empty()) continue;
    valued.insert(valued.end(), option.names.begin(), option.names.end());
    if (is_file(option.value)) files.insert(files.end(), option.names.begin(), option.names.end());
    for (const auto& choice : choices_in(option.value))
      for (const auto& name : option.names) choices.push_back(name + '=' + choice);
  }
  const auto arguments = values_of(place.arguments);
  return fmt::format(
      "    {})\n        verbs={}\n        options={}\n        valued={}\n        files={}\n"
      "        choices={}\n        arguments={} argument_files={} ;;\n",
      shell_word(place.path), shell_word(fmt::format("{}", fmt::join(texts_of(place.verbs), " "))),
      shell_word(fmt::format("{}", fmt::join(names_of(place.options), " "))),
      shell_word(fmt::format("{}", fmt::join(valued, " "))),
      shell_word(fmt::format("{}", fmt::join(files, " "))),
      shell_word(fmt::format("{}", fmt::join(choices, " "))),
      shell_word(fmt::format("{}", fmt::join(arguments.choices, " "))),
      arguments.files ? "yes" : "");
}

/// The function that sets verbs, options and the rest for the place $1.
std::string table(const std::vector<Place>& places) {
  std::string text = "_crier_place() {\n    case $1 in\n";
  for (const auto& place : places) text += table_entry(place);
  return text + "    esac\n}\n\n";
}

/// Walks through the words before the one that is completed. `%words` and `%current` are how the
/// shell calls them, `%first` is the index of the first word behind `crier`.
std::string walk(std::string_view words, std::string_view first, std::string_view current) {
  return fmt::format(
      "    local place= verbs= options= valued= files= choices= arguments= argument_files=\n"
      "    local word i candidates= take_files=\n"
      "    _crier_place ''\n"
      "    for ((i = {1}; i < {2}; i++)); do\n"
      "        word=${{{0}[i]}}\n"
      "        if [[ $word == -* ]]; then\n"
      "            if [[ \" $valued \" == *\" $word \"* ]]; then ((i += 1)); fi\n"
      "        elif [[ -z $place && $word == help ]]; then\n"
      "            options= valued=\n"
      "        elif [[ -n $verbs && \" $verbs \" == *\" $word \"* ]]; then\n"
      "            place=\"${{place:+$place }}$word\"\n"
      "            _crier_place \"$place\"\n"
      "        fi\n"
      "    done\n",
      words, first, current);
}

/// Decides what may stand there: words in `candidates`, or files when `take_files` is set.
constexpr std::string_view decision =
    "    if [[ $previous == -* && \" $valued \" == *\" $previous \"* ]]; then\n"
    "        if [[ \" $files \" == *\" $previous \"* ]]; then take_files=yes; fi\n"
    "        for word in ${=choices}; do\n"
    "            if [[ ${word%%=*} == \"$previous\" ]]; then\n"
    "                candidates=\"$candidates ${word#*=}\"\n"
    "            fi\n"
    "        done\n"
    "    elif [[ $current == -* ]]; then\n"
    "        candidates=$options\n"
    "    elif [[ -n $verbs ]]; then\n"
    "        candidates=$verbs\n"
    "    else\n"
    "        candidates=$arguments take_files=$argument_files\n"
    "    fi\n";

/// The decision as bash writes it: it splits words without being told.
std::string bash_decision() {
  std::string text(decision);
  const std::string_view split = "${=choices}";
  return text.replace(text.find(split), split.size(), "$choices");
}

std::string fish_option(const DeclaredOption& option) {
  std::string text;
  for (const auto& name : option.names)
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (!option.value.empty()) {
    text += " -r";
    if (is_file(option.value)) text += " -F";
    const auto choices = choices_in(option.value);
    if (!choices.empty()) text += " -a " + shell_word(fmt::format("{}", fmt::join(choices, " ")));
  }
  return text + " -d " + shell_word(option.description);
}

std::string fish_place(const Place& place) {
  const auto where = fmt::format("complete -c crier -n {}",
                                 shell_word(fmt::format("__crier_at {}", shell_word(place.path))));
  std::string text;
  for (const auto& verb : place.verbs)
    text += fmt::format("{} -a {} -d {}\n", where, shell_word(verb.text),
                        shell_word(first_sentence(verb.meaning)));
  for (const auto& option : place.options) text += where + fish_option(option) + '\n';
  const auto values = values_of(place.arguments);
  if (values.files) text += where + " -F\n";
  for (const auto& choice : values.choices)
    text += fmt::format("{} -a {}\n", where, shell_word(choice));
  return text;
}

/// Tells whether the command line so far stands at a place.
std::string fish_walk(const std::vector<Place>& places) {
  std::string text =
      "function __crier_at\n"
      "    set -l place\n"
      "    set -l skip 0\n"
      "    set -l words (commandline -opc)\n"
      "    for word in $words[2..-1]\n"
      "        if test $skip = 1\n"
      "            set skip 0\n"
      "            continue\n"
      "        end\n"
      "        set -l next (string trim \"$place $word\")\n"
      "        switch \"$place $word\"\n";
  for (const auto& place : places)
    for (const auto& option : place.options)
      if (!option.value.empty())
        for (const auto& name : option.names)
          text += fmt::format("            case {}\n                set skip 1\n",
                              shell_word(place.path + ' ' + name));
  text += "            case";
  for (const auto& place : places)
    if (!place.path.empty())
      text += ' ' +
              shell_word(place.path.find(' ') == std::string::npos ? ' ' + place.path : place.path);
  return text +
         "\n                set place $next\n"
         "        end\n"
         "    end\n"
         "    test \"$place\" = \"$argv[1]\"\n"
         "end\n\n";
}

}  // namespace

std::string bash_completion(std::span<const DeclaredCommand> commands) {
  return "# Completion of crier for bash; made by: crier completion bash\n\n" +
         table(places_of(commands)) +
         "_crier() {\n"
         "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n" +
         walk("COMP_WORDS", "1", "COMP_CWORD") + bash_decision() +
         "    COMPREPLY=($(compgen -W \"$candidates\" -- \"$current\"))\n"
         "    if [[ -n $take_files ]]; then\n"
         "        compopt -o filenames 2>/dev/null\n"
         "        local file\n"
         "        while IFS= read -r file; do COMPREPLY+=(\"$file\"); done < <(compgen -f -- "
         "\"$current\")\n"
         "    fi\n"
         "}\n\n"
         "complete -F _crier crier\n";
}

std::string zsh_completion(std::span<const DeclaredCommand> commands) {
  return "#compdef crier\n# Completion of crier for zsh; made by: crier completion zsh\n\n" +
         table(places_of(commands)) +
         "_crier() {\n"
         "    local current=${words[CURRENT]} previous=${words[CURRENT - 1]}\n" +
         walk("words", "2", "CURRENT") + std::string(decision) +
         "    compadd -- ${=candidates}\n"
         "    if [[ -n $take_files ]]; then _files; fi\n"
         "}\n\n"
         "# When it is autoloaded, this file is the function; when it is sourced, it is not.\n"
         "if [[ $funcstack[1] == _crier ]]; then\n"
         "    _crier \"$@\"\n"
         "else\n"
         "    compdef _crier crier\n"
         "fi\n";
}

std::string fish_completion(std::span<const DeclaredCommand> commands) {
  const auto places = places_of(commands);
  std::string text = "# Completion of crier for fish; made by: crier completion fish\n\n" +
                     fish_walk(places) + "complete -c crier -f\n";
  for (const auto& place : places) text += fish_place(place);
  return text;
}

}  // namespace crier::cli
