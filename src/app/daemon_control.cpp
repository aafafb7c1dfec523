/// The users of this machine, who come through the control socket.

#include "app/daemon.hpp"

#include <crier/errors.hpp>
#include <crier/fault.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "app/wall_clock.hpp"
#include "pubsub/stanza.hpp"

#include <utility>

namespace crier {

namespace {

/// A request that is one of pubsub's own: others hear of what it does.
bool is_told_to_many(const Element& stanza) {
  const Element* payload = stanza.first_child();
  return stanza.name == "iq" && stanza.attribute_or("type", "") == "set" && payload &&
         ns::is_of_pubsub(payload->ns);
}

Error too_much_waits() {
  return errors::resource_constraint.because(
      "Too much waits for the server already; see crier status, and try again later.");
}

}  // namespace

void Daemon::open_control(const Options& options) {
  if (options.control.empty()) return;
  ControlDoor::Settings settings{
      .path = options.control,
      .group = options.control_group,
      .domain = options.policy.domain,
      .limits = {.max_stanza_bytes = options.max_stanza_bytes},
  };
  ControlDoor::Events events{
      .on_stanza = [this](Document stanza) { take_local(std::move(stanza)); },
      .on_oversized =
          [this](Document header, std::string_view reason) {
            begin_stanza();
            batch_.refuse_oversized(std::move(header), reason, true);
            end_stanza();
          },
      .on_end = [this](const Jid& jid) { end_local(jid); },
      .report = report(LogModule::control),
  };
  try {
    control_ = std::make_unique<ControlDoor>(std::move(settings), std::move(events));
  } catch (const Fault& fault) {
    if (options.needs_control) throw;
    log_.write(LogLevel::warning, fault.what());
  }
}

/// What may be told to many is refused while more waits for the server than shall; all else an
/// administrator may ask at any time, above all while the server does not listen.
void Daemon::take_local(Document stanza) {
  note_received(stanza.root(), LogModule::control);
  if (outbox_.pending_bytes() > outbox_bytes_ && is_told_to_many(stanza.root())) {
    const auto from = stanza.root().attribute_or("from", "");
    control_->deliver(from, error_stanza(stanza.root(), too_much_waits()));
    return;
  }
  begin_stanza();
  batch_.handle(std::move(stanza), true);
  end_stanza();
}

/// What is for a user of this machine goes to the server as all else does, in its order, and comes
/// back: the service's domain is its own. So the fan-out need not look at who is one.
bool Daemon::deliver_local(const Element& stanza) {
  if (!control_ || control_->is_empty()) return false;
  // Nobody but the service itself writes to its users of this machine.
  if (stanza.attribute_or("from", "") != service_.policy().domain) return false;
  const auto to = stanza.attribute_or("to", "");
  return to.find('@') != to.npos && control_->deliver(to, readdressed(stanza, {}, {}, {}));
}

/// What is for nobody else need not go that way.
void Daemon::deliver_local(std::vector<std::string>& stanzas) {
  if (!control_ || control_->is_empty()) return;
  std::erase_if(stanzas, [this](const std::string& stanza) {
    if (!control_->deliver(receiver_of(stanza), stanza)) return false;
    if (batch_.taps().armed()) batch_.taps().sent(stanza, nullptr, wall_clock());
    return true;
  });
}

/// Nobody else reads what was to be shown to a user of this machine.
void Daemon::end_local(const Jid& jid) {
  batch_.taps().disarm(jid.text());
  take_local_presence(jid.text(), "unavailable");
}

void Daemon::take_local_presence(std::string_view jid, std::string_view type) {
  auto stanza = parse_xml(written([&](XmlWriter& out) {
    auto presence = out.open("presence", ns::component);
    presence.attr("from", jid).attr("to", service_.policy().domain);
    if (!type.empty()) presence.attr("type", type);
  }));
  take_local(std::move(*stanza));
}

}  // namespace crier
