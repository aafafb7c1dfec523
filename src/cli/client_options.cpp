#include "cli/client_options.hpp"

#include <crier/fault.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>

#include <arpa/inet.h>

#include "cli/exit_status.hpp"
#include "cli/printable.hpp"
#include "wire/control_path.hpp"

namespace crier::cli {

namespace {

constexpr std::uint16_t client_port = 5222;
constexpr std::chrono::seconds standard_timeout{30};
/// A day: longer than anyone waits, and far from what overflows.
constexpr double max_timeout = 86400;

bool is_set(const std::string& variable) {
  const char* value = variable.empty() ? nullptr : std::getenv(variable.c_str());
  return value && *value;
}

/// The configuration file. CLI11 asks it before it asks the environment, and what is asked first
/// counts: so a key that the environment knows as well is left out.
class File : public CLI::ConfigTOML {
 public:
  explicit File(const CLI::App& app) : app_(app) {}

  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
    auto entries = CLI::ConfigTOML::from_config(input);
    for (const auto& entry : entries) check(entry);
    std::erase_if(entries, [this](const CLI::ConfigItem& entry) {
      return is_set(app_.get_option_no_throw("--" + entry.name)->get_envname());
    });
    return entries;
  }

 private:
  void check(const CLI::ConfigItem& entry) const {
    if (!entry.parents.empty())
      throw Fault(
          exit_status::configuration,
          fmt::format("--config: the file has a section, {}; write all keys without sections",
                      printable(entry.parents.front())));
    const auto* option = app_.get_option_no_throw("--" + entry.name);
    if (!option || !option->get_configurable())
      throw Fault(exit_status::configuration,
                  fmt::format("--config: the file has an unknown key, {}; keys are the options of "
                              "the connection without the dashes in front",
                              printable(entry.name)));
  }

  const CLI::App& app_;
};

[[noreturn]] void refuse(std::string_view option, std::string_view what) {
  throw Fault(exit_status::usage, fmt::format("{}: {}", option, what));
}

Jid account_of(const ClientOptions& options) {
  auto account = Jid::parse(options.jid);
  if (!account || account->local().empty())
    refuse("--jid",
           fmt::format("\"{}\" is not an address such as me@example.org", printable(options.jid)));
  return *std::move(account);
}

Jid service_of(const ClientOptions& options, const Jid& account) {
  const auto text =
      options.service.empty() ? fmt::format("pubsub.{}", account.domain()) : options.service;
  auto service = Jid::parse(text);
  if (!service)
    refuse("--service",
           fmt::format("\"{}\" is not an address such as pubsub.example.org", printable(text)));
  return *std::move(service);
}

std::optional<ServerAddress> server_of(const ClientOptions& options, const Jid& account) {
  if (options.host.empty()) {
    // No name server is asked about what always means this machine.
    if (!is_loopback(account.domain())) return std::nullopt;
    return ServerAddress{std::string(account.domain()), client_port};
  }
  auto server = parse_host(options.host);
  if (!server)
    refuse("--host", fmt::format("\"{}\" is not HOST or HOST:PORT", printable(options.host)));
  return server;
}

void check_tls_ca(const std::string& path) {
  std::ifstream file(path);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  if (text.find("-----BEGIN ") == std::string::npos)
    refuse("--tls-ca",
           fmt::format("{} can not be read, or holds no certificate (PEM)", printable(path)));
}

std::chrono::milliseconds timeout_of(const ClientOptions& options) {
  if (!options.timeout) return standard_timeout;
  if (!(*options.timeout > 0 && *options.timeout <= max_timeout))
    refuse("--timeout", "it is a number of seconds, above 0 and up to a day");
  return std::chrono::ceil<std::chrono::milliseconds>(
      std::chrono::duration<double>(*options.timeout));
}

std::string control_of(const ClientOptions& options) {
  if (!options.control.empty()) return options.control;
  const char* variable = std::getenv("CRIER_CONTROL");
  return variable && *variable ? variable : find_control_path();
}

Connection local_connection(const ClientOptions& options) {
  const auto control = control_of(options);
  if (control.empty())
    refuse("--jid",
           "give your address, such as me@example.org; or start crier serve on this machine, whose "
           "control socket does without (--control FILE names it)");
  // Until the socket has told them.
  const auto nobody = *Jid::parse("localhost");
  return {.control = control,
          .account = nobody,
          .password = {},
          .server = {},
          .service = nobody,
          .tls_ca = {},
          .timeout = timeout_of(options)};
}

}  // namespace

