/// Libervia's pubsub service: its PostgreSQL database, of version 10 of its schema.
///
/// `nodes.pep` is the bare JID whose own node it is, NULL for the service's; the node without a
/// name is the root. `items.data` is the whole item with its payload inside. The database does not
/// tell the service's domain.

#include <crier/element.hpp>
#include <crier/fault.hpp>
#include <crier/xml_writer.hpp>

#include "transfer/foreign/carrier.hpp"
#include "transfer/foreign/foreign_store.hpp"

#include <fmt/format.h>
#include <sysexits.h>

namespace crier::transfer {

namespace {

std::string flag(const std::optional<std::string_view>& column) {
  const auto text = text_of(column, "t");
  return text == "t" || text == "1" ? "1" : "0";
}

/// The payload inside of an item.
std::optional<std::string> payload_in(std::string_view item) {
  const auto document = parse_xml(item);
  if (!document) return {};
  const auto* payload = document->root().first_child();
  return payload ? to_xml(*payload) : std::string();
}

constexpr const char* all_items =
    "SELECT count(*) FROM items WHERE node_id IN "
    "(SELECT node_id FROM nodes WHERE pep IS NULL AND node <> '')";

class Libervia {
 public:
  Libervia(const std::string& source, const ForeignOptions& options, Sink& sink)
      : reader_(open_database(source)), carrier_(sink) {
    for (const auto* table : {"nodes", "entities", "affiliations", "subscriptions", "items"})
      need_table(*reader_, "the database", table, "Libervia");
    if (options.host.empty())
      throw Fault(EX_USAGE,
                  "Libervia's database does not tell the domain of its service: say it "
                  "with --host pubsub.example.org");
    carrier_.service(options.host);
    if (options.progress) carrier_.tell(options.progress, reader_->count(all_items));
  }

  void read() {
    reader_->query(
        "SELECT node_id, node, node_type, access_model, persist_items, deliver_payloads, "
        "max_items, overwrite_policy, serial_ids, consistent_publisher, fts_language, "
        "send_last_published_item, publish_model, CASE WHEN schema IS NULL THEN 0 ELSE 1 END "
        "FROM nodes WHERE pep IS NULL AND node <> '' ORDER BY node_id",
        {}, [&](SqlReader::Row row) { node(row); });
    count("SELECT count(*) FROM nodes WHERE pep IS NOT NULL", "a node of a user's own (PEP)");
    count("SELECT count(*) FROM subscriptions WHERE node_id IS NULL",
          "a subscription to another service's node (PAM)");
  }

 private:
  void count(const char* sql, std::string_view what) { carrier_.lose(what, reader_->count(sql)); }

  void node(SqlReader::Row row) {
    const std::string id(text_of(row[0]));
    access_ = text_of(row[3]);
    ForeignNode found{.name = std::string(text_of(row[1])), .parents = {}};
    const bool is_collection = text_of(row[2]) == "collection";
    found.type = is_collection ? NodeType::collection : NodeType::leaf;
    found.creator = reader_->value(
        "SELECT min(jid) FROM affiliations NATURAL JOIN entities WHERE node_id = $1 AND "
        "affiliation = 'owner'",
        {id});
    found.created = time_of_microseconds(reader_->value(
        fmt::format("SELECT {} FROM items WHERE node_id = $1 ORDER BY created LIMIT 1",
                    reader_->microseconds("created")),
        {id}));
    found.items = reader_->count("SELECT count(*) FROM items WHERE node_id = $1", {id});
    found.config = config_of(row);
    auto& groups = found.config["roster_groups_allowed"];
    reader_->query("SELECT groupname FROM node_groups_authorized WHERE node_id = $1 ORDER BY 1",
                   {id}, [&](SqlReader::Row group) { groups.emplace_back(text_of(group[0])); });
    const bool can_be = carrier_.node(std::move(found));
    if (!can_be) return;
    lose_from(row);
    affiliations(id);
    subscriptions(id);
    items(id);
  }

  static Fields config_of(SqlReader::Row row) {
    const auto access = text_of(row[3]);
    const auto max_items = text_of(row[6], "0");
    return Fields{
        {"access_model", {access == "publisher-roster" ? "roster" : std::string(access)}},
        {"persist_items", {flag(row[4])}},
        {"deliver_payloads", {flag(row[5])}},
        {"max_items", {max_items == "0" ? "max" : std::string(max_items)}},
        {"send_last_published_item", {std::string(text_of(row[11]))}},
        {"publish_model", {std::string(text_of(row[12]))}},
    };
  }

  /// What a node of ours does not have.
  void lose_from(SqlReader::Row row) {
    if (text_of(row[7]) == "original_publisher")
      carrier_.lose("the configuration pubsub#overwrite_policy=original_publisher");
    if (flag(row[8]) == "1") carrier_.lose("the configuration pubsub#serial_ids");
    if (flag(row[9]) == "1") carrier_.lose("the configuration pubsub#consistent_publisher");
    if (text_of(row[10]) != "generic") carrier_.lose("the configuration pubsub#fts_language");
    if (text_of(row[13]) == "1") carrier_.lose("the schema of a node's items");
  }

  void affiliations(std::string_view id) {
    reader_->query(
        "SELECT jid, affiliation FROM affiliations NATURAL JOIN entities WHERE node_id = $1 "
        "ORDER BY jid",
        {id}, [&](SqlReader::Row row) { carrier_.affiliation(text_of(row[0]), text_of(row[1])); });
  }

  void subscriptions(std::string_view id) {
    reader_->query(
        "SELECT jid, resource, state, subscription_type, subscription_depth, public "
        "FROM subscriptions NATURAL JOIN entities WHERE node_id = $1 ORDER BY subscription_id",
        {id}, [&](SqlReader::Row row) {
          ForeignSubscription found{.jid = std::string(text_of(row[0])),
                                    .state = std::string(text_of(row[2])),
                                    .options = {}};
          if (!text_of(row[1]).empty()) found.jid += '/' + std::string(text_of(row[1]));
          if (row[3]) found.options["subscription_type"] = {std::string(*row[3])};
          if (row[4]) found.options["subscription_depth"] = {std::string(*row[4])};
          if (flag(row[5]) == "1") carrier_.lose("that a subscription is public");
          carrier_.subscription(std::move(found));
        });
  }

  void items(std::string_view id) {
    const auto sql = fmt::format(
        "SELECT item, publisher, access_model, {}, {}, CAST(data AS text) FROM items WHERE node_id "
        "= $1 "
        "ORDER BY updated, item_id",
        reader_->microseconds("created"), reader_->microseconds("updated"));
    reader_->query(sql, {id}, [&](SqlReader::Row row) {
      // It must not be seen by others than it was before.
      if (text_of(row[2]) != "open" && text_of(row[2]) != access_)
        return carrier_.lose_item("an item with an access model of its own");
      carrier_.item({.id = std::string(text_of(row[0])),
                     .publisher = std::string(text_of(row[1])),
                     .created = time_of_microseconds(text_of(row[3])),
                     .published = time_of_microseconds(text_of(row[4])),
                     .payload = payload_in(text_of(row[5]))});
    });
  }

  std::unique_ptr<SqlReader> reader_;
  Carrier carrier_;
  /// The access model of the node that is read.
  std::string access_;
};

}  // namespace

void read_libervia(const std::string& source, const ForeignOptions& options, Sink& sink) {
  Libervia(source, options, sink).read();
}

}  // namespace crier::transfer
