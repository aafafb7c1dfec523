#pragma once
/// What only the operator can mend.

#include <stdexcept>
#include <string>

namespace crier {

/// Ends the program. The text is one line that says what is wrong, where, and what to do about it.
/// Thrown at start or reload, caught in `main`.
class Fault : public std::runtime_error {
 public:
  /// `status` is what the process exits with, one of <sysexits.h>.
  Fault(int status, const std::string& what) : std::runtime_error(what), status_(status) {}
  int status() const { return status_; }

 private:
  int status_;
};

}  // namespace crier