void declare_client_options(CLI::App& app, ClientOptions& options) {
  const auto add = [&app](const char* name, std::string& value, const char* type,
                          const char* description) {
    return app.add_option(name, value, description)
        ->type_name(type)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
        ->group("Connection");
  };
  add("--jid", options.jid, "JID", "your address")->envname("CRIER_JID");
  add("--control", options.control, "FILE",
      "the control socket of a service on this machine, instead of --jid; else CRIER_CONTROL, "
      "else where it is by default");
  add("--password-file", options.password_file, "FILE",
      "its first line is your password; else CRIER_PASSWORD, else a prompt");
  add("--service", options.service, "JID", "the pubsub service; pubsub.DOMAIN of your address")
      ->envname("CRIER_SERVICE");
  add("--host", options.host, "HOST[:PORT]", "your server; without it what DNS says (SRV)")
      ->envname("CRIER_HOST");
  add("--tls-ca", options.tls_ca, "FILE",
      "trust the authorities in this file (PEM) besides the system's");
  app.add_flag("--insecure", options.insecure,
               "do without encryption and valid certificate; only on loopback")
      ->group("Connection");
  app.add_option("--timeout", options.timeout, "how long to wait for each answer; 30")
      ->type_name("SECONDS")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->configurable(false)
      ->group("Connection");
  app.add_flag("--json", options.json, "print JSON")->group("Connection");
  app.set_config("--config", "", "these options in a file (TOML): jid = \"me@example.org\"")
      ->type_name("FILE")
      ->group("Connection");
  app.config_formatter(std::make_shared<File>(app));
  app.allow_config_extras(CLI::config_extras_mode::error);
}

Connection connection_of(const ClientOptions& options) {
  if (!options.control.empty() || options.jid.empty()) return local_connection(options);
  if (!options.tls_ca.empty()) check_tls_ca(options.tls_ca);
  auto account = account_of(options);
  Connection connection{
      .account = account,
      .password = {},
      .server = server_of(options, account),
      .service = service_of(options, account),
      .insecure = options.insecure,
      .tls_ca = options.tls_ca,
      .timeout = timeout_of(options),
  };
  const auto& server = connection.server;
  if (connection.insecure && !(server && is_loopback(server->host)))
    refuse("--insecure",
           "it is for servers on this machine: give --host localhost, or leave it "
           "out and name an authority with --tls-ca");
  return connection;
}

std::optional<ServerAddress> parse_host(std::string_view text) {
  if (auto server = parse_server_address(text)) return server;
  if (auto server = parse_server_address(fmt::format("{}:{}", text, client_port))) return server;
  // Only an IPv6 address has colons of its own; `x:` is a port left out.
  in6_addr ipv6{};
  if (inet_pton(AF_INET6, std::string(text).c_str(), &ipv6) != 1) return std::nullopt;
  return ServerAddress{std::string(text), client_port};
}

bool is_loopback(std::string_view host) {
  const std::string text(host);
  in_addr ipv4{};
  if (inet_pton(AF_INET, text.c_str(), &ipv4) == 1) return ntohl(ipv4.s_addr) >> 24 == 127;
  in6_addr ipv6{};
  if (inet_pton(AF_INET6, text.c_str(), &ipv6) == 1) return IN6_IS_ADDR_LOOPBACK(&ipv6);
  return host == "localhost" || host.ends_with(".localhost");
}

}  // namespace crier::cli
