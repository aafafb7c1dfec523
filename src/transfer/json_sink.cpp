#include "transfer/json_sink.hpp"

namespace crier::transfer {

namespace {

constexpr std::size_t piece_bytes = std::size_t{64} << 10;

}  // namespace

JsonSink::JsonSink(std::function<void(std::string_view)> write) : write_(std::move(write)) {
  append_header(lines_);
}

void JsonSink::take(const Record& record) {
  ++counts_[record.index()];
  append_line(lines_, record);
  if (lines_.size() < piece_bytes) return;
  write_(lines_);
  lines_.clear();
}

void JsonSink::lose(std::string_view what) {
  const auto found = lost_.find(what);
  if (found == lost_.end())
    lost_.emplace(what, 1);
  else
    ++found->second;
}

void JsonSink::finish() {
  append_trailer(lines_, counts_);
  write_(lines_);
  lines_.clear();
}

}  // namespace crier::transfer
