#include "app/options.hpp"

#include "app/options_declaration.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <ostream>

namespace crier {

namespace {

constexpr std::string_view see_help = "see crier serve --help";

/// The variable of an option: CRIER_MAX_ITEMS for max-items.
std::string variable_of(std::string_view name) {
  std::string variable = "CRIER_";
  for (const char c : name) variable += c == '-' ? '_' : static_cast<char>(std::toupper(c));
  return variable;
}

std::string environment(const std::string& variable) {
  const char* value = std::getenv(variable.c_str());
  return value ? value : "";
}

/// CRIER_SECRET is to the secret what --secret-file is: it comes before the file's `secret-file`.
bool is_in_environment(const std::string& name) {
  if (name == "secret-file" && !environment("CRIER_SECRET").empty()) return true;
  return !environment(variable_of(name)).empty();
}

/// The configuration file. CLI11 asks it before it asks the environment, and what is asked first
/// counts: so a key that the environment knows as well is left out.
class File : public CLI::ConfigTOML {
 public:
  explicit File(const CLI::App& app) : app_(app) {}

  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
    auto keys = CLI::ConfigTOML::from_config(input);
    for (const auto& item : keys) {
      if (!item.parents.empty())
        refuse_option("--config", fmt::format("the file has a section, {}", item.parents.front()),
                      "write all keys without sections");
      if (!app_.get_option_no_throw("--" + item.name))
        refuse_option("--config", fmt::format("the file has an unknown key, {}", item.name),
                      "keys are the options of crier serve --help without the dashes in front");
    }
    std::erase_if(keys, [](const auto& item) { return is_in_environment(item.name); });
    return keys;
  }

 private:
  const CLI::App& app_;
};

/// Turns 64K, 1M and 2G into bytes.
std::string read_size(std::string& text) {
  try {
    if (CLI::AsSizeValue(false)(text).empty()) return "";
  } catch (const CLI::ValidationError&) {
    // Its text lists three dozen units.
  }
  return "this is not a size; write a number of bytes, or such as 64K, 1M, 2G";
}

/// Declares the options, each with its variable in the environment.
class Declaration {
 public:
  explicit Declaration(CLI::App& app) : app_(app) {}

  template <class Value>
  CLI::Option* option(const std::string& name, Value& value, const std::string& type,
                      const std::string& description) {
    return declared(app_.add_option("--" + name, value, description)->type_name(type), name);
  }
  /// Several values, in the environment with spaces between them.
  CLI::Option* list(const std::string& name, std::vector<std::string>& values,
                    const std::string& type, const std::string& description) {
    return option(name, values, type, description)->delimiter(' ');
  }
  /// Several values that have spaces, in the environment a line each.
  CLI::Option* lines(const std::string& name, std::vector<std::string>& values,
                     const std::string& type, const std::string& description) {
    return option(name, values, type, description)->delimiter('\n');
  }
  CLI::Option* flag(const std::string& name, bool& value, const std::string& description) {
    return declared(app_.add_flag("--" + name, value, description), name);
  }
  void limit(const std::string& name, std::uint64_t& value, const std::string& description) {
    option(name, value, "NUMBER", description)->capture_default_str()->group("Limits");
  }
  void size(const std::string& name, std::uint64_t& value, const std::string& standard,
            const std::string& description) {
    auto* size = option(name, value, "SIZE", description)->group("Limits");
    size->transform(CLI::Validator(read_size, ""))->default_val(standard);
  }

 private:
  static CLI::Option* declared(CLI::Option* option, const std::string& name) {
    const bool replaced = name == "secret-file" && !environment("CRIER_SECRET").empty();
    return replaced ? option : option->envname(variable_of(name));
  }

