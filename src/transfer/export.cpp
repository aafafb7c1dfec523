#include "transfer/export.hpp"

#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "model/node_fields.hpp"
#include "model/subscription_fields.hpp"
#include "pubsub/names.hpp"

namespace crier::transfer {

namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;
constexpr std::uint64_t progress_items = 1000;

/// Gathers what is written into large pieces.
class Buffered {
 public:
  explicit Buffered(const Output& output) : output_(output) {
    buffer_.reserve(buffer_bytes + buffer_bytes / 4);
  }

  std::string& text() { return buffer_; }
  const Counts& counts() const { return counts_; }
  /// After each record: hands on what is enough.
  void count(const Record& record) {
    ++counts_[record.index()];
    flush_if(buffer_bytes);
    const auto items = counts_[Record(std::in_place_type<ItemRecord>).index()];
    if (output_.progress && items % progress_items == 0) output_.progress(items);
  }
  void finish() { flush_if(1); }

 private:
  void flush_if(std::size_t enough) {
    if (buffer_.size() < enough) return;
    output_.write(buffer_);
    buffer_.clear();
  }

  const Output& output_;
  std::string buffer_;
  Counts counts_{};
};

/// Writes the elements of one host.
class Xep0227Writer {
 public:
  explicit Xep0227Writer(std::string& out) : out_(out) {}

  void take(const ServiceRecord&) {}
  void take(const RedirectRecord&) {}
  void take(const ContactRecord&) {}
  void take(const NodeRecord& node);
  void take(const AffiliationRecord& entry);
  void take(const SubscriptionRecord& entry);
  void take(const ItemRecord& item);
  /// The items come next: nodes are configured no more.
  void begin_items() { in_items_ = true; }
  /// Closes the list that is open.
  void close_list();

 private:
  void open_list(std::string_view name, const std::string& node);
  void attribute(std::string_view name, std::string_view value);
  template <class Config>
  void form(std::string_view form_type, std::span<const Field<Config>> table, const Config& config);

  std::string& out_;
  /// The element that entries are written into; empty for none.
  std::string list_;
  bool in_items_ = false;
};

void Xep0227Writer::attribute(std::string_view name, std::string_view value) {
  ((out_ += ' ') += name) += "='";
  append_attribute_value(out_, value);
  out_ += '\'';
}

void Xep0227Writer::open_list(std::string_view name, const std::string& node) {
  if (list_ == name) return;
  close_list();
  list_ = name;
  (out_ += '<') += name;
  attribute("node", node);
  out_ += ">\n";
}

void Xep0227Writer::close_list() {
  if (list_.empty()) return;
  ((out_ += "</") += list_) += ">\n";
  list_.clear();
}

template <class Config>
void Xep0227Writer::form(std::string_view form_type, std::span<const Field<Config>> table,
                         const Config& config) {
  out_ += "<x xmlns='jabber:x:data' type='form'><field var='FORM_TYPE' type='hidden'><value>";
  out_ += form_type;
  out_ += "</value></field>";
  for (const auto& field : table) {
    // Another service has other defaults: all is said, but for what is empty.
    const auto values = field.get(config);
    if (values.empty() || field.var == "pubsub#children") continue;
    out_ += "<field";
    attribute("var", field.var);
    out_ += '>';
    for (const auto& value : values) {
      out_ += "<value>";
      append_text(out_, value);
      out_ += "</value>";
    }
    out_ += "</field>";
  }
  out_ += "</x>";
}

void Xep0227Writer::take(const NodeRecord& node) {
  close_list();
  if (in_items_) {
    // Each node has a list of items, even if it is empty.
    if (node.type == NodeType::leaf) open_list("items", node.node);
    return;
  }
  auto config = config_of(node);
  config.collection.names = node.parents;
  out_ += "<configure";
  attribute("node", node.node);
  attribute("crier:creator", node.creator);
  attribute("crier:created", format_datetime(node.created));
  out_ += '>';
  form(ns::node_config, node_fields(node.type), config);
  out_ += "</configure>\n";
}

void Xep0227Writer::take(const AffiliationRecord& entry) {
  open_list("affiliations", entry.node);
  out_ += "<affiliation";
  attribute("jid", entry.jid);
  attribute("affiliation", name_of(entry.affiliation));
  out_ += "/>\n";
}

void Xep0227Writer::take(const SubscriptionRecord& entry) {
  open_list("subscriptions", entry.node);
  out_ += "<subscription";
  attribute("jid", entry.jid);
  attribute("subscription", name_of(entry.state));
  if (!entry.subid.empty()) attribute("subid", entry.subid);
  attribute("crier:created", format_datetime(entry.created));
  if (entry.behind) attribute("crier:behind", std::to_string(*entry.behind));
  if (entry.options.empty()) {
    out_ += "/>\n";
    return;
  }
  out_ += "><crier:options>";
  form(ns::subscribe_options, subscription_fields(), options_of(entry));
  out_ += "</crier:options></subscription>\n";
}

void Xep0227Writer::take(const ItemRecord& item) {
  open_list("items", item.node);
  out_ += "<item";
  attribute("id", item.id);
  attribute("publisher", item.publisher);
  attribute("crier:created", format_datetime(item.created));
  attribute("crier:published", format_datetime(item.published));
  if (item.payload.empty())
    out_ += "/>\n";
  else
    ((out_ += '>') += item.payload) += "</item>\n";
}

/// The two parts of one host. XEP-0227 §4.10.1, §4.10.2
void write_host(Snapshot& snapshot, Selection selection, Buffered& out) {
  Xep0227Writer writer(out.text());
  const auto write = [&](const Record& record) {
    std::visit([&](const auto& of_its_kind) { writer.take(of_its_kind); }, record);
  };
  out.text() += "<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>\n";
  selection.parts = Selection::Parts::all_but_items;
  visit(snapshot, selection, [&](const Record& record) {
    write(record);
    if (!std::holds_alternative<RedirectRecord>(record)) out.count(record);
  });
  writer.close_list();
  writer.begin_items();
  out.text() += "</pubsub>\n<pubsub xmlns='http://jabber.org/protocol/pubsub'>\n";
  selection.parts = Selection::Parts::nodes_and_items;
  visit(snapshot, selection, [&](const Record& record) {
    write(record);
    if (std::holds_alternative<ItemRecord>(record)) out.count(record);
  });
  writer.close_list();
  out.text() += "</pubsub>\n";
}

}  // namespace

Counts export_json(Snapshot& snapshot, const Selection& selection, const Output& output) {
  Buffered out(output);
  append_header(out.text());
  visit(snapshot, selection, [&](const Record& record) {
    append_line(out.text(), record);
    out.count(record);
  });
  append_trailer(out.text(), out.counts());
  out.finish();
  return out.counts();
}

Counts export_xep0227(Snapshot& snapshot, const Selection& selection, const Output& output) {
  Buffered out(output);
  out.text() = "<?xml version='1.0' encoding='UTF-8'?>\n<server-data";
  (out.text() += " xmlns='") += xep0227_ns;
  ((out.text() += "' xmlns:crier='") += transfer_ns) += "'>\n";
  for (const auto& service : services(snapshot)) {
    out.text() += "<host jid='" + escape_attribute(service) + "'>\n";
    Selection of_service = selection;
    of_service.service = service;
    write_host(snapshot, of_service, out);
    out.text() += "</host>\n";
  }
  out.text() += "</server-data>\n";
  out.finish();
  return out.counts();
}

}  // namespace crier::transfer
