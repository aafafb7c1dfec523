#include "transfer/foreign/ejabberd_dump.hpp"

#include <crier/xml_writer.hpp>

#include "transfer/foreign/carrier.hpp"
#include "transfer/foreign/erlang_reader.hpp"

#include <fmt/format.h>

#include <string>

namespace crier::transfer {

namespace {

constexpr const char* schema =
    "CREATE TABLE pubsub_node (host TEXT, node TEXT, parent TEXT, nodeid INTEGER PRIMARY KEY);"
    "CREATE TABLE pubsub_node_option (nodeid INTEGER, name TEXT, val TEXT);"
    "CREATE INDEX option_by_node ON pubsub_node_option (nodeid);"
    "CREATE TABLE pubsub_state (nodeid INTEGER, jid TEXT, affiliation TEXT, subscriptions TEXT);"
    "CREATE INDEX state_by_node ON pubsub_state (nodeid);"
    "CREATE TABLE pubsub_item (nodeid INTEGER, itemid TEXT, publisher TEXT, creation TEXT, "
    "  modification TEXT, payload TEXT);"
    "CREATE INDEX item_by_node ON pubsub_item (nodeid, modification);"
    "CREATE TABLE pubsub_subscription_opt (subid TEXT, opt_name TEXT, opt_value TEXT);"
    "CREATE INDEX option_by_subid ON pubsub_subscription_opt (subid);";

using Kind = Term::Kind;

bool is_jid(const Term& term) {
  return term.is(Kind::tuple) && term.items.size() == 3 && term.items[1].is(Kind::text);
}

/// `{User, Server, Resource}`
std::string jid_of(const Term& term) {
  if (!is_jid(term)) return term.text;
  std::string jid = term.items[0].text;
  if (!jid.empty()) jid += '@';
  jid += term.items[1].text;
  return term.items[2].text.empty() ? jid : jid + '/' + term.items[2].text;
}

bool append_xml_of(std::string& out, const Term& term) {
  if (!term.is(Kind::tuple) || term.items.size() < 2) return false;
  if (term.items[0].says("xmlcdata")) {
    append_text(out, term.items[1].text);
    return true;
  }
  if (!term.items[0].says("xmlel") || term.items.size() != 4) return false;
  const auto& name = term.items[1].text;
  if (!is_xml_name(name)) return false;
  out += '<' + name;
  for (const auto& each : term.items[2].items) {
    if (each.items.size() != 2 || !is_xml_name(each.items[0].text)) return false;
    out += fmt::format(" {}='", each.items[0].text);
    append_attribute_value(out, each.items[1].text);
    out += '\'';
  }
  out += '>';
  for (const auto& each : term.items[3].items)
    if (!append_xml_of(out, each)) return false;
  out += "</" + name + '>';
  return true;
}

class Dump {
 public:
  Dump(TextSource& source, const ReadProgress& progress)
      : source_(source),
        progress_(progress),
        tables_(std::make_unique<SqliteReader>(SqliteReader::Temporary{schema})) {}

  std::unique_ptr<SqlReader> read() {
    while (find_erlang_record(source_, "pubsub_")) {
      const auto term = next_erlang_term(source_);
      const auto& name = term->items.front().text;
      if (name == "pubsub_node") node(fields(*term, 7));
      if (name == "pubsub_state") state(fields(*term, 6));
      if (name == "pubsub_item") item(fields(*term, 6));
      if (name == "pubsub_subscription") subscription(fields(*term, 3));
      if (progress_) progress_(source_.place().offset, 0);
    }
    return std::move(tables_);
  }

 private:
  const std::vector<Term>& fields(const Term& record, std::size_t count) {
    if (record.items.size() != count)
      source_.refuse(
          fmt::format("a record {} has {} elements instead of {}: dump the tables with "
                      "ejabberd 17.06 or later",
                      record.items.front().text, record.items.size(), count));
    return record.items;
  }

  /// The two parts of a key.
  const std::vector<Term>& pair(const Term& term) {
    if (!term.is(Kind::tuple) || term.items.size() != 2)
      source_.refuse("a record's key is not of two elements");
    return term.items;
  }

  /// The number of a node: other implementations of node trees have used texts.
  std::string index(const Term& term) {
    if (!term.is(Kind::integer)) source_.refuse("a node's index is no number");
    return std::to_string(term.integer);
  }

  void node(const std::vector<Term>& record) {
    const auto& key = pair(record[1]);
    const auto nodeid = index(record[2]);
    const auto& parents = record[3].items;
    tables_->insert(
        "INSERT OR REPLACE INTO pubsub_node VALUES ($1, $2, $3, $4)",
        {jid_of(key[0]), key[1].text, parents.empty() ? "" : parents.front().text, nodeid});
    for (const auto& option : record[6].items) {
      const auto& named = pair(option);
      tables_->insert("INSERT INTO pubsub_node_option VALUES ($1, $2, $3)",
                      {nodeid, named[0].text, to_erlang(named[1])});
    }
  }

  void state(const std::vector<Term>& record) {
    const auto& key = pair(record[1]);
    std::string subscriptions;
    for (const auto& each : record[5].items) {
      const auto& subscription = pair(each);
      if (!subscriptions.empty()) subscriptions += ',';
      subscriptions += subscription[0].text.substr(0, 1) + ':' + subscription[1].text;
    }
    tables_->insert("INSERT INTO pubsub_state VALUES ($1, $2, $3, $4)",
                    {index(key[1]), jid_of(key[0]), letter_of(record[4].text), subscriptions});
  }

  static std::string letter_of(const std::string& affiliation) {
    if (affiliation == "publish_only" || affiliation == "publish-only") return "u";
    if (affiliation == "outcast") return "c";
    return affiliation.substr(0, 1);
  }

  void item(const std::vector<Term>& record) {
    const auto& key = pair(record[1]);
    std::string payload;
    for (const auto& each : record[5].items)
      // What is no element is no payload either.
      if (!append_xml_of(payload, each)) payload += '<';
    const auto& modification = pair(record[4]);
    tables_->insert("INSERT INTO pubsub_item VALUES ($1, $2, $3, $4, $5, $6)",
                    {index(key[1]), key[0].text, jid_of(modification[1]),
                     time_text(pair(record[3])[0]), time_text(modification[0]), payload});
  }

  /// `{Megaseconds, Seconds, Microseconds}` as ejabberd writes it into its tables.
  static std::string time_text(const Term& term) {
    if (!term.is(Kind::tuple) || term.items.size() != 3) return {};
    return fmt::format("{:06}:{:06}:{:06}", term.items[0].integer, term.items[1].integer,
                       term.items[2].integer);
  }

  void subscription(const std::vector<Term>& record) {
    for (const auto& option : record[2].items) {
      const auto& named = pair(option);
      const auto add = [&](const std::string& value) {
        tables_->insert("INSERT INTO pubsub_subscription_opt VALUES ($1, $2, $3)",
                        {record[1].text, named[0].text, value});
      };
      const auto& value = named[1];
      if (value.is(Kind::list))
        for (const auto& each : value.items) add(each.text);
      else if (value.is(Kind::tuple))
        add(time_text(value));
      else
        add(value.is(Kind::integer) ? std::to_string(value.integer) : value.text);
    }
  }

  TextSource& source_;
  const ReadProgress& progress_;
  std::unique_ptr<SqliteReader> tables_;
};

}  // namespace

std::unique_ptr<SqlReader> read_ejabberd_dump(TextSource& source, const ReadProgress& progress) {
  return Dump(source, progress).read();
}

}  // namespace crier::transfer
