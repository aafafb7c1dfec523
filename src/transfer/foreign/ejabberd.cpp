/// ejabberd's stores: its SQL tables, and a dump of Mnesia, which is made to be like them.
///
/// `pubsub_node.host` is the service, or the bare JID whose own node it is. An option's value is an
/// Erlang term; a state's subscriptions are `STATE:SUBID,…`, states and affiliations a letter each;
/// times are `MEGASECONDS:SECONDS:MICROSECONDS`.

#include <crier/element.hpp>
#include <crier/namespaces.hpp>

#include "model/fields.hpp"
#include "transfer/foreign/carrier.hpp"
#include "transfer/foreign/ejabberd_dump.hpp"
#include "transfer/foreign/erlang_reader.hpp"
#include "transfer/foreign/foreign_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

namespace crier::transfer {

namespace {

using Kind = Term::Kind;

/// Options of ejabberd's own workings.
constexpr std::string_view internal_options[] = {"rsm", "sql", "virtual_tree", "children"};

std::string_view affiliation_of(std::string_view letter) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> names{{
      {"o", "owner"},
      {"p", "publisher"},
      {"u", "publish-only"},
      {"m", "member"},
      {"c", "outcast"},
  }};
  for (const auto& [each, name] : names)
    if (each == letter) return name;
  return "none";
}

std::string_view state_of(std::string_view letter) {
  if (letter == "s") return "subscribed";
  if (letter == "p") return "pending";
  return letter == "u" ? "unconfigured" : "none";
}

/// `001795:295884:131533`
std::optional<Time> time_in(std::string_view text) {
  if (text.size() != 20 || text[6] != ':' || text[13] != ':') return {};
  std::string digits(text);
  std::erase(digits, ':');
  return time_of_microseconds(digits);
}

Values value_of(std::string_view name, const Term& term) {
  const auto& text = term.text;
  const bool counts = name == "max_items" || name == "item_expire" || name == "max_payload_size";
  if (term.is(Kind::integer)) return {std::to_string(term.integer)};
  if (term.is(Kind::atom) && (text == "true" || text == "false"))
    return {text == "true" ? "1" : "0"};
  if (counts && (text == "infinity" || text == "unlimited")) return {"max"};
  if (term.is(Kind::tuple) && term.items.size() == 3)
    return {term.items[0].text + (term.items[0].text.empty() ? "" : "@") + term.items[1].text};
  if (!term.is(Kind::list)) return {text};
  Values values;
  for (const auto& each : term.items)
    for (auto& value : value_of(name, each)) values.push_back(std::move(value));
  return values;
}

/// A payload without a namespace is of the one that was around it.
std::string in_namespace(std::string_view xml) {
  std::string text(xml);
  const auto document = parse_xml(text);
  if (!document || !document->root().ns.empty() || !document->root().declarations.empty())
    return text;
  const auto end_of_name = text.find_first_of(" \t\r\n/>");
  return text.insert(end_of_name, fmt::format(" xmlns='{}'", ns::pubsub));
}

constexpr const char* all_items =
    "SELECT count(*) FROM pubsub_item WHERE nodeid IN "
    "(SELECT nodeid FROM pubsub_node WHERE host = $1)";

class Ejabberd {
 public:
  Ejabberd(const std::string& source, const ForeignOptions& options,
           std::unique_ptr<SqlReader> reader, Sink& sink)
      : name_(source_name(source)), reader_(std::move(reader)), carrier_(sink) {
    need_table(*reader_, source, "pubsub_node", "ejabberd");
    std::vector<std::string> hosts;
    reader_->query("SELECT DISTINCT host FROM pubsub_node ORDER BY 1", {}, [&](SqlReader::Row row) {
      if (text_of(row[0]).find('@') == std::string_view::npos) hosts.emplace_back(text_of(row[0]));
    });
    host_ = chosen_host(source, options, hosts);
    if (options.progress) carrier_.tell(options.progress, reader_->count(all_items, {host_}));
  }

  void read() {
    carrier_.service(host_);
    reader_->query("SELECT nodeid, node, parent FROM pubsub_node WHERE host = $1 ORDER BY nodeid",
                   {host_}, [&](SqlReader::Row row) {
                     node(std::string(text_of(row[0])), text_of(row[1]), text_of(row[2]));
                   });
    const auto own_nodes = reader_->count("SELECT count(*) FROM pubsub_node WHERE host LIKE '%@%'");
    carrier_.lose("a node of a user's own (PEP)", own_nodes);
  }

 private:
  void node(const std::string& id, std::string_view name, std::string_view parent) {
    ForeignNode found{.name = std::string(name), .creator = owner_of(id), .parents = {}};
    found.created =
        time_in(reader_->value("SELECT min(creation) FROM pubsub_item WHERE nodeid = $1", {id}));
    found.items = reader_->count("SELECT count(*) FROM pubsub_item WHERE nodeid = $1", {id});
    read_options(id, found);
    if (!parent.empty()) found.parents.emplace_back(parent);
    std::erase_if(found.parents, [&](const auto& each) { return !is_collection(each); });
    if (!carrier_.node(std::move(found))) return;
    affiliations(id);
    subscriptions(id);
    items(id);
  }

