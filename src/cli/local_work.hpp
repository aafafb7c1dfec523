#pragma once
/// Who works on the database itself, for its audit log.

#include "transfer/local_work.hpp"

#include <string>

namespace crier::cli {

/// This process's user, at work with `source`, the name of a file or what stands for it, now.
transfer::LocalWork local_work(const std::string& source);

}  // namespace crier::cli
