/// Bans: accounts and domains that the service does not serve.
///
/// Whoever is banned is refused everything and hears nothing; what it has subscribed to, owns and
/// published stays as it is, so that a ban that ends leaves nothing to be mended.

#include <crier/errors.hpp>

#include "ext/rooms.hpp"
#include "pubsub/command_form.hpp"
#include "pubsub/presence_subscriptions.hpp"

#include <fmt/format.h>

#include <array>

namespace crier {

namespace {

constexpr std::string_view ban_name = "urn:crier:command:ban";
constexpr std::string_view unban_name = "urn:crier:command:unban";
constexpr std::string_view bans_name = "urn:crier:command:bans";

struct BanForm {
  std::optional<Jid> jid;
  std::string reason;
  /// Seconds; 0: for ever. A hundred years at the most.
  Bounded<0, 3'155'760'000> duration;
};

constexpr FormHead ban_head{
    ban_name, "Ban an account or a domain",
    "Whoever is banned is refused everything, with the reason, and gets no notifications. Its "
    "subscriptions and nodes stay. Of a full JID the account is banned."};
constexpr std::array ban_fields{
    Field<BanForm>::of<&BanForm::jid>("jid", "Account or domain").and_required(),
    Field<BanForm>::of<&BanForm::reason>("reason", "Reason, which the banned read"),
    Field<BanForm>::of<&BanForm::duration>("duration", "For so many seconds; 0 for ever"),
};

struct UnbanForm {
  std::optional<Jid> jid;
};

constexpr FormHead unban_head{unban_name, "Lift a ban"};
constexpr std::array unban_fields{
    Field<UnbanForm>::of<&UnbanForm::jid>("jid", "Account or domain").and_required(),
};

struct BanListing {
  std::string after;
  Bounded<1, 500> max{100};
};

constexpr FormHead bans_head{bans_name, "Bans"};
constexpr std::array listing_fields{
    Field<BanListing>::of<&BanListing::after>("after", "Begin after the address"),
    Field<BanListing>::of<&BanListing::max>("max", "Bans in a page"),
};
constexpr std::array<Column, 5> ban_columns{{{"jid", "Address", "jid-single"},
                                             {"reason", "Reason"},
                                             {"by", "Banned by", "jid-single"},
                                             {"created", "Since"},
                                             {"expires", "Until"}}};

/// Refuses to lock out those who could open again: the service itself and its admins.
Result<void> may_be_banned(std::string_view bare, const Policy& policy) {
  if (bare == policy.domain || policy.is_local(bare))
    return errors::not_allowed.because("This is the service's own domain.");
  for (const auto& admin : policy.admins)
    if (admin == bare || admin.substr(admin.find('@') + 1) == bare)
      return errors::not_allowed.because(
          fmt::format("{} is an administrator of this service.", admin));
  return {};
}

std::string text_of(const Ban& ban) {
  if (!ban.expires) return ban.reason;
  return fmt::format("until {}{}{}", format_datetime(*ban.expires), ban.reason.empty() ? "" : ": ",
                     ban.reason);
}

Result<CommandStage> execute_ban(const Request& request, const DataForm* form, Turn& turn) {
  const std::span<const Field<BanForm>> table(ban_fields);
  if (!form) return ask_for(ban_head, table, BanForm());
  const auto wanted = TRY(read_form(ban_head, table, *form));
  const std::string jid(wanted.jid->bare());
  TRY(may_be_banned(jid, turn.policy()));
  const Ban* known = turn.bans().find(jid);
  if (!known && turn.bans().size() >= Bans::most)
    return errors::resource_constraint.because("There are too many bans; ban domains instead.");
  Ban ban{jid, audit_text(wanted.reason), request.from.text(), turn.now()};
  if (wanted.duration.value > 0)
    ban.expires = turn.now() + std::chrono::seconds(wanted.duration.value);
  turn.audit({.by = request.from.text(),
              .action = "ban",
              .subject = jid,
              .old_value = known ? text_of(*known) : std::string(),
              .new_value = text_of(ban)});
  auto answer = fmt::format("{} is banned{}.", jid,
                            ban.expires ? " until " + format_datetime(*ban.expires) : "");
  turn.ban(std::move(ban));
  return done(answer);
}

/// Takes the ban away. Whoever came online while nobody listened is asked for its presence.
void lift(Turn& turn, const Ban& ban, std::string_view by) {
  const auto jid = ban.jid;
  turn.audit({.by = std::string(by), .action = "unban", .subject = jid, .old_value = text_of(ban)});
  turn.unban(jid);
  if (turn.session().up) ask_again(turn, jid);
}

Result<CommandStage> execute_unban(const Request& request, const DataForm* form, Turn& turn) {
  const std::span<const Field<UnbanForm>> table(unban_fields);
  if (!form) return ask_for(unban_head, table, UnbanForm());
  const auto wanted = TRY(read_form(unban_head, table, *form));
  const std::string jid(wanted.jid->bare());
  const Ban* ban = turn.bans().find(jid);
  if (!ban) return errors::item_not_found.because(fmt::format("{} is not banned.", jid));
  lift(turn, *ban, request.from.text());
  return done(fmt::format("{} is not banned any more.", jid));
}

std::vector<std::string> row_of(const Ban& ban) {
  return {ban.jid, ban.reason, ban.by, format_datetime(ban.created),
          ban.expires ? format_datetime(*ban.expires) : std::string()};
}

Result<CommandStage> execute_list(const Request&, const DataForm* form, Turn& turn) {
  const std::span<const Field<BanListing>> table(listing_fields);
  if (!form) return ask_for(bans_head, table, BanListing());
  const auto wanted = TRY(read_form(bans_head, table, *form));
  const auto max = static_cast<std::size_t>(wanted.max.value);
  Report report;
  for (const auto* ban : turn.bans().list(wanted.after, max + 1)) {
    if (report.rows.size() < max && report.add(row_of(*ban), turn.policy())) continue;
    report.more.push_back({"next", "The next page begins after", report.rows.back().front()});
    break;
  }
  return done(bans_head, ban_columns, report, "Nobody is banned.");
}

void expire_bans(std::int64_t, Turn& turn) {
  constexpr std::size_t at_once = 100;
  std::vector<Ban> expired;
  for (const Ban* ban : turn.bans().list({}, Bans::most))
    if (ban->expires && *ban->expires <= turn.now() && expired.size() < at_once)
      expired.push_back(*ban);
  for (const auto& ban : expired) lift(turn, ban, turn.policy().domain);
  if (const auto next = turn.bans().next_expiry())
    turn.set_timer({TimerKind::ban_expiry, 0, *next});
}

}  // namespace

void install_bans(Service& service) {
  constexpr auto admins = CommandLevel::admins;
  service.add_command({ban_name, ban_head.title, execute_ban, admins});
  service.add_command({unban_name, unban_head.title, execute_unban, admins});
  service.add_command({bans_name, bans_head.title, execute_list, admins});
  service.add_timer(TimerKind::ban_expiry, expire_bans);
}

}  // namespace crier
