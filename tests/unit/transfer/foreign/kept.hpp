#pragma once
/// What the tests of the readers have in common: a sink, and what goes wrong.

#include <crier/fault.hpp>

#include "transfer/foreign/carrier.hpp"
#include "transfer/foreign/foreign_store.hpp"

#include <map>
#include <string>
#include <vector>

namespace crier::transfer::test {

/// Keeps all records, and counts what was lost.
class Kept : public Sink {
 public:
  void take(const Record& record) override { records.push_back(record); }
  void lose(std::string_view what) override { ++lost[std::string(what)]; }

  template <class Type>
  std::vector<Type> all() const {
    std::vector<Type> found;
    for (const auto& record : records)
      if (const auto* one = std::get_if<Type>(&record)) found.push_back(*one);
    return found;
  }

  std::vector<Record> records;
  std::map<std::string, int> lost;
};

/// What a reader tells of its progress.
class Told {
 public:
  ReadProgress progress() {
    return [this](std::uint64_t done, std::uint64_t total) {
      goes_on_ = goes_on_ && done >= done_ && (total_ == 0 || total == total_);
      done_ = done;
      total_ = total;
    };
  }
  /// It never went back, and came to its end.
  bool is_complete() const { return goes_on_ && total_ > 0 && done_ == total_; }

 private:
  std::uint64_t done_ = 0, total_ = 0;
  bool goes_on_ = true;
};

/// The fault of reading, as `status: text`.
inline std::string fault_of(void (*read)(const std::string&, const ForeignOptions&, Sink&),
                            const std::string& source, const std::string& host = {}) {
  Kept kept;
  try {
    read(source, {host}, kept);
    return "none";
  } catch (const Fault& fault) {
    return std::to_string(fault.status()) + ": " + fault.what();
  }
}

}  // namespace crier::transfer::test
