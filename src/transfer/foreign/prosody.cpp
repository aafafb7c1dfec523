/// Prosody's stores.
///
/// Files (mod_storage_internal): DATA/HOST/pubsub_nodes/NODE.dat holds a node, DATA/HOST/
/// pubsub_NODE.list its items in the order of publication, DATA/HOST/pep/USER.dat the names of a
/// user's own nodes. In names all but letters, digits and (in that of a .list) underscores is
/// written %xx.
///
/// SQL (mod_storage_sql): the same, in `prosody` (a row for each member of a node's table) and
/// `prosodyarchive` (a row for each item).

#include <crier/fault.hpp>

#include "transfer/foreign/foreign_store.hpp"
#include "transfer/foreign/json_term.hpp"
#include "transfer/foreign/lua_reader.hpp"
#include "transfer/foreign/prosody_data.hpp"

#include <fmt/format.h>
#include <sysexits.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>
#include <vector>

namespace crier::transfer {

namespace {

namespace fs = std::filesystem;

constexpr const char* own_nodes = "a node of a user's own (PEP)";

std::string decoded(std::string_view name) {
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    unsigned byte = 0;
    const char* digits = name.data() + i + 1;
    const bool is_escape = name[i] == '%' && i + 2 < name.size() &&
                           std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2;
    text += is_escape ? static_cast<char>(byte) : name[i];
    if (is_escape) i += 2;
  }
  return text;
}

std::string encoded(std::string_view text, std::string_view besides = {}) {
  std::string name;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       besides.find(c) != std::string_view::npos;
    if (plain)
      name += c;
    else
      name += fmt::format("%{:02x}", static_cast<unsigned char>(c));
  }
  return name;
}

/// The files or directories in `directory`, sorted; none when it is not there.
std::vector<fs::path> entries(const fs::path& directory) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::directory_iterator each(directory, error), end; !error && each != end;
       each.increment(error))
    paths.push_back(each->path());
  const bool is_none =
      error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory;
  if (error && !is_none)
    throw Fault(EX_NOINPUT,
                fmt::format("{} can not be read: {}", directory.string(), error.message()));
  std::ranges::sort(paths);
  return paths;
}

std::optional<Time> when(const Term* term) {
  if (!term) return {};
  if (term->is(Term::Kind::integer)) return time_of_seconds(std::to_string(term->integer));
  if (term->is(Term::Kind::real)) return time_of_seconds(fmt::format("{:.6f}", term->real));
  return {};
}

std::string text_in(const Term& table, std::string_view name) {
  const auto* member = table.member(name);
  return member ? member->text : std::string();
}

/// The data directory.
class Files {
 public:
  Files(const std::string& source, const ForeignOptions& options, Sink& sink)
      : root_(source), progress_(options.progress), carrier_(sink) {
    std::vector<std::string> hosts;
    for (const auto& host : entries(root_))
      if (!entries(host / "pubsub_nodes").empty())
        hosts.push_back(decoded(host.filename().string()));
    host_ = chosen_host(source, options, hosts);
  }

  void read() {
    carrier_.service(host_);
    auto files = entries(root_ / encoded(host_) / "pubsub_nodes");
    std::erase_if(files, [](const auto& file) { return file.extension() != ".dat"; });
    if (progress_)
      for (const auto& file : files) bytes_ += bytes_of(file);
    for (const auto& file : files) {
      node(file);
      if (progress_) bytes_read_ += bytes_of(file);
    }
    for (const auto& host : entries(root_))
      for (const auto& user : entries(host / "pep"))
        if (user.extension() == ".dat") count_own_nodes(user);
  }

 private:
  static Term only_value(const fs::path& file) {
    TextSource source(file);
    auto value = next_lua_value(source);
    if (!value || !value->is(Term::Kind::table)) source.refuse("there is no table");
    return std::move(*value);
  }

  void node(const fs::path& file) {
    const auto value = only_value(file);
    const ProsodyNode node{.name = decoded(file.stem().string()),
                           .config = value.member("config"),
                           .affiliations = value.member("affiliations"),
                           .subscribers = value.member("subscribers")};
    const auto list = list_of(node.name);
    if (!fs::exists(list)) {
      carry_prosody_node(node, {}, carrier_);
      return;
    }
    TextSource items(list);
    auto value_of_item = next_lua_value(items);
    const auto created = value_of_item ? when(value_of_item->member("when")) : std::nullopt;
    if (!carry_prosody_node(node, created, carrier_)) return;
    for (; value_of_item; value_of_item = next_lua_value(items)) {
      item(*value_of_item);
      if (progress_) progress_(bytes_read_ + items.place().offset, bytes_);
    }
  }

  /// The items of a node.
  fs::path list_of(const std::string& node) const {
    return root_ / encoded(host_) / fmt::format("pubsub_{}.list", encoded(node, "_"));
  }

