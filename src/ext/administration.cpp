/// The service as a whole in the hands of its administrators: announcements, shutting down, the
/// level of the log. XEP-0133 §4.23, §4.31.
///
/// An announcement goes to every bare JID that is subscribed to any node, to each once. There may
/// be a million of them: it lies in the store, and a task sends a slice whenever little is on its
/// way, so that nobody waits behind it and a restart goes on where it was.

#include <crier/errors.hpp>

#include "ext/rooms.hpp"
#include "pubsub/command_form.hpp"

#include <fmt/format.h>

#include <array>

namespace crier {

/// Seconds: some are offered, any may be submitted.
struct Delay {
  std::int64_t seconds = 0;
};

namespace {

constexpr std::array<Choice, 8> delays{{{"0", "At once"},
                                        {"30", "30 seconds"},
                                        {"60", "1 minute"},
                                        {"90", "90 seconds"},
                                        {"120", "2 minutes"},
                                        {"180", "3 minutes"},
                                        {"240", "4 minutes"},
                                        {"300", "5 minutes"}}};

enum class MessageType { headline, normal };
enum class Level { error, warning, info, debug };

}  // namespace

template <>
struct FieldValue<Delay> : PlainValue {
  static constexpr std::string_view type = "list-single";
  static constexpr std::string_view datatype = "xs:integer";
  static std::span<const Choice> choices() { return delays; }
  static Values write(Delay delay) { return {std::to_string(delay.seconds)}; }
  static bool read(const Values& values, Delay& delay) {
    Bounded<0, 86'400> number;
    if (!FieldValue<Bounded<0, 86'400>>::read(values, number)) return false;
    delay.seconds = number.value;
    return true;
  }
};

template <>
struct Choices<MessageType> {
  static constexpr std::array<Choice, 2> list{
      {{"headline", "For who is online"}, {"normal", "To be kept for who is not"}}};
};

template <>
struct Choices<Level> {
  static constexpr std::array<Choice, 4> list{{{"error", "Errors"},
                                               {"warning", "Warnings"},
                                               {"info", "All that matters"},
                                               {"debug", "Every stanza"}}};
};

namespace {

constexpr std::string_view announce_name = "http://jabber.org/protocol/admin#announce";
constexpr std::string_view shutdown_name = "http://jabber.org/protocol/admin#shutdown";
constexpr std::string_view log_level_name = "urn:crier:command:log-level";
/// §7.2 there
constexpr std::string_view admin_form = "http://jabber.org/protocol/admin";

struct AnnouncementForm {
  Lines text;
  std::string subject;
  MessageType type = MessageType::headline;
};

// What XEP-0133 does not register begins with x-: XEP-0068 §3.4
constexpr FormHead announce_head{admin_form, "Announce",
                                 "The message goes to everybody who is subscribed to any node."};
constexpr std::array announce_fields{
    Field<AnnouncementForm>::of<&AnnouncementForm::text>("announcement", "Announcement")
        .and_required(),
    Field<AnnouncementForm>::of<&AnnouncementForm::subject>("x-subject", "Subject"),
    Field<AnnouncementForm>::of<&AnnouncementForm::type>("x-type", "Kind of message"),
};

/// Takes an announcement into the store; the task sends it.
void announce(Turn& turn, Announcement announcement, const Jid& who) {
  turn.audit({.by = who.text(),
              .action = "announce",
              .subject = announcement.subject,
              .new_value = announcement.body});
  turn.store().add_announcement(announcement);
  turn.session().is_announcing = true;
}

Result<CommandStage> execute_announce(const Request& request, const DataForm* form, Turn& turn) {
  const std::span<const Field<AnnouncementForm>> table(announce_fields);
  if (!form) return ask_for(announce_head, table, AnnouncementForm());
  auto wanted = TRY(read_form(announce_head, table, *form));
  Announcement announcement;
  announcement.type = Choices<MessageType>::list[static_cast<std::size_t>(wanted.type)].value;
  announcement.subject = std::move(wanted.subject);
  announcement.body = std::move(wanted.text.text);
  announce(turn, std::move(announcement), request.from);
  return done("The announcement is on its way.");
}

void send_to(Turn& turn, const Announcement& announcement, std::string_view to) {
  if (turn.bans().covering(to)) return;
  turn.send(written([&](XmlWriter& out) {
    auto message = out.open("message");
    message.attr("from", turn.policy().domain).attr("to", to).attr("id", turn.fresh_id());
    message.attr("type", announcement.type);
    if (!announcement.subject.empty()) out.leaf("subject", announcement.subject);
    out.leaf("body", announcement.body);
  }));
}

bool is_announcing(const Session& session) {
  return session.is_announcing;
}

void announce_to_some(Turn& turn) {
  constexpr std::size_t at_once = 200;
  auto announcement = turn.store().announcement();
  turn.session().is_announcing = announcement.has_value();
  if (!announcement) return;
  const bool is_over = announcement->until && *announcement->until < turn.now();
  std::string last;
  if (!is_over)
    last = turn.store().subscribers(turn.policy().domain, announcement->after, at_once,
                                    [&](std::string_view jid) {
                                      const auto bare = bare_of(jid);
                                      if (jid != bare && bare == announcement->told) return;
                                      if (jid != bare) announcement->told = bare;
                                      send_to(turn, *announcement, bare);
                                    });
  if (last.empty()) return turn.store().remove_announcement(announcement->id);
  announcement->after = std::move(last);
  turn.store().save_announcement(*announcement);
}

struct ShutdownForm {
  Delay delay;
  Lines announcement;
};

constexpr FormHead shutdown_head{
    admin_form, "Shut down the service",
    "The process ends. Whether it is started again is up to what has started it."};
constexpr std::array shutdown_fields{
    Field<ShutdownForm>::of<&ShutdownForm::delay>("delay", "After"),
    Field<ShutdownForm>::of<&ShutdownForm::announcement>("announcement",
                                                         "What all subscribers are told before"),
};

Result<CommandStage> execute_shutdown(const Request& request, const DataForm* form, Turn& turn) {
  const std::span<const Field<ShutdownForm>> table(shutdown_fields);
  if (!form) return ask_for(shutdown_head, table, ShutdownForm{{30}, {}});
  auto wanted = TRY(read_form(shutdown_head, table, *form));
  const std::chrono::seconds delay(wanted.delay.seconds);
  turn.audit({.by = request.from.text(),
              .action = "shutdown",
              .new_value = fmt::format("after {} s", delay.count())});
  if (!wanted.announcement.text.empty()) {
    Announcement announcement;
    announcement.body = std::move(wanted.announcement.text);
    announcement.until = turn.now() + delay;
    announce(turn, std::move(announcement), request.from);
  }
  turn.orders().shut_down = delay;
  return done(delay.count() == 0 ? std::string("The service shuts down.")
                                 : fmt::format("The service shuts down in {} s.", delay.count()));
}

struct LevelForm {
  Level level = Level::info;
};

constexpr FormHead level_head{log_level_name, "Change the level of the log",
                              "It counts until the service is started again."};
constexpr std::array level_fields{Field<LevelForm>::of<&LevelForm::level>("level", "Log")};

Result<CommandStage> execute_log_level(const Request& request, const DataForm* form, Turn& turn) {
  const std::span<const Field<LevelForm>> table(level_fields);
  if (!form) return ask_for(level_head, table, LevelForm());
  const auto wanted = TRY(read_form(level_head, table, *form));
  const auto level = Choices<Level>::list[static_cast<std::size_t>(wanted.level)].value;
  turn.audit({.by = request.from.text(), .action = "log-level", .new_value = std::string(level)});
  turn.orders().log_level = level;
  return done(fmt::format("The level of the log is {}.", level));
}

}  // namespace

void install_administration(Service& service) {
  constexpr auto admins = CommandLevel::admins;
  service.add_command({announce_name, announce_head.title, execute_announce, admins});
  service.add_command({shutdown_name, shutdown_head.title, execute_shutdown, admins});
  service.add_command({log_level_name, level_head.title, execute_log_level, admins});
  service.add_task({is_announcing, announce_to_some});
  service.add_stream(
      [](Turn& turn) { turn.session().is_announcing = turn.store().announcement().has_value(); });
}

}  // namespace crier
