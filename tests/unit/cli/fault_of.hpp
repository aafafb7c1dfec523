#pragma once
/// What a function ends the program with.

#include <crier/fault.hpp>

#include <functional>
#include <string>

namespace crier::cli {

/// The Fault that `work` throws, as `STATUS: TEXT`; `no fault` when it throws none.
inline std::string fault_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Fault& fault) {
    return std::to_string(fault.status()) + ": " + fault.what();
  }
  return "no fault";
}

}  // namespace crier::cli
