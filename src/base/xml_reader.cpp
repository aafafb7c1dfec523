#include "base/xml_reader.hpp"

#include "base/stream_parser.hpp"

#include <cassert>
#include <utility>

namespace crier {

class XmlReader::State {
 public:
  State(const XmlLimits& limits, Events events) : limits_(limits), events_(std::move(events)) {
    reset();
  }

  void feed(std::string_view bytes) {
    while (!bytes.empty() && !in_event_ && !parser_->is_over()) {
      bytes.remove_prefix(parser_->take(bytes));
      do {
        if (!tell_all()) return;
      } while (parser_->resume());
    }
  }

  std::size_t unfinished() const { return parser_->unfinished(); }

  void set_limits(const XmlLimits& limits) { limits_ = limits; }

  void reset() {
    parser_ = std::make_unique<StreamParser>(limits_);
    in_event_ = false;
    ++stream_number_;
  }

 private:
  /// False when an event has reset the reader.
  bool tell_all() {
    const auto stream_number = stream_number_;
    while (auto event = parser_->next()) {
      in_event_ = true;  // Stays so when the event throws.
      tell(*event);
      in_event_ = false;
      if (stream_number != stream_number_) return false;
    }
    return true;
  }

  void tell(StreamParser::Event& event) {
    using enum StreamParser::Event::Kind;
    switch (event.kind) {
      case opened: return events_.on_open(parser_->stream());
      case stanza: return events_.on_stanza(std::move(event.document));
      case oversized: return events_.on_oversized(std::move(event.document), event.text);
      case closed: return events_.on_close();
      case failed: return events_.on_error(event.condition, event.text);
    }
  }

  XmlLimits limits_;
  Events events_;
  std::unique_ptr<StreamParser> parser_;
  bool in_event_ = false;
  std::uint64_t stream_number_ = 0;
};

XmlReader::XmlReader(XmlLimits limits, Events events)
    : state_(std::make_unique<State>(limits, std::move(events))) {}

XmlReader::~XmlReader() = default;

void XmlReader::feed(std::string_view bytes) {
  state_->feed(bytes);
}

std::size_t XmlReader::unfinished() const {
  return state_->unfinished();
}

void XmlReader::set_limits(const XmlLimits& limits) {
  state_->set_limits(limits);
}

void XmlReader::reset() {
  state_->reset();
}

}  // namespace crier
