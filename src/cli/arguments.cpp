#include "cli/arguments.hpp"

#include <CLI/CLI.hpp>

namespace crier::cli {

Argument Argument::required() {
  option_.required();
  return *this;
}

Argument Argument::type_name(const char* name) {
  option_.type_name(name);
  return *this;
}

Argument Argument::not_configurable() {
  option_.configurable(false);
  return *this;
}

Argument Argument::one_value_each() {
  option_.allow_extra_args(false);
  return *this;
}

Argument Argument::one_of(const std::vector<std::string>& values) {
  option_.check(CLI::IsMember(values));
  return *this;
}

Argument Argument::needs(const char* name) {
  option_.needs(name);
  return *this;
}

Argument Argument::excludes(const char* name) {
  option_.excludes(name);
  return *this;
}

Argument Argument::envname(const char* name) {
  option_.envname(name);
  return *this;
}

Argument Argument::group(const char* title) {
  option_.group(title);
  return *this;
}

Argument Argument::capture_default_str() {
  option_.capture_default_str();
  return *this;
}

Argument Arguments::add_option(const char* name, std::string& value,
                               const std::string& description) {
  return Argument(*app_.add_option(name, value, description));
}

Argument Arguments::add_option(const char* name, std::vector<std::string>& values,
                               const char* description) {
  return Argument(*app_.add_option(name, values, description));
}

Argument Arguments::add_count(const char* name, int& count, const char* description) {
  auto* option = app_.add_option(name, count, description)->type_name("N");
  option->check([](const std::string& text) {
    return text.empty() || text.front() == '-' || text.find_first_not_of('0') == text.npos
               ? "it is a number above 0"
               : "";
  });
  return Argument(*option).not_configurable();
}

Argument Arguments::add_flag(const char* name, bool& value, const char* description) {
  return Argument(*app_.add_flag(name, value, description));
}

void Arguments::add_node(std::string& node) {
  add_option("NODE", node, "the node's name").required();
}

void Arguments::add_yes(bool& yes) {
  add_flag("--yes", yes, "do it without asking").not_configurable();
}

void Arguments::add_notes(const std::string& notes) {
  app_.footer(notes + app_.get_footer());
}

}  // namespace crier::cli