  std::string owner_of(std::string_view id) {
    return reader_->value(
        "SELECT min(jid) FROM pubsub_state WHERE nodeid = $1 AND affiliation = 'o'", {id});
  }

  Term term(std::string_view text) {
    return read_erlang(name_ + ": an option of a node", std::string(text));
  }

  void read_options(std::string_view id, ForeignNode& node) {
    reader_->query("SELECT name, val FROM pubsub_node_option WHERE nodeid = $1", {id},
                   [&](SqlReader::Row row) {
                     const auto name = text_of(row[0]);
                     if (std::ranges::find(internal_options, name) != std::end(internal_options))
                       return;
                     auto values = value_of(name, term(text_of(row[1])));
                     if (name == "collection")
                       node.parents = std::move(values);
                     else if (name == "node_type")
                       node.type =
                           values == Values{"collection"} ? NodeType::collection : NodeType::leaf;
                     else
                       node.config.emplace(name, std::move(values));
                   });
  }

  /// In a tree of names (the plugin hometree) what is above a node is none.
  bool is_collection(std::string_view node) {
    const bool is = reader_
                        ->value(
                            "SELECT val FROM pubsub_node_option NATURAL JOIN pubsub_node "
                            "WHERE host = $1 AND node = $2 AND name = 'node_type'",
                            {host_, node})
                        .find("collection") != std::string::npos;
    if (!is) carrier_.lose("a node above another that is no collection");
    return is;
  }

  void affiliations(std::string_view id) {
    reader_->query("SELECT jid, affiliation FROM pubsub_state WHERE nodeid = $1 ORDER BY jid", {id},
                   [&](SqlReader::Row row) {
                     carrier_.affiliation(text_of(row[0]), affiliation_of(text_of(row[1])));
                   });
  }

  void subscriptions(std::string_view id) {
    reader_->query(
        "SELECT jid, subscriptions FROM pubsub_state WHERE nodeid = $1 AND subscriptions <> '' "
        "ORDER BY jid",
        {id}, [&](SqlReader::Row row) {
          auto list = text_of(row[1]);
          while (!list.empty()) {
            const auto one = list.substr(0, list.find(','));
            list.remove_prefix(std::min(list.size(), one.size() + 1));
            const auto colon = std::min(one.find(':'), one.size());
            carrier_.subscription(
                {.jid = std::string(text_of(row[0])),
                 .state = std::string(state_of(one.substr(0, colon))),
                 .options = subscription_options(one.substr(std::min(colon + 1, one.size())))});
          }
        });
  }

  Fields subscription_options(std::string_view subid) {
    Fields options;
    reader_->query(
        "SELECT lower(opt_name), opt_value FROM pubsub_subscription_opt WHERE subid = $1 "
        "ORDER BY 1, 2",
        {subid}, [&](SqlReader::Row row) {
          auto name = std::string(text_of(row[0]));
          std::string value(text_of(row[1]));
          if (name == "show_values") name = "show-values";
          if (const auto time = name == "expire" ? time_in(value) : std::nullopt)
            value = format_datetime(*time);
          options[name].push_back(std::move(value));
        });
    return options;
  }

  void items(std::string_view id) {
    reader_->query(
        "SELECT itemid, publisher, creation, modification, payload FROM pubsub_item "
        "WHERE nodeid = $1 ORDER BY modification, itemid",
        {id}, [&](SqlReader::Row row) {
          carrier_.item({.id = std::string(text_of(row[0])),
                         .publisher = std::string(text_of(row[1])),
                         .created = time_in(text_of(row[2])),
                         .published = time_in(text_of(row[3])),
                         .payload = in_namespace(text_of(row[4]))});
        });
  }

  std::string name_;
  std::unique_ptr<SqlReader> reader_;
  std::string host_;
  Carrier carrier_;
};

bool is_sqlite(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string magic(15, '\0');
  return stream.read(magic.data(), 15) && magic == "SQLite format 3";
}

bool is_dump(const std::string& source) {
  return std::ifstream(source).good() && !is_sqlite(source);
}

/// A dump is read once, and the tables that it was made into once: half of the way each.
void read_dump(const std::string& source, ForeignOptions options, Sink& sink) {
  TextSource dump{std::filesystem::path(source)};
  std::error_code error;
  // What is no regular file has no size: then it is told how much is read, and of how much not.
  const auto known = std::filesystem::file_size(source, error);
  const std::uint64_t size = error ? 0 : known;
  auto progress = std::exchange(options.progress, {});
  ReadProgress first;
  if (progress) {
    first = [&](std::uint64_t bytes, std::uint64_t) { progress(bytes, 2 * size); };
    options.progress = [&](std::uint64_t items, std::uint64_t total) {
      const auto part = static_cast<double>(items) / static_cast<double>(std::max(total, items));
      progress(size + static_cast<std::uint64_t>(part * static_cast<double>(size)), 2 * size);
    };
  }
  Ejabberd(source, options, read_ejabberd_dump(dump, first), sink).read();
}

}  // namespace

void read_ejabberd(const std::string& source, const ForeignOptions& options, Sink& sink) {
  if (is_dump(source)) return read_dump(source, options, sink);
  Ejabberd(source, options, open_database(source), sink).read();
}

}  // namespace crier::transfer