  CLI::App& app_;
};

void declare_policies(Declaration& add, GivenOptions& given) {
  add.list("create-nodes", given.creators, "all|admins|DOMAIN",
           "who may create nodes; without it the users of the parent domain")
      ->group("Policies");
  add.lines("create-named", given.creators_by_name, "RULE",
            "who may create nodes of such names: 'news/* example.org', 'open/* all'")
      ->group("Policies");
  add.lines(
         "node-default", given.node_defaults, "RULE",
         "what new nodes of such names are: 'urn:xmpp:microblog:* access_model=open max_items=max'")
      ->group("Policies");
  add.lines("node-force", given.node_forces, "RULE", "the same, and their owners cannot change it")
      ->group("Policies");
  add.list("reserve", given.reserved, "PATTERN", "only admins may create nodes of such names")
      ->group("Policies");
  add.list("anonymous", given.anonymous, "DOMAIN",
           "whose users are anonymous, and may not subscribe")
      ->group("Policies");
  add.flag("single-subscriptions", given.single_subscriptions,
           "a JID that subscribes again gets the subscription that it has, not another one")
      ->group("Policies");
  add.flag("conceal-private-nodes", given.conceal_private_nodes,
           "whoever may not see a node is told that there is none")
      ->group("Policies");
}

void declare_limits(Declaration& add, GivenOptions& given) {
  add.lines("limit", given.limits, "RULE",
            "how often may be asked: 'requests account 20/s burst 100'; also publishes, bytes, "
            "presence; by domain or service, with a pattern: 'publishes domain partner.example "
            "500/min'")
      ->group("Limits");
  add.lines("quota", given.quotas, "RULE",
            "how much there may be: 'nodes account *@example.org 100'; also subscriptions, items, "
            "bytes; by domain or service, with a pattern: 'items domain partner.example 1M'; "
            "'bytes service 50G' is the size of the database")
      ->group("Limits");
  add.limit("max-nodes", given.max_nodes, "that one account may have created; 0 for any number");
  add.limit("max-account-subscriptions", given.max_account_subscriptions,
            "of one account at all nodes; 0 for any number");
  add.limit("max-jid-subscriptions", given.max_jid_subscriptions, "of one JID at one node");
  add.limit("max-affiliations", given.max_affiliations, "of one node");
  add.limit("max-children", given.max_children, "nodes in one collection");
  add.limit("max-lease", given.max_lease,
            "days that a leased subscription lasts; 0 for any number");
  add.limit("max-event-age", given.max_event_age,
            "days that events wait for durable subscriptions");
  add.size("max-event-bytes", given.max_event_bytes, "64M",
           "of events of one node that wait for durable subscriptions, beside its items");
  add.limit("max-bounces", given.max_bounces,
            "notifications that come back within a day until the subscription ends");
  add.limit("max-audit-entries", given.max_audit_entries,
            "changes that the audit log keeps, of admins and of others");
  add.limit("max-audit-age", given.max_audit_age, "days that it keeps them");
  add.limit("max-items", given.max_items, "items that one node keeps at most");
  add.size("max-payload-bytes", given.max_payload_bytes, "1M", "of one item");
  add.limit("max-subscriptions", given.max_subscriptions, "of one node");
  add.limit("page-items", given.page_items, "items in one answer; the rest is paged");
  add.size("page-bytes", given.page_bytes, "256K", "of items in one answer; the rest is paged");
  add.size("max-stanza-bytes", given.max_stanza_bytes, "1M", "a bigger stanza is refused");
  add.size("node-cache-bytes", given.node_cache_bytes, "256M", "memory for nodes");
  add.size("outbox-bytes", given.outbox_bytes, "4M",
           "nothing is read from the server while more waits to be sent");
}

}  // namespace

