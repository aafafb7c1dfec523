#pragma once
/// What was read of a stream and is not parsed yet.
///
/// When a server starts again it sends the presence of all who are online, in one go. To take it
/// costs a few microseconds each, so a request behind the presence of 50,000 would wait for a tenth
/// of a second and more. So presence that comes faster than it can be taken stands aside, and lets
/// those pass who have sent none: between them no order is promised. What one sender sends stays in
/// its order (RFC 6120 §10.1): whoever has presence waiting waits behind it. So does what belongs
/// to the stream itself, and a stanza that is larger than what is read at once.

#include "base/stanza_scanner.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace crier {

class Backlog {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  /// As much is read at once.
  static constexpr std::size_t read_bytes = std::size_t{64} * 1024;
  /// As much of what stands aside is taken at once, in whole stanzas: some tenths of a millisecond.
  static constexpr std::size_t call_bytes = std::size_t{16} * 1024;
  /// While more stands aside, with what it takes to know the senders, nothing is read.
  static constexpr std::size_t most_aside = std::size_t{16} * 1024 * 1024;
  /// What stood aside for so long is taken in turns with what is read.
  static constexpr std::chrono::milliseconds patience{100};

  /// Answers to the service itself, whose JID that is, confirm what was sent to others: they come
  /// behind what these have sent, unless their id begins with `passing`.
  Backlog(std::string own_jid, std::string passing)
      : own_jid_(std::move(own_jid)), passing_(std::move(passing)), input_(read_bytes) {}

  /// Where to read to; empty while nothing is to be read.
  std::span<char> space();
  /// `count` bytes were read to there. When they fill it more is waiting: then presence stands
  /// aside from here on.
  void add(std::size_t count, Instant now);
  /// What is to be parsed next of what was read; empty when that is all for now. Valid until the
  /// next call of any but the const members and passed().
  std::string_view pass();
  /// What pass() has handed out was parsed, and so many bytes at its end belong to a stanza that is
  /// not whole, XmlReader::unfinished(): where stanzas end need not be looked for then.
  void passed(std::size_t unfinished);
  /// What has stood aside longest, whole stanzas of about call_bytes; empty when nothing does.
  std::string_view call();

  /// The last read was as large as it may be.
  bool is_crowded() const { return crowded_; }
  bool has_aside() const { return !aside_.empty(); }
  /// Whether it is the turn of what stands aside, even though more is there to read.
  bool is_due(Instant now) const;
  bool may_grow() const { return !blocked_ && aside_cost_ <= most_aside; }
  /// Expects a new stream.
  void reset();

 private:
  /// What becomes of a stanza: it is handed out, stands aside, or waits where it is.
  enum class Way { on, aside, wait };

  std::string_view rest() const { return {input_.data() + at_, end_ - at_}; }
  /// Whether none of what was read can stand aside.
  bool passes_whole() const;
  /// Of the stanza that begins with `piece`, behind which the scanner stands.
  Way way_of(std::string_view piece, const StanzaScanner& behind);
  Way way_of_whole(std::string_view stanza);
  Way way_behind_all();
  void put_aside(std::string_view stanza);
  void begin_group(std::size_t stanza_size);

  std::string own_jid_;
  std::string passing_;
  std::vector<char> input_;
  /// The bytes from at_ to end_ were read and not yet handed out.
  std::size_t at_ = 0;
  std::size_t end_ = 0;
  StanzaScanner scanner_;
  /// What was handed out without a look at it, and the scanner has still to go through.
  std::string_view unscanned_;
  /// More came than one read takes.
  bool crowded_ = false;
  /// What comes next can only be taken behind all that stands aside.
  bool blocked_ = false;

  /// Whole stanzas, and the hashes of the bare JIDs that sent them.
  struct Group {
    std::string stanzas;
    std::vector<std::size_t> senders;

    std::size_t cost() const { return stanzas.capacity() + senders.size() * sender_cost; }
  };
  /// Here and in senders_.
  static constexpr std::size_t sender_cost = 64;

  std::deque<Group> aside_;
  std::size_t aside_cost_ = 0;
  Instant aside_since_{};
  /// What was handed out last.
  std::string called_;
  /// Hash of the sender of the stanza that was looked at last.
  std::size_t sender_ = 0;
  /// How many stanzas of each sender stand aside. One that is taken for another waits as well.
  std::unordered_map<std::size_t, std::uint32_t> senders_;
};

}  // namespace crier
