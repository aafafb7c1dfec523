/// `crier completion` and `crier manual`: what is made of the declarations of all commands.

#include <crier/fault.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "cli/client_command.hpp"
#include "cli/completion.hpp"
#include "cli/declaration.hpp"
#include "cli/manual.hpp"
#include "cli/nouns.hpp"
#include "cli/overview.hpp"
#include "cli/printable.hpp"

namespace crier::cli {

namespace {

struct GeneratedOptions {
  std::string shell;
  std::string directory;
};

std::vector<DeclaredCommand> declared_commands() {
  std::vector<DeclaredCommand> declared;
  for (const auto& group : command_groups())
    for (const auto& command : group.commands)
      if (!group.title.empty()) declared.push_back(read_declaration(command.make()->app()));
  return declared;
}

void declare_completion(Arguments arguments, GeneratedOptions& options) {
  arguments.add_option("SHELL", options.shell, "bash, zsh or fish")
      .required()
      .type_name("bash|zsh|fish");
}

void print_completion(const LocalCall& call, const GeneratedOptions& options) {
  const auto commands = declared_commands();
  std::string script;
  if (options.shell == "bash")
    script = bash_completion(commands);
  else if (options.shell == "zsh")
    script = zsh_completion(commands);
  else if (options.shell == "fish")
    script = fish_completion(commands);
  else
    throw Fault(exit_status::usage, fmt::format("SHELL: it is bash, zsh or fish, not \"{}\"",
                                                printable(options.shell)));
  if (call.json)
    print_json(Json{{"shell", options.shell}, {"script", script}});
  else
    print(script);
}

constexpr Verb<GeneratedOptions, LocalCall> completion_command = {
    "completion",
    "print the script that completes crier's command lines",
    "  source <(crier completion bash)                                  # in ~/.bashrc\n"
    "  crier completion zsh > /usr/local/share/zsh/site-functions/_crier\n"
    "  crier completion fish > ~/.config/fish/completions/crier.fish\n",
    declare_completion,
    print_completion,
};

void declare_manual(Arguments arguments, GeneratedOptions& options) {
  arguments.add_option("DIRECTORY", options.directory, "where to; made when it is not there")
      .required();
}

void write_page(const std::filesystem::path& file, const std::string& page) {
  std::ofstream out(file, std::ios::binary);
  out << page << std::flush;
  if (!out)
    throw Fault(exit_status::io_error,
                fmt::format("{} can not be written: {}", file.string(), std::strerror(errno)));
}

std::vector<ManualSection> manual_sections() {
  std::vector<ManualSection> sections;
  for (const auto& group : command_groups()) {
    if (group.title.empty()) continue;
    sections.push_back({std::string(group.title), {}});
    for (const auto& command : group.commands)
      sections.back().commands.emplace_back(command.name, command.summary);
  }
  return sections;
}

void write_manual(const LocalCall& call, const GeneratedOptions& options) {
  const std::filesystem::path directory(options.directory);
  std::error_code failure;
  std::filesystem::create_directories(directory, failure);
  auto files = Json::array();
  const auto write = [&](const std::string& name, const std::string& page) {
    write_page(directory / name, page);
    files.push_back(name);
  };
  write("crier.1", main_manual_page(manual_sections(), first_steps));
  for (const auto& command : declared_commands()) {
    auto name = command.name;
    std::ranges::replace(name, ' ', '-');
    write(name + ".1", manual_page(command));
  }
  if (call.json) print_json(files);
}

constexpr Verb<GeneratedOptions, LocalCall> manual_command = {
    "manual",
    "write the manual pages",
    "  crier manual /usr/local/share/man/man1\n",
    declare_manual,
    write_manual,
};

}  // namespace

std::unique_ptr<Subcommand> completion() {
  return make_command(completion_command);
}

std::unique_ptr<Subcommand> manual() {
  return make_command(manual_command);
}

}  // namespace crier::cli
