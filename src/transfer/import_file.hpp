#pragma once
/// Files that exports have written, as records.

#include "transfer/record.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>

namespace crier::transfer {

enum class Format { json, xep0227 };

/// A file to be read. Its memory does not depend on its size: lines and elements have limits.
struct Source {
  std::filesystem::path file;
  /// Told now and then how many bytes are read, of how many; may be empty.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress = {};
};

/// What the file seems to be, by its first character. Throws Fault: EX_NOINPUT when it can not be
/// read, EX_DATAERR when it is neither.
Format format_of(const std::filesystem::path& file);

/// Gives all records of a file as json_line.hpp has it to `sink`, but looks first whether its last
/// line is there. Throws Fault (EX_DATAERR) with the number of the line for what is malformed, and
/// for what the sink refuses.
void read_json(const Source& source, Sink& sink);

/// The same for a file as XEP-0227 has it: pubsub services are hosts with <pubsub/> elements. What
/// else there is, users above all, is told to the sink as lost. Items come behind all nodes of
/// their service. What does not say when it was made was made at `now`, by an owner.
void read_xep0227(const Source& source, Time now, Sink& sink);

}  // namespace crier::transfer
