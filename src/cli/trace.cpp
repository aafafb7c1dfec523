/// `crier trace`: stanzas of one JID, or about one node, as the service receives and sends them.

#include <crier/fault.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include <fmt/format.h>

#include <iostream>

#include "cli/ad_hoc.hpp"
#include "cli/client_command.hpp"
#include "cli/client_session.hpp"
#include "cli/interrupt.hpp"
#include "cli/nouns.hpp"
#include "cli/printable.hpp"

namespace crier::cli {

namespace {

constexpr std::string_view trace_command = "urn:crier:command:trace";

constexpr auto notes =
    "ADDRESS is a JID, bare for all its resources, when it has an @, else a node; --as says\n"
    "which where that is not right. Each stanza is a line with its time, its direction and its\n"
    "size, and below it the stanza; of a very big one only its start tag. Passwords are left out.\n"
    "Of more than 100 stanzas a second the rest is counted instead. With --json it is an object "
    "on\n"
    "a line: time, direction (received, sent), bytes, missed, stanza. Only admins may trace, and\n"
    "who may use the control socket.\n\n";

struct TraceOptions {
  std::string address;
  std::string kind;
  int seconds = 60;
  int count = 0;
};

/// A stanza that was shown, or the end.
struct Traced {
  std::string direction;
  std::string bytes;
  /// How many were not shown before it.
  std::string missed;
  std::string time;
  std::string stanza;
};

/// Nothing for a message that shows nothing.
std::optional<Traced> read_traced(const Element& message) {
  const auto* trace = message.child("trace", ns::trace);
  if (!trace) return {};
  Traced traced{std::string(trace->attribute_or("direction", "")),
                std::string(trace->attribute_or("bytes", "0")),
                std::string(trace->attribute_or("missed", "0")),
                {},
                {}};
  const auto* forwarded = message.child("forwarded", ns::forward);
  if (!forwarded) return traced;
  for (const auto& child : forwarded->children())
    if (child.is("delay", ns::delay))
      traced.time = child.attribute_or("stamp", "");
    else
      traced.stanza = to_xml(child);
  return traced;
}

Json json_of(const Traced& traced) {
  return {{"time", traced.time},
          {"direction", traced.direction},
          {"bytes", std::atoll(traced.bytes.c_str())},
          {"missed", std::atoll(traced.missed.c_str())},
          {"stanza", traced.stanza}};
}

std::string text_of(const Traced& traced) {
  const auto missed = traced.missed == "0"
                          ? std::string()
                          : fmt::format("({} not shown)\n", printable(traced.missed));
  return fmt::format("{}{} {} {} bytes\n{}\n", missed, printable(traced.time),
                     printable(traced.direction), printable(traced.bytes),
                     printable_xml(traced.stanza));
}

CommandAnswer ask(ClientSession& session, const TraceOptions& options, int seconds) {
  const Setting settings[] = {{"kind", {options.kind}},
                              {"address", {options.address}},
                              {"seconds", {std::to_string(seconds)}}};
  return run_command(session, trace_command, settings);
}

/// Returns when the service has ended the trace, or whoever watches has.
void follow(ClientSession& session, const Call& call, const TraceOptions& options) {
  using Clock = std::chrono::steady_clock;
  const Interrupt interrupt;
  const auto deadline = Clock::now() + std::chrono::seconds(options.seconds + 5);
  int printed = 0;
  while (const auto message =
             session.next_message(deadline, [&] { return interrupt.signal() != 0; })) {
    const auto traced = read_traced(message->root());
    if (!traced) continue;
    if (traced->direction == "end") {
      if (traced->missed != "0")
        std::cerr << fmt::format("crier: {} stanzas were not shown\n", printable(traced->missed));
      return;
    }
    print(call.json ? to_text(json_of(*traced)) + '\n' : text_of(*traced));
    flush_output();
    if (++printed == options.count) break;
  }
  ask(session, options, 0);
}

void run(const Call& call, const TraceOptions& given) {
  auto options = given;
  if (options.kind.empty())
    options.kind = options.address.find('@') != std::string::npos ? "jid" : "node";
  if (options.kind == "jid" && !Jid::parse(options.address))
    throw Fault(exit_status::usage,
                fmt::format("{} is not a JID; for a node of that name add --as node",
                            printable(options.address)));
  ClientSession session(call.connection);
  ask(session, options, options.seconds);
  std::cerr << fmt::format("crier: tracing the {} {} for {} s\n",
                           options.kind == "jid" ? "JID" : "node", printable(options.address),
                           options.seconds);
  follow(session, call, options);
}

void declare(Arguments arguments, TraceOptions& options) {
  arguments.add_option("ADDRESS", options.address, "whose stanzas: a JID, or a node's name")
      .required();
  arguments.add_option("--as", options.kind, "what ADDRESS is: jid or node")
      .type_name("KIND")
      .not_configurable()
      .one_of({"jid", "node"});
  arguments.add_count("--for", options.seconds, "seconds, 3600 at most; else 60");
  arguments.add_count("--count", options.count, "end after so many stanzas");
  arguments.add_notes(notes);
}

constexpr Verb<TraceOptions> command = {
    "trace",
    "print stanzas as the service receives and sends them",
    "  crier trace alice@example.org\n"
    "  crier trace alice@example.org/phone --for 600 --json\n"
    "  crier trace princely_musings --count 10\n"
    "  crier trace gateway.example.org --as jid\n",
    declare,
    run,
};

}  // namespace

std::unique_ptr<Subcommand> trace() {
  return make_command(command);
}

}  // namespace crier::cli
