/// Who copies notifications: the question, the answer, and what comes back when the server's module
/// has gone (docs/copies.md).

#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "model/copies.hpp"
#include "wire/component_stream.hpp"

#include <fmt/format.h>

namespace crier {

namespace {

/// How long broadcasts wait for the answer who copies them.
constexpr std::chrono::milliseconds copier_patience{5'000};
/// While they wait reading ends when as many times the limit waits of answers, and as many times
/// that of broadcasts.
constexpr std::size_t held_factor = 4;

}  // namespace

bool ComponentStream::take_own(const Element& stanza) {
  if (stanza.attribute_or("from", "") != settings_.domain) return false;
  if (stanza.name == "message") return take_back(stanza);
  return stanza.name == "iq" && (take_probe(stanza) || take_copier(stanza));
}

/// Where nobody copies the question comes back as it is, or refused.
void ComponentStream::ask_who_copies(bool hold) {
  if (!settings_.copied) return;
  const auto self = escape_attribute(settings_.domain);
  question_ = fmt::format("{}{}", copier_id, ++pings_);
  outbox_.add(fmt::format("<iq type='get' id='{}' from='{}' to='{}'><copies xmlns='{}'/></iq>",
                          question_, self, self, ns::copies));
  if (hold) held_until_ = now_ + copier_patience;
}

bool ComponentStream::take_copier(const Element& stanza) {
  const auto id = stanza.attribute_or("id", "");
  if (!id.starts_with(copier_id)) return false;
  if (id != question_) return true;  // That was another stream's.
  question_.clear();
  held_until_.reset();
  copied_before_ = false;
  const bool copies =
      stanza.attribute_or("type", "") == "result" && stanza.child("copies", ns::copies) != nullptr;
  // What the service would not read when it comes back must not be sent.
  const bool readable = settings_.limits.max_stanza_bytes >= copies::most_bytes_returned;
  if (!copies || !readable || state_ != State::ready) return true;
  events_.report(LogLevel::info, "the server copies notifications itself: it has mod_crier_copies");
  outbox_.set_copier(Copier::server);
  window_.set_copied(true);
  return true;
}

/// The server has lost its module. What comes behind waits until all has come back.
bool ComponentStream::take_back(const Element& message) {
  if (message.attribute_or("type", "") == "error") return false;
  auto messages = copies::made_of(message);
  if (messages.empty()) return false;
  for (auto& copy : messages) outbox_.add_returned(std::move(copy));
  if (held_until_) held_until_ = now_ + copier_patience;
  if (outbox_.copier() == Copier::service) return true;
  events_.report(LogLevel::warning,
                 "the server copies notifications no more: mod_crier_copies is gone");
  outbox_.set_copier(Copier::service);
  window_.set_copied(false);
  copied_before_ = true;
  ask_who_copies(true);
  return true;
}

void ComponentStream::await_copies() {
  if (outbox_.copier() == Copier::service) return;
  outbox_.set_copier(Copier::service);
  ask_who_copies(true);
}

void ComponentStream::end_hold() {
  if (!held_until_ || now_ < *held_until_) return;
  // The answer may be there, and not be read.
  if (state_ == State::ready && !may_read())
    held_until_ = now_ + copier_patience;
  else
    held_until_.reset();
}

/// Broadcasts are not to leave then, so they do not count as what the server has to take first.
bool ComponentStream::is_stuffed_while_held() const {
  const auto most = settings_.max_pending_bytes * held_factor;
  const auto held = outbox_.broadcasts_bytes();
  return outbox_.pending_bytes() - held > most || held > most * held_factor;
}

}  // namespace crier