void declare_options(CLI::App& app, GivenOptions& given) {
  Declaration add(app);
  add.option("domain", given.domain, "DOMAIN", "the service's own address: pubsub.example.org");
  add.option("server", given.server, "HOST:PORT",
             "where the XMPP server listens for components: 127.0.0.1:5347");
  add.option("secret-file", given.secret_file, "FILE",
             "holds the secret that is shared with the server");
  add.option("database", given.database, "FILE", "the SQLite database; made when it is not there");
  add.option("control", given.control, "FILE",
             "the Unix socket at which the other commands find the service; none for none");
  add.option("control-group", given.control_group, "GROUP",
             "whose members may use it, as the service's admins");
  add.list("admin", given.admins, "JID",
           "has an owner's rights on every node; may be given more than once");
  add.option("name", given.name, "TEXT", "what people see the service called")
      ->capture_default_str();
  add.option("url", given.url, "URI", "a page about the service, for its vCard");
  add.list(
      "contact", given.contacts, "TYPE=URI",
      "whom to turn to: admin=xmpp:admin@example.org; types are abuse, admin, feedback, sales, "
      "security, status, support");
  add.flag("tls", given.tls, "speak TLS with the server from the first byte on");
  add.option("tls-ca", given.tls_ca, "FILE",
             "trust the authorities in this file (PEM) instead of the system's");
  add.option("server-copies", given.server_copies, "auto|never",
             "whether the server copies notifications for their recipients; auto: where it has "
             "mod_crier_copies")
      ->capture_default_str();
  add.option("log-level", given.log_level, "LEVELS",
             "error, warning, info or debug; of single modules: info,stream=debug,storage=warning")
      ->capture_default_str();
  add.option("log-format", given.log_format, "FORMAT",
             "human, json or journald; auto: journald under systemd, else human")
      ->capture_default_str();
  add.option("metrics", given.metrics, "[HOST:]PORT",
             "serve /metrics, /healthz and /readyz over HTTP there: 9164 is 127.0.0.1:9164");
  declare_policies(add, given);
  declare_limits(add, given);
  const auto file = environment("CRIER_CONFIG");
  app.set_config("--config", file, "the options in a file (TOML): domain = \"pubsub.example.org\"",
                 !file.empty())
      ->type_name("FILE")
      ->envname("CRIER_CONFIG");
  app.config_formatter(std::make_shared<File>(app));
  app.allow_config_extras(CLI::config_extras_mode::error);
  // Told of by refuse_extra: CLI11 would repeat all of it, a secret as well.
  app.allow_extras();
}

namespace {

[[noreturn]] void refuse_extra(const std::string& argument) {
  // What stands behind '=' may be a secret.
  const auto name = argument.substr(0, argument.find('='));
  if (name == "--secret")
    refuse_option(name, "others could read it in the list of processes",
                  "give --secret-file FILE, or the secret as CRIER_SECRET");
  refuse_option(name, "there is no such option", see_help);
}

/// What CLI11 has to say, in one line.
[[noreturn]] void refuse(const CLI::ParseError& error) {
  std::string text = error.what();
  if (error.get_name() == "FileError") refuse_option("--config", text, see_help);
  std::replace(text.begin(), text.end(), '\n', ' ');
  constexpr std::string_view conversion = "Could not convert: ";
  if (text.starts_with(conversion)) {
    text.erase(0, conversion.size());
    const auto name_end = text.find(' ');
    refuse_option(text.substr(0, name_end), "this is not a value for it", see_help);
  }
  const auto colon = text.find(": ");
  if (colon == std::string::npos) refuse_option("crier serve", text, see_help);
  refuse_option(text.substr(0, colon), text.substr(colon + 2), see_help);
}

/// What was given for each option, wherever; the secret itself is none.
std::map<std::string, std::string> words_of(const CLI::App& app) {
  std::map<std::string, std::string> words;
  for (const auto* option : app.get_options())
    if (option->count() > 0)
      words[option->get_lnames().front()] = fmt::format("{}", fmt::join(option->results(), "\n"));
  return words;
}

}  // namespace

std::unique_ptr<CLI::App> declare_options(GivenOptions& given) {
  given.secret = environment("CRIER_SECRET");
  auto app = std::make_unique<CLI::App>(
      "Runs the service until SIGTERM. --domain, --server, --database and the secret must "
      "be given.",
      "crier serve");
  app->footer(
      "Each option can stand on the command line, in the environment and in the file of --config,\n"
      "and counts in this order. CRIER_SECRET is the secret itself, in place of --secret-file.\n"
      "Wrong configuration ends with one line on stderr and exit status 78.\n"
      "\n"
      "Examples:\n"
      "  crier serve --domain pubsub.example.org --server 127.0.0.1:5347 \\\n"
      "              --secret-file /etc/crier/secret --database /var/lib/crier/crier.db\n"
      "  crier serve --config /etc/crier/crier.toml");
  declare_options(*app, given);
  return app;
}

std::optional<Options> read_options(int argc, const char* const* argv, std::ostream& out) {
  GivenOptions given;
  const auto app = declare_options(given);
  try {
    app->parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    out << app->help();
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    refuse(error);
  }
  if (app->remaining_size() > 0) refuse_extra(app->remaining().front());
  auto options = check_options(given);
  options.words = words_of(*app);
  return options;
}

}  // namespace crier
