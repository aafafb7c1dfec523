#pragma once
/// The least that a durable answer takes on this machine, whatever program gives it.

#include <filesystem>

namespace crier::bench {

/// From a request to its answer, by a process that does nothing but write 4 KiB to a file in
/// `directory`, sync it, and answer over loopback; asked once in 2 ms, so that it is idle each
/// time. The median of some, in milliseconds; 0 when it can not be measured.
double least_milliseconds(const std::filesystem::path& directory);

}  // namespace crier::bench
