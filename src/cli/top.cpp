/// `crier top`: what the service is doing, live.

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "cli/ad_hoc.hpp"
#include "cli/client_command.hpp"
#include "cli/client_session.hpp"
#include "cli/nouns.hpp"
#include "cli/statistics.hpp"

namespace crier::cli {

namespace {

constexpr auto notes =
    "Nodes with most activity, subscribers whose notifications come back or that are behind, what\n"
    "waits, how long commits take. Rates of nodes are those of about the last ten seconds.\n"
    "\n"
    "Keys: p, m, b sort nodes by publications, messages, bytes; space holds still; q ends.\n"
    "Without a terminal, and with --json, it prints once (or --count times) and ends. Only\n"
    "admins may ask, and who may use the control socket.\n\n";

struct TopOptions {
  int count = 0;
  int interval = 1;
};

// What a signal handler needs to put the terminal in order: it can reach nothing but globals.
termios usual_mode;
constexpr char leave_screen[] = "\x1b[?25h\x1b[?1049l";
constexpr char enter_screen[] = "\x1b[?1049h\x1b[?25l";
constexpr std::array ending_signals{SIGINT, SIGTERM, SIGHUP, SIGQUIT};

void restore_terminal() {
  (void)!::write(STDOUT_FILENO, leave_screen, sizeof leave_screen - 1);
  tcsetattr(STDIN_FILENO, TCSANOW, &usual_mode);
}

void restore_and_die(int signal) {
  restore_terminal();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

/// The whole terminal, without echo and without waiting for lines; as it was when this goes.
class Screen {
 public:
  Screen() {
    tcgetattr(STDIN_FILENO, &usual_mode);
    for (const int signal : ending_signals) std::signal(signal, restore_and_die);
    termios mode = usual_mode;
    mode.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    tcsetattr(STDIN_FILENO, TCSANOW, &mode);
    print(enter_screen);
  }
  ~Screen() {
    std::fflush(stdout);
    restore_terminal();
    for (const int signal : ending_signals) std::signal(signal, SIG_DFL);
  }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  static ScreenSize size() {
    winsize found{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &found) != 0 || found.ws_row == 0) return {24, 80};
    return {found.ws_row, found.ws_col};
  }
  /// Shows `text` in place of what was there.
  static void show(const std::string& text) {
    std::string frame = "\x1b[H";
    for (const char c : text) frame += c == '\n' ? std::string("\x1b[K\r\n") : std::string(1, c);
    print(frame + "\x1b[J");
    flush_output();
  }
  /// The key that is pressed within that time; 0 when none is.
  static char key(int milliseconds) {
    pollfd polled{STDIN_FILENO, POLLIN, 0};
    char key = 0;
    if (::poll(&polled, 1, milliseconds) <= 0) return 0;
    // A terminal that is gone has no more to say.
    return ::read(STDIN_FILENO, &key, 1) == 1 ? key : 'q';
  }
};

Snapshot ask(ClientSession& session) {
  return read_statistics(run_command(session, statistics_command, {}));
}

void watch_screen(ClientSession& session, const TopOptions& options) {
  const Screen screen;
  std::optional<Snapshot> before;
  auto now = ask(session);
  auto order = TopOrder::publishes;
  bool holds = false;
  for (int frames = 1;; ++frames) {
    auto size = Screen::size();
    --size.rows;  // The cursor stands in the last one.
    Screen::show(top_text(now, before ? &*before : nullptr, order, size));
    if (frames == options.count) return;
    const char key = Screen::key(options.interval * 1000);
    if (key == 'q' || key == 'Q') return;
    if (key == 'p') order = TopOrder::publishes;
    if (key == 'm') order = TopOrder::messages;
    if (key == 'b') order = TopOrder::bytes;
    if (key == ' ') holds = !holds;
    if (key != 0 || holds) continue;
    before = std::exchange(now, ask(session));
  }
}

void print_frames(ClientSession& session, const Call& call, const TopOptions& options) {
  std::optional<Snapshot> before;
  for (int frames = 1;; ++frames) {
    auto now = ask(session);
    if (call.json)
      print_json(to_json(now));
    else
      print(top_text(now, before ? &*before : nullptr, TopOrder::publishes, {}));
    flush_output();
    if (frames >= std::max(options.count, 1)) return;
    before = std::move(now);
    ::poll(nullptr, 0, options.interval * 1000);
  }
}

void run(const Call& call, const TopOptions& options) {
  ClientSession session(call.connection);
  const bool live = !call.json && isatty(STDOUT_FILENO) && isatty(STDIN_FILENO);
  live ? watch_screen(session, options) : print_frames(session, call, options);
}

void declare(Arguments arguments, TopOptions& options) {
  arguments.add_count("--count", options.count, "end after so many frames");
  arguments.add_count("--interval", options.interval, "seconds between frames; else 1");
  arguments.add_notes(notes);
}

constexpr Verb<TopOptions> command = {
    "top",
    "show what the service is doing, live",
    "  crier top\n"
    "  crier top --jid admin@example.org --service pubsub.example.org\n"
    "  crier top --interval 5\n"
    "  crier top --count 60 --json >> top.json\n",
    declare,
    run,
};

}  // namespace

std::unique_ptr<Subcommand> top() {
  return make_command(command);
}

}  // namespace crier::cli
