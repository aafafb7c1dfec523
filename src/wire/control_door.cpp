#include "wire/control_door.hpp"

#include <crier/fault.hpp>

#include "wire/local_user.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sysexits.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <span>

namespace crier {

namespace {

constexpr int backlog = 16;

[[noreturn]] void refuse(std::string_view what, std::string_view mend) {
  throw Fault(EX_CONFIG, fmt::format("--control: {}; {}", what, mend));
}

[[noreturn]] void fail(const std::string& path, std::string_view problem, int error) {
  refuse(fmt::format("{} {} ({})", path, problem, std::strerror(error)),
         "name a place that the user of crier may write to, or none with --control none");
}

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    refuse(fmt::format("{} has more than {} bytes", path, sizeof address.sun_path - 1),
           "name a shorter one");
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

const sockaddr* as_sockaddr(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

bool somebody_listens(const sockaddr_un& address) {
  const UniqueFd trial(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  return ::connect(trial.get(), as_sockaddr(address), sizeof address) == 0 || errno == EAGAIN;
}

std::optional<gid_t> group_of(const std::string& name) {
  const group* found = ::getgrnam(name.c_str());
  return found ? std::optional(found->gr_gid) : std::nullopt;
}

void make_directory_of(const std::string& path) {
  const auto directory = std::filesystem::path(path).parent_path();
  if (!directory.empty() && ::mkdir(directory.c_str(), 0755) != 0 && errno != EEXIST)
    fail(directory.string(), "cannot be made", errno);
}

bool is_member(int socket, const ucred& peer, gid_t group) {
  if (peer.gid == group) return true;
  std::array<gid_t, 1024> groups;
  socklen_t size = sizeof groups;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) != 0) return false;
  const auto found = std::span(groups).first(size / sizeof(gid_t));
  return std::ranges::find(found, group) != found.end();
}

}  // namespace

ControlDoor::ControlDoor(Settings settings, Events events)
    : settings_(std::move(settings)),
      events_(std::move(events)),
      poll_(::epoll_create1(EPOLL_CLOEXEC)) {
  listen();
}

ControlDoor::~ControlDoor() {
  for (const auto& session : sessions_) session->close();
  if (is_bound_) ::unlink(settings_.path.c_str());
}

void ControlDoor::listen() {
  const auto& path = settings_.path;
  const auto address = address_of(path);
  make_directory_of(path);
  if (somebody_listens(address))
    refuse(fmt::format("another process listens at {}", path),
           "is this service running already? Else name another place");
  // Only what a process that died has left: a file that is none of ours stays.
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode)) ::unlink(path.c_str());
  listener_ = UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  // Nobody else's from the first moment on.
  const auto mask = ::umask(0177);
  const int bound = ::bind(listener_.get(), as_sockaddr(address), sizeof address);
  const int error = errno;
  ::umask(mask);
  if (bound != 0) fail(path, "cannot be made", error);
  is_bound_ = true;
  if (!settings_.group.empty()) {
    const auto group = group_of(settings_.group);
    if (!group)
      refuse(fmt::format("there is no group {}", settings_.group), "correct --control-group");
    if (::chown(path.c_str(), static_cast<uid_t>(-1), *group) != 0 ||
        ::chmod(path.c_str(), 0660) != 0)
      fail(path, fmt::format("cannot be given to the group {}", settings_.group), errno);
  }
  if (::listen(listener_.get(), backlog) != 0) fail(path, "cannot be listened at", errno);
  epoll_event event{.events = EPOLLIN, .data = {.ptr = nullptr}};
  ::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, listener_.get(), &event);
}

void ControlDoor::advance() {
  std::array<epoll_event, max_sessions + 1> happened;
  const int count =
      ::epoll_wait(poll_.get(), happened.data(), static_cast<int>(happened.size()), 0);
  for (int i = 0; i < count; ++i) {
    const auto& event = happened[static_cast<std::size_t>(i)];
    auto* session = static_cast<ControlSession*>(event.data.ptr);
    if (!session) {
      accept();
      continue;
    }
    session->advance(static_cast<short>(event.events));
    watch(*session, EPOLL_CTL_MOD);
  }
  remove_ended();
}

void ControlDoor::flush() {
  for (const auto& session : sessions_) {
    session->flush();
    session->answered();
    watch(*session, EPOLL_CTL_MOD);
  }
}

bool ControlDoor::has_ended() const {
  return std::ranges::any_of(sessions_, [](const auto& session) { return session->is_over(); });
}

void ControlDoor::accept() {
  while (sessions_.size() < max_sessions) {
    UniqueFd socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket) break;
    admit(std::move(socket));
  }
  // Who waits while there is no room shall not wake the loop.
  epoll_event event{.events = sessions_.size() < max_sessions ? std::uint32_t{EPOLLIN} : 0,
                    .data = {.ptr = nullptr}};
  ::epoll_ctl(poll_.get(), EPOLL_CTL_MOD, listener_.get(), &event);
}

void ControlDoor::admit(UniqueFd socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return;
  const auto group = settings_.group.empty() ? std::nullopt : group_of(settings_.group);
  const bool allowed =
      peer.uid == 0 || peer.uid == ::geteuid() || (group && is_member(socket.get(), peer, *group));
  const auto name = local_user(peer.uid, settings_.domain);
  if (!allowed)
    return events_.report(LogLevel::warning,
                          fmt::format("control: {} may not come in; see --control-group", name));
  auto jid = Jid::parse(fmt::format("{}@{}/control-{}", name, settings_.domain, ++admitted_));
  if (!jid) return;
  events_.report(LogLevel::debug,
                 fmt::format("control: {} (pid {}) is here", jid->text(), peer.pid));
  sessions_.push_back(std::make_unique<ControlSession>(
      std::move(socket), std::move(*jid), settings_.domain, settings_.limits,
      ControlSession::Events{events_.on_stanza, events_.on_oversized}));
  watch(*sessions_.back(), EPOLL_CTL_ADD);
}

void ControlDoor::watch(const ControlSession& session, int operation) {
  epoll_event event{.events = static_cast<std::uint32_t>(session.events()),
                    .data = {.ptr = const_cast<ControlSession*>(&session)}};
  ::epoll_ctl(poll_.get(), operation, session.fd(), &event);
}

void ControlDoor::remove_ended() {
  Sessions ended;
  for (auto& session : sessions_)
    if (session->is_over()) ended.push_back(std::move(session));
  if (ended.empty()) return;
  std::erase(sessions_, nullptr);
  for (const auto& session : ended) events_.on_end(session->jid());
  accept();
}

std::vector<std::string> ControlDoor::present() const {
  std::vector<std::string> jids;
  for (const auto& session : sessions_) jids.push_back(session->jid().text());
  return jids;
}

bool ControlDoor::deliver(std::string_view jid, std::string_view stanza) {
  const auto found = std::ranges::find_if(
      sessions_, [&](const auto& session) { return session->jid().text() == jid; });
  if (found == sessions_.end()) return false;
  (*found)->send(stanza);
  return true;
}

std::string_view receiver_of(std::string_view stanza) {
  auto at = stanza.find_first_of(" >");
  while (at != stanza.npos && stanza[at] == ' ') {
    const auto equals = stanza.find('=', at);
    if (equals == stanza.npos || equals + 1 >= stanza.size()) break;
    const auto end = stanza.find(stanza[equals + 1], equals + 2);
    if (end == stanza.npos) break;
    if (stanza.substr(at + 1, equals - at - 1) == "to")
      return stanza.substr(equals + 2, end - equals - 2);
    at = end + 1;
  }
  return {};
}

}  // namespace crier
