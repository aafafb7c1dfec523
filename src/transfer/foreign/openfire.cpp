/// Openfire's tables (ofPubsub…), of version 40 of its schema and those before it.
///
/// `serviceID` is "pubsub" for the service, or the bare JID whose own nodes they are. The node
/// whose name is empty is the root. Times are milliseconds since 1970, filled up with zeros; flags
/// are 0 and 1.

#include <crier/fault.hpp>

#include "model/fields.hpp"
#include "transfer/foreign/carrier.hpp"
#include "transfer/foreign/foreign_store.hpp"

#include <fmt/format.h>
#include <sysexits.h>

#include <algorithm>
#include <array>

namespace crier::transfer {

namespace {

std::string trimmed(std::string_view text) {
  const auto from = std::min(text.find_first_not_of(' '), text.size());
  const auto to = text.find_last_not_of(' ');
  return std::string(text.substr(from, to == std::string_view::npos ? 0 : to + 1 - from));
}

std::optional<Time> time_in(const std::optional<std::string_view>& column) {
  const auto text = trimmed(text_of(column));
  if (text.empty()) return {};
  return time_of_microseconds(text + "000");
}

/// A column that is the value of a field as it stands.
struct Column {
  std::string_view field;
  std::size_t index;
};

/// As they are selected in Openfire::read.
constexpr std::array<Column, 16> columns{{
    {"deliver_payloads", 5},
    {"persist_items", 7},
    {"notify_config", 9},
    {"notify_delete", 10},
    {"notify_retract", 11},
    {"presence_based_delivery", 12},
    {"publish_model", 14},
    {"subscribe", 15},
    {"access_model", 17},
    {"type", 18},
    {"body_xslt", 19},
    {"dataform_xslt", 20},
    {"description", 22},
    {"language", 23},
    {"title", 24},
    {"itemreply", 25},
}};

constexpr const char* all_items =
    "SELECT count(*) FROM ofPubsubItem WHERE serviceID NOT LIKE '%@%'";

class Openfire {
 public:
  Openfire(const std::string& source, const ForeignOptions& options, Sink& sink)
      : reader_(open_database(source)), carrier_(sink) {
    need_table(*reader_, source, "ofpubsubnode", "Openfire");
    if (options.host.empty())
      throw Fault(EX_USAGE,
                  "Openfire's database does not tell the domain of its service: say it "
                  "with --host pubsub.example.org");
    carrier_.service(options.host);
    if (options.progress) carrier_.tell(options.progress, reader_->count(all_items));
  }

  void read() {
    reader_->query(
        "SELECT serviceID, nodeID, leaf, creationDate, parent, deliverPayloads, maxPayloadSize, "
        "persistItems, maxItems, notifyConfigChanges, notifyDelete, notifyRetract, presenceBased, "
        "sendItemSubscribe, publisherModel, subscriptionEnabled, configSubscription, accessModel, "
        "payloadType, bodyXSLT, dataformXSLT, creator, description, language, name, replyPolicy, "
        "associationPolicy, maxLeafNodes FROM ofPubsubNode ORDER BY creationDate, nodeID",
        {}, [&](SqlReader::Row row) {
          if (text_of(row[0]).find('@') != std::string_view::npos)
            carrier_.lose("a node of a user's own (PEP)");
          else if (!trimmed(text_of(row[1])).empty())
            node(row);
        });
  }

 private:
  void node(SqlReader::Row row) {
    service_ = text_of(row[0]);
    name_ = text_of(row[1]);
    const bool is_leaf = text_of(row[2]) == "1";
    ForeignNode found{.name = name_,
                      .type = is_leaf ? NodeType::leaf : NodeType::collection,
                      .creator = std::string(text_of(row[21])),
                      .created = time_in(row[3]),
                      .config = config_of(row, is_leaf),
                      .parents = {}};
    if (!trimmed(text_of(row[4])).empty()) found.parents.emplace_back(*row[4]);
    found.items =
        reader_->count("SELECT count(*) FROM ofPubsubItem WHERE serviceID = $1 AND nodeID = $2",
                       {service_, name_});
    associates(found.config);
    if (text_of(row[16]) == "1") carrier_.lose("that subscriptions to a node need options");
    if (!carrier_.node(std::move(found))) return;
    affiliations();
    subscriptions();
    items();
  }

