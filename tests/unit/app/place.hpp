#pragma once
/// Where options are read: a directory with a secret, and variables of the environment.

#include <crier/fault.hpp>

#include "app/options.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sysexits.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace crier::test {

/// A directory and an environment of its own.
class Place {
 public:
  Place() {
    REQUIRE(mkdtemp(directory_.data()));
    write("secret", "hush\n");
    ::chmod(path("secret").c_str(), 0600);
  }
  ~Place() {
    for (const auto& name : variables_) unsetenv(name.c_str());
    std::filesystem::remove_all(directory_);
  }

  std::string path(const std::string& name) const { return directory_ + "/" + name; }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name)) << text;
  }
  void set(const std::string& name, const std::string& value) {
    setenv(name.c_str(), value.c_str(), 1);
    variables_.push_back(name);
  }

  /// Those that must be given, and `more`.
  Options read(std::vector<std::string> more = {}) const {
    std::vector<std::string> words = {
        "--domain",      "pubsub.example.org", "--server",   "127.0.0.1:5347",
        "--secret-file", path("secret"),       "--database", "crier.db"};
    words.insert(words.end(), more.begin(), more.end());
    return *read_only(words);
  }
  static std::optional<Options> read_only(const std::vector<std::string>& words) {
    std::vector<const char*> argv = {"serve"};
    for (const auto& word : words) argv.push_back(word.c_str());
    std::ostringstream out;
    auto options = read_options(static_cast<int>(argv.size()), argv.data(), out);
    if (!options) CHECK(out.str().find("--domain DOMAIN") != std::string::npos);
    return options;
  }
  /// The line that the options are refused with.
  std::string refusal(const std::vector<std::string>& more) const {
    return line_of([&] { (void)read(more); });
  }
  static std::string refusal_of(const std::vector<std::string>& words) {
    return line_of([&] { (void)read_only(words); });
  }

 private:
  template <class Call>
  static std::string line_of(Call call) {
    try {
      call();
    } catch (const Fault& fault) {
      CHECK(fault.status() == EX_CONFIG);
      const std::string line = fault.what();
      CHECK(line.find('\n') == std::string::npos);
      CHECK(line.find("; ") != std::string::npos);
      return line;
    }
    return "not refused";
  }

  std::string directory_ = "/tmp/crier-options-XXXXXX";
  std::vector<std::string> variables_;
};

}  // namespace crier::test
