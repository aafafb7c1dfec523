#pragma once
/// The options that hold, and those that shall hold next: reading the configuration again while the
/// service runs.

#include <crier/reload.hpp>

#include "app/options.hpp"

#include <functional>
#include <optional>

namespace crier {

class LiveOptions {
 public:
  /// Reads all options anew, from where they came from at the start. Throws Fault.
  using Reader = std::function<Options()>;

  LiveOptions(Options options, Reader read);

  /// What holds.
  const Options& options() const { return options_; }
  /// Reads the options again and checks them; they hold from take() on, but for those that need
  /// another start. Throws Fault when they are wrong; then nothing changes.
  Reload read();
  /// Lets hold what was read; false when nothing was.
  bool take();
  /// Forgets what was read.
  void drop() { next_.reset(); }

 private:
  Options options_;
  Reader read_;
  std::optional<Options> next_;
};

}  // namespace crier