  static Fields config_of(SqlReader::Row row, bool is_leaf) {
    Fields config;
    for (const auto& [field, index] : columns) {
      const bool counts = is_leaf || field != "persist_items";
      if (row[index] && counts) config[std::string(field)] = {std::string(*row[index])};
    }
    config["send_last_published_item"] = {text_of(row[13]) == "1" ? "on_sub" : "never"};
    if (is_leaf) {
      config["max_items"] = {most(row[8])};
      config["max_payload_size"] = {most(row[6])};
    } else {
      config["children_association_policy"] = {std::string(text_of(row[26], "owners"))};
      config["children_max"] = {most(row[27])};
    }
    return config;
  }

  /// A number that is below 0 for no limit.
  static std::string most(const std::optional<std::string_view>& column) {
    const auto text = text_of(column, "-1");
    return text.starts_with('-') ? "max" : std::string(text);
  }

  void associates(Fields& config) {
    reader_->query(
        "SELECT associationType, jid FROM ofPubsubNodeJIDs WHERE serviceID = $1 AND nodeID = $2 "
        "ORDER BY 1, 2",
        {service_, name_}, [&](SqlReader::Row row) {
          const auto type = text_of(row[0]);
          std::string jid(text_of(row[1]));
          if (type == "contacts")
            config["contact"].push_back(std::move(jid));
          else if (type == "associationTrusted")
            config["children_association_whitelist"].push_back(std::move(jid));
          else
            carrier_.lose("whom to reply to (replyroom, replyto) of a node");
        });
    reader_->query(
        "SELECT rosterGroup FROM ofPubsubNodeGroups WHERE serviceID = $1 AND nodeID = $2 "
        "ORDER BY 1",
        {service_, name_},
        [&](SqlReader::Row row) { config["roster_groups_allowed"].emplace_back(text_of(row[0])); });
  }

  void affiliations() {
    reader_->query(
        "SELECT jid, affiliation FROM ofPubsubAffiliation WHERE serviceID = $1 AND nodeID = $2 "
        "ORDER BY 1",
        {service_, name_},
        [&](SqlReader::Row row) { carrier_.affiliation(text_of(row[0]), text_of(row[1])); });
  }

  void subscriptions() {
    reader_->query(
        "SELECT jid, state, deliver, digest, digest_frequency, expire, includeBody, showValues, "
        "subscriptionType, subscriptionDepth, keyword FROM ofPubsubSubscription "
        "WHERE serviceID = $1 AND nodeID = $2 ORDER BY jid, id",
        {service_, name_}, [&](SqlReader::Row row) {
          carrier_.subscription({.jid = std::string(text_of(row[0])),
                                 .state = std::string(text_of(row[1])),
                                 .options = options_of(row)});
        });
  }

  static Fields options_of(SqlReader::Row row) {
    Fields options{
        {"deliver", {std::string(text_of(row[2]))}},
        {"digest", {std::string(text_of(row[3]))}},
        {"include_body", {std::string(text_of(row[6]))}},
        {"subscription_type", {std::string(text_of(row[8]))}},
        {"subscription_depth", {text_of(row[9]) == "0" ? "all" : std::string(text_of(row[9]))}},
    };
    if (text_of(row[4], "0") != "0") options["digest_frequency"] = {std::string(text_of(row[4]))};
    if (const auto expire = time_in(row[5])) options["expire"] = {format_datetime(*expire)};
    auto shows = trimmed(text_of(row[7]));
    std::ranges::replace(shows, ',', '\t');
    if (!shows.empty()) options["show-values"] = split_stored(shows);
    if (!text_of(row[10]).empty()) options["x-keywords"] = {std::string(text_of(row[10]))};
    return options;
  }

  void items() {
    reader_->query(
        "SELECT id, jid, creationDate, payload FROM ofPubsubItem WHERE serviceID = $1 AND "
        "nodeID = $2 ORDER BY creationDate, id",
        {service_, name_}, [&](SqlReader::Row row) {
          carrier_.item({.id = std::string(text_of(row[0])),
                         .publisher = std::string(text_of(row[1])),
                         .created = time_in(row[2]),
                         .published = {},
                         .payload = std::string(text_of(row[3]))});
        });
  }

  std::unique_ptr<SqlReader> reader_;
  Carrier carrier_;
  /// Of the node that is read.
  std::string service_;
  std::string name_;
};

}  // namespace

void read_openfire(const std::string& source, const ForeignOptions& options, Sink& sink) {
  Openfire(source, options, sink).read();
}

}  // namespace crier::transfer
