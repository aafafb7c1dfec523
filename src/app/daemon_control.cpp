/// The users of this machine, who come through the control socket.

#include "app/daemon.hpp"

#include <crier/fault.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "app/wall_clock.hpp"

#include <utility>

namespace crier {

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
      .on_end = [this](const Jid& jid) { take_local_presence(jid.text(), "unavailable"); },
      .report = report(LogModule::control),
  };
  try {
    control_ = std::make_unique<ControlDoor>(std::move(settings), std::move(events));
  } catch (const Fault& fault) {
    if (options.needs_control) throw;
    log_.write(LogLevel::warning, fault.what());
  }
}

void Daemon::take_local(Document stanza) {
  note_received(stanza.root(), LogModule::control);
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

void Daemon::take_local_presence(std::string_view jid, std::string_view type) {
  auto stanza = parse_xml(written([&](XmlWriter& out) {
    auto presence = out.open("presence", ns::component);
    presence.attr("from", jid).attr("to", service_.policy().domain);
    if (!type.empty()) presence.attr("type", type);
  }));
  take_local(std::move(*stanza));
}

}  // namespace crier