  /// Of a node's file and its items, as far as they are there.
  std::uint64_t bytes_of(const fs::path& file) const {
    std::uint64_t bytes = 0;
    for (const auto& each : {file, list_of(decoded(file.stem().string()))}) {
      std::error_code error;
      const auto size = fs::file_size(each, error);
      if (!error) bytes += size;
    }
    return bytes;
  }

  void item(const Term& stored) {
    carrier_.item({.id = text_in(stored, "key"),
                   .publisher = text_in(stored, "with"),
                   .created = when(stored.member("when")),
                   .published = {},
                   .payload = prosody_stanza_xml(stored)});
  }

  void count_own_nodes(const fs::path& file) {
    carrier_.lose(own_nodes, only_value(file).members.size());
  }

  fs::path root_;
  ReadProgress progress_;
  std::uint64_t bytes_ = 0;
  std::uint64_t bytes_read_ = 0;
  std::string host_;
  Carrier carrier_;
};

constexpr const char* all_items =
    "SELECT count(*) FROM \"prosodyarchive\" WHERE \"host\" = $1 AND \"user\" = '' AND "
    "\"store\" LIKE 'pubsub@_%' ESCAPE '@'";

/// The tables.
class Tables {
 public:
  Tables(const std::string& source, const ForeignOptions& options, Sink& sink)
      : name_(source_name(source)), reader_(open_database(source)), carrier_(sink) {
    need_table(*reader_, source, "prosody", "Prosody");
    std::vector<std::string> hosts;
    reader_->query(
        "SELECT DISTINCT \"host\" FROM \"prosody\" WHERE \"store\" = 'pubsub_nodes' ORDER BY 1", {},
        [&](SqlReader::Row row) { hosts.emplace_back(text_of(row[0])); });
    host_ = chosen_host(source, options, hosts);
    if (options.progress) carrier_.tell(options.progress, reader_->count(all_items, {host_}));
  }

  void read() {
    carrier_.service(host_);
    reader_->query(
        "SELECT DISTINCT \"user\" FROM \"prosody\" WHERE \"host\" = $1 AND \"store\" = "
        "'pubsub_nodes' ORDER BY 1",
        {host_}, [&](SqlReader::Row row) { node(std::string(text_of(row[0]))); });
    const auto count = reader_->count(
        "SELECT count(*) FROM (SELECT DISTINCT \"host\", \"user\", \"key\" FROM \"prosody\" "
        "WHERE \"store\" = 'pep') AS own");
    carrier_.lose(own_nodes, count);
  }

 private:
  /// Some members of a node are in the row of an empty key, as one table.
  Term table_of(const std::string& name) {
    Term table{.kind = Term::Kind::table};
    reader_->query(
        "SELECT \"key\", \"type\", \"value\" FROM \"prosody\" WHERE \"host\" = $1 AND \"user\" = "
        "$2 "
        "AND \"store\" = 'pubsub_nodes' ORDER BY 1",
        {host_, name}, [&](SqlReader::Row row) {
          if (text_of(row[1]) != "json") return;
          TextSource text(fmt::format("{}: node {}", name_, encoded(name, " -_.:/")),
                          std::string(text_of(row[2])));
          table.members.emplace_back(text_of(row[0]), read_json_term(text));
        });
    return table;
  }

  void node(const std::string& name) {
    const auto value = table_of(name);
    const ProsodyNode node{.name = name,
                           .config = value.member("config"),
                           .affiliations = value.member("affiliations"),
                           .subscribers = value.member("subscribers")};
    const auto store = "pubsub_" + name;
    const auto first = reader_->value(
        "SELECT min(\"when\") FROM \"prosodyarchive\" WHERE \"host\" = $1 AND \"user\" = '' AND "
        "\"store\" = $2",
        {host_, store});
    if (!carry_prosody_node(node, time_of_seconds(first), carrier_)) return;
    reader_->query(
        "SELECT \"key\", \"when\", \"with\", \"type\", \"value\" FROM \"prosodyarchive\" "
        "WHERE \"host\" = $1 AND \"user\" = '' AND \"store\" = $2 ORDER BY \"sort_id\"",
        {host_, store}, [&](SqlReader::Row row) { item(row); });
  }

  void item(SqlReader::Row row) {
    std::optional<std::string> payload;
    if (text_of(row[3]) == "xml") payload = text_of(row[4]);
    carrier_.item({.id = std::string(text_of(row[0])),
                   .publisher = std::string(text_of(row[2])),
                   .created = time_of_seconds(text_of(row[1])),
                   .published = {},
                   .payload = std::move(payload)});
  }

  std::string name_;
  std::unique_ptr<SqlReader> reader_;
  std::string host_;
  Carrier carrier_;
};

}  // namespace

void read_prosody(const std::string& source, const ForeignOptions& options, Sink& sink) {
  std::error_code unknown;
  if (fs::is_directory(source, unknown))
    Files(source, options, sink).read();
  else
    Tables(source, options, sink).read();
}

}  // namespace crier::transfer
