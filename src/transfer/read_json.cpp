/// Files of lines of JSON.

#include <crier/fault.hpp>

#include "transfer/import_file.hpp"
#include "transfer/input_file.hpp"
#include "transfer/json_line.hpp"

#include <fmt/format.h>
#include <sysexits.h>

namespace crier::transfer {

namespace {

constexpr std::size_t piece_bytes = std::size_t{1} << 20;
constexpr std::size_t max_trailer_bytes = 4096;

/// Whether the last line is there, before anything is imported.
void check_end(const Source& source, const InputFile& file) {
  auto text = file.tail(max_trailer_bytes);
  if (text.ends_with('\n')) text.pop_back();
  try {
    const auto line = read_line(std::string_view(text).substr(text.rfind('\n') + 1));
    if (std::holds_alternative<Trailer>(line)) return;
  } catch (const Malformed&) {
    // It is no trailer either.
  }
  throw Fault(EX_DATAERR, fmt::format("{} is cut off: its last line is missing; export it "
                                      "again",
                                      source.file.native()));
}

/// Reads the lines of one file.
class Lines {
 public:
  Lines(const Source& source, Sink& sink) : source_(source), sink_(sink), file_(source.file) {
    check_end(source, file_);
  }

  void read() {
    std::string buffer(piece_bytes, '\0');
    for (auto piece = file_.read(buffer); !piece.empty(); piece = file_.read(buffer)) {
      feed(piece);
      if (source_.progress) source_.progress(file_.at(), file_.size());
    }
    if (!rest_.empty()) line(rest_);
    if (!ended_) refuse("the file ends in the middle");
  }

 private:
  void feed(std::string_view piece) {
    for (auto end = piece.find('\n'); end != piece.npos; end = piece.find('\n')) {
      if (rest_.empty()) {
        line(piece.substr(0, end));
      } else {
        rest_.append(piece.substr(0, end));
        line(rest_);
        rest_.clear();
      }
      piece.remove_prefix(end + 1);
    }
    rest_.append(piece);
    if (rest_.size() > max_record_bytes) refuse("the line is too long");
  }

  void line(std::string_view text) {
    ++number_;
    try {
      std::visit([this](const auto& read) { take(read); }, read_line(text));
    } catch (const Malformed& malformed) {
      refuse(malformed.what());
    } catch (const Fault& fault) {
      throw Fault(fault.status(), where() + fault.what());
    }
  }

  void take(const Header& header) {
    if (number_ != 1) throw Malformed("the header is not the first line");
    if (header.version == 0 || header.version > format_version)
      throw Malformed(
          fmt::format("the format is of version {}, this crier knows versions up to "
                      "{}; use the newer crier that has written it",
                      header.version, format_version));
  }
  void take(const Record& record) {
    if (number_ == 1) throw Malformed("the header is missing");
    if (ended_) throw Malformed("the file goes on behind its last line");
    ++counts_[record.index()];
    sink_.take(record);
  }
  void take(const Trailer& trailer) {
    if (ended_ || number_ == 1) throw Malformed("this line belongs at the end, once");
    ended_ = true;
    for (std::size_t kind = 0; kind < counts_.size(); ++kind)
      if (counts_[kind] != trailer.counts[kind])
        throw Malformed(
            fmt::format("the file has {} {} and should have {}: lines are missing or "
                        "were added",
                        counts_[kind], kinds()[kind], trailer.counts[kind]));
  }

  std::string where() const { return fmt::format("{}, line {}: ", source_.file.native(), number_); }
  [[noreturn]] void refuse(std::string_view why) const {
    throw Fault(EX_DATAERR, fmt::format("{}{}", where(), why));
  }

  const Source& source_;
  Sink& sink_;
  InputFile file_;
  std::string rest_;
  std::uint64_t number_ = 0;
  Counts counts_{};
  bool ended_ = false;
};

}  // namespace

Format format_of(const std::filesystem::path& file) {
  InputFile input(file);
  std::string buffer(4096, '\0');
  auto text = input.read(buffer);
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first != text.npos && text[first] == '{') return Format::json;
  if (first != text.npos && text[first] == '<') return Format::xep0227;
  throw Fault(EX_DATAERR, fmt::format("{} is neither lines of JSON nor XML", file.native()));
}

void read_json(const Source& source, Sink& sink) {
  Lines(source, sink).read();
}

}  // namespace crier::transfer
