#pragma once
/// Records as the lines of a file, as export_json writes them.

#include "transfer/json_line.hpp"
#include "transfer/record.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace crier::transfer {

/// Writes what it takes, in pieces of some 64 KiB, between a header and a last line.
class JsonSink : public Sink {
 public:
  /// `write` takes the next bytes; what it throws comes out of take() and finish().
  explicit JsonSink(std::function<void(std::string_view)> write);

  void take(const Record& record) override;
  void lose(std::string_view what) override;
  /// Behind the last record: writes the last line.
  void finish();

  const Counts& counts() const { return counts_; }
  /// What could not be carried, and how often.
  const std::map<std::string, std::uint64_t, std::less<>>& lost() const { return lost_; }

 private:
  std::function<void(std::string_view)> write_;
  std::string lines_;
  Counts counts_{};
  std::map<std::string, std::uint64_t, std::less<>> lost_;
};

}  // namespace crier::transfer
