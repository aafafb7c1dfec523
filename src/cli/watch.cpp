/// `crier watch`: prints what happens to nodes, as it happens. XEP-0060 §6.1, §7.1.2.

#include <crier/fault.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>

#include "cli/ad_hoc.hpp"
#include "cli/client_command.hpp"
#include "cli/client_session.hpp"
#include "cli/events.hpp"
#include "cli/exit_status.hpp"
#include "cli/interrupt.hpp"
#include "cli/nouns.hpp"
#include "cli/printable.hpp"
#include "cli/responses.hpp"
#include "cli/statistics.hpp"

namespace crier::cli {

namespace {

struct WatchOptions {
  std::vector<std::string> nodes;
  int count = 0;
};

constexpr auto notes =
    "An event is a line and, below it, the payload exactly as it was published:\n"
    "  published NODE ITEM [by JID]      retracted NODE ITEM      purged NODE\n"
    "  deleted NODE [-> URI]             configured NODE          created NODE\n"
    "  subscription NODE JID STATE       associated, dissociated NODE -> NODE\n"
    "With --json it is an object on a line, with those of these members that apply: event, node,\n"
    "item, publisher, payload, jid, subscription, subid, target, collection, stamp.\n"
    "Ends with Ctrl-C, after --count events, or after --timeout seconds if that is given (with\n"
    "status 75 if --count events did not come by then).\n\n";

void declare(Arguments arguments, WatchOptions& options) {
  arguments.add_option("NODE", options.nodes, "the nodes' names").required();
  arguments.add_count("--count", options.count, "end after so many events");
  arguments.add_notes(notes);
}

/// The subscriptions that a watch made; ended when it ends.
class Watched {
 public:
  /// `local`: through the control socket, whose end the service sees.
  Watched(ClientSession& session, bool local) : session_(session), local_(local) {
    if (local_) session_.become_available();
  }
  ~Watched() {
    for (const auto& subscription : made_) end(subscription);
  }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

  /// Sees to it that events of `node` come to this session: by a subscription of its own, so that
  /// no other client of the user is disturbed; where the service does not give one, by that of the
  /// bare JID, if there is one. Throws Fault when there is neither.
  void add(const std::string& node, const Jid& account) {
    const auto request =
        local_ ? subscribe_while_online(node, session_.jid()) : subscribe(node, session_.jid());
    const auto answer = session_.exchange(request);
    if (!is_error(answer)) made_.push_back(subscription_to(node, answer.root()));
    const bool pending = !is_error(answer) && made_.back().state == "pending";
    if (!is_error(answer) && !pending) return;
    if (has_subscription(node, account))
      session_.become_available();
    else if (pending)
      std::cerr << fmt::format("crier: watch: an owner of {} has yet to approve this\n",
                               printable(node));
    else
      throw session_.refused(answer, request);
  }

 private:
  static Subscription subscription_to(const std::string& node, const Element& iq) {
    const auto read = read_subscriptions(iq);
    auto subscription = read.empty() ? Subscription{} : read.front();
    subscription.node = node;
    return subscription;
  }

  bool has_subscription(const std::string& node, const Jid& account) {
    const auto answer = session_.exchange(own_subscriptions(node));
    if (is_error(answer)) return false;
    return std::ranges::any_of(read_subscriptions(answer.root()), [&](const auto& subscription) {
      const auto jid = Jid::parse(subscription.jid);
      return subscription.node == node && subscription.state == "subscribed" && jid &&
             jid->text() == account.bare();
    });
  }

  void end(const Subscription& subscription) noexcept {
    try {
      session_.exchange(unsubscribe(subscription.node, session_.jid(), subscription.subid));
    } catch (const std::exception&) {
      // The connection is gone, and this session's address with it.
    }
  }

  ClientSession& session_;
  const bool local_;
  std::vector<Subscription> made_;
};

bool is_watched(const Event& event, const std::vector<std::string>& nodes) {
  return std::ranges::count(nodes, event.node) > 0 ||
         std::ranges::count(nodes, event.collection) > 0;
}

void print_event(const Event& event, bool json) {
  print(json ? to_text(to_json(event)) + '\n' : to_text(event));
  flush_output();
}

void follow(ClientSession& session, const Call& call, const WatchOptions& options,
            const Interrupt& interrupt) {
  using Clock = std::chrono::steady_clock;
  const auto deadline =
      call.has_timeout ? Clock::now() + call.connection.timeout : Clock::time_point::max();
  const auto stop = [&] { return interrupt.signal() != 0; };
  int printed = 0;
  while (const auto message = session.next_message(deadline, stop)) {
    for (const auto& event : read_events(message->root())) {
      if (!is_watched(event, options.nodes)) continue;
      print_event(event, call.json);
      if (++printed == options.count) return;
    }
  }
  if (options.count > 0 && interrupt.signal() == 0)
    throw Fault(exit_status::temporary,
                fmt::format("{} of {} events came in time", printed, options.count));
}

/// Events come by way of the server, to users of the service's own machine as well.
void warn_without_stream(ClientSession& session) {
  const auto statistics = read_statistics(run_command(session, statistics_command, {}));
  if (statistics.number("stream_up") == 0)
    std::cerr << "crier: watch: the service has no stream with its server; no events come before "
                 "it has one\n";
}

void run(const Call& call, const WatchOptions& options) {
  ClientSession session(call.connection);
  const Interrupt interrupt;
  const bool local = !call.connection.control.empty();
  if (local) warn_without_stream(session);
  Watched watched(session, local);
  for (const auto& node : options.nodes) watched.add(node, call.connection.account);
  std::cerr << fmt::format("crier: watching {} of {}\n",
                           printable(fmt::format("{}", fmt::join(options.nodes, ", "))),
                           call.connection.service.text());
  follow(session, call, options, interrupt);
}

constexpr Verb<WatchOptions> command = {
    "watch",
    "subscribe to nodes and print what happens to them",
    "  crier watch princely_musings\n"
    "  crier watch news weather --json | jq -r .payload\n"
    "  crier watch news --count 1 --timeout 60\n",
    declare,
    run,
};

}  // namespace

std::unique_ptr<Subcommand> watch() {
  return make_command(command);
}

}  // namespace crier::cli
