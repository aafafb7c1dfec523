#pragma once
/// A directory of a test's own.

#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>

namespace crier::test {

/// Empty at first, removed with all that is in it at the end.
class Scratch {
 public:
  Scratch() {
    auto pattern = (std::filesystem::temp_directory_path() / "crier-storage-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path file(const char* name = "crier.db") const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace crier::test
