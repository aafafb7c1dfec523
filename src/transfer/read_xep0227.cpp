/// Files of XEP-0227, read as they come: an element that holds entries is never held as a whole,
/// only its entries are.
///
///     server-data > host > pubsub (owner)  > configure, affiliations > affiliation,
///                                            subscriptions > subscription
///                        > pubsub          > items > item

#include <crier/fault.hpp>
#include <crier/form.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "base/expat_parser.hpp"
#include "base/tree_builder.hpp"
#include "pubsub/names.hpp"
#include "transfer/export.hpp"
#include "transfer/import_file.hpp"
#include "transfer/input_file.hpp"

#include <fmt/format.h>
#include <sysexits.h>

#include <charconv>
#include <optional>

namespace crier::transfer {

namespace {

constexpr std::size_t piece_bytes = std::size_t{1} << 20;
/// Of one entry, as of a stanza; expat counts its bytes for itself.
constexpr XmlLimits entry_limits{.max_children = 1'000'000};
constexpr std::string_view xinclude_ns = "http://www.w3.org/2001/XInclude";

class Xep0227Reader : private expat::Handlers {
 public:
  Xep0227Reader(const Source& source, Time now, Sink& sink)
      : source_(source), now_(now), sink_(sink), builder_(entry_limits) {
    using expat::Callback;
    parser = expat::make_parser();
    XML_SetUserData(parser.get(), this);
    XML_SetElementHandler(parser.get(), Callback<&Xep0227Reader::on_start>::call,
                          Callback<&Xep0227Reader::on_end>::call);
    XML_SetCharacterDataHandler(parser.get(), Callback<&Xep0227Reader::on_text>::call);
    XML_SetStartDoctypeDeclHandler(parser.get(), Callback<&Xep0227Reader::on_doctype>::call);
  }

  void read() {
    InputFile file(source_.file);
    std::string buffer(piece_bytes, '\0');
    for (auto piece = file.read(buffer); !piece.empty(); piece = file.read(buffer)) {
      if (file.at() == piece.size() && expat::is_utf16(piece)) refuse("it is not UTF-8");
      parse(piece, false);
      if (source_.progress) source_.progress(file.at(), file.size());
    }
    parse({}, true);
  }

 private:
  template <auto member>
  friend struct expat::Callback;

  /// What the elements around are, from the outermost.
  enum class Level { file, server_data, host, owner, entries, items };
  struct Open {
    Level level;
    /// All that are in effect in it.
    std::vector<std::pair<std::string, std::string>> declarations;
  };

  void parse(std::string_view piece, bool last) {
    const auto status = XML_Parse(parser.get(), piece.data(), static_cast<int>(piece.size()), last);
    if (thrown) {
      try {
        std::rethrow_exception(std::exchange(thrown, nullptr));
      } catch (const Fault& fault) {
        throw Fault(fault.status(), where() + fault.what());
      }
    }
    if (status != XML_STATUS_OK)
      throw Fault(EX_DATAERR, where() + XML_ErrorString(XML_GetErrorCode(parser.get())));
  }

  std::string where() const {
    return fmt::format("{}, line {}: ", source_.file.native(),
                       XML_GetCurrentLineNumber(parser.get()));
  }
  [[noreturn]] static void refuse(std::string_view why) {
    throw Fault(EX_DATAERR, std::string(why));
  }

  void on_doctype(const char*, const char*, const char*, int) { refuse("a DTD is not allowed"); }
  void on_text(const char* text, int size) {
    if (thrown || builder_.depth() == 0) return;
    check_size();
    builder_.text({text, static_cast<std::size_t>(size)});
  }

  void on_start(const char* name, const char** attributes) {
    if (thrown) return;  // expat ends what it has begun.
    if (skipped_ > 0) return void(++skipped_);
    if (builder_.depth() > 0) return begin_element(name, attributes);
    put_inside();
    begin_element(name, attributes);
    const auto header = builder_.header(0);
    open(header.root(), name, attributes);
  }

  void on_end(const char*) {
    if (thrown) return;
    if (skipped_ > 0) {
      --skipped_;
    } else if (builder_.depth() > 0) {
      builder_.end();
      if (builder_.depth() == 0) entry(builder_.finish(0).root());
    } else {
      if (open_.back().level == Level::owner) flush(service_);
      open_.pop_back();
    }
  }

  void begin_element(const char* name, const char** attributes) {
    if (builder_.depth() == 0) entry_at_ = XML_GetCurrentByteIndex(parser.get());
    check_size();
    if (builder_.start(name, attributes) != TreeBuilder::Outcome::taken) refuse(builder_.reason());
  }

  void check_size() {
    const auto size = XML_GetCurrentByteIndex(parser.get()) - entry_at_;
    if (static_cast<std::size_t>(size) > max_record_bytes) refuse("too large an entry");
  }

  /// The next tree is inside of the innermost element.
  void put_inside() {
    Element around;
    std::vector<Declaration> declarations;
    if (!open_.empty())
      for (const auto& [prefix, uri] : open_.back().declarations)
        declarations.push_back({prefix, uri});
    around.declarations = declarations;
    builder_.put_inside(around);
    builder_.begin();
  }

  void descend(Level level, const Element& element) {
    Open next{level, open_.empty() ? Open{}.declarations : open_.back().declarations};
    for (const auto& declaration : element.declarations) {
      std::erase_if(next.declarations,
                    [&](const auto& known) { return known.first == declaration.prefix; });
      next.declarations.emplace_back(declaration.prefix, declaration.uri);
    }
    open_.push_back(std::move(next));
  }

  /// An element whose header is read: goes into it, reads it as an entry, or passes it over.
  void open(const Element& element, const char* name, const char** attributes) {
    const auto read_entry = [&] {
      put_inside();
      begin_element(name, attributes);
    };
    if (element.ns == xinclude_ns) refuse("included files are not read; put them into one");
    switch (open_.empty() ? Level::file : open_.back().level) {
      case Level::file:
        if (!element.is("server-data", xep0227_ns)) refuse("this is not a file of XEP-0227");
        return descend(Level::server_data, element);
      case Level::server_data:
        if (!element.is("host", xep0227_ns)) return skip(element);
        service_ = element.attribute_or("jid", "");
        sink_.take(ServiceRecord{service_});
        return descend(Level::host, element);
      case Level::host:
        if (element.is("pubsub", ns::pubsub_owner)) return descend(Level::owner, element);
        if (element.is("pubsub", ns::pubsub)) return descend(Level::entries, element);
        return skip(element);
      case Level::owner:
        if (element.is("configure", ns::pubsub_owner)) return read_entry();
        if (!element.is("affiliations", ns::pubsub_owner) &&
            !element.is("subscriptions", ns::pubsub_owner))
          return skip(element);
        return enter_list(element);
      case Level::entries:
        return element.is("items", ns::pubsub) ? enter_list(element) : skip(element);
      case Level::items: return read_entry();
    }
  }

  void enter_list(const Element& element) {
    node_ = element.attribute_or("node", "");
    descend(Level::items, element);
  }

  void skip(const Element& element) {
    sink_.lose(fmt::format("an element <{} xmlns='{}'/>", element.name, element.ns));
    skipped_ = 1;
  }

  void entry(const Element& element) {
    if (element.is("configure", ns::pubsub_owner)) return node(element);
    if (element.is("affiliation", ns::pubsub_owner)) return affiliation(element);
    if (element.is("subscription", ns::pubsub_owner)) return subscription(element);
    if (element.is("item", ns::pubsub)) return item(element);
    sink_.lose(fmt::format("an element <{} xmlns='{}'/>", element.name, element.ns));
  }

  static std::string own(const Element& element, std::string_view name) {
    return std::string(element.attribute(name, transfer_ns).value_or(""));
  }
  Time own_time(const Element& element, std::string_view name, Time missing) const {
    const auto text = element.attribute(name, transfer_ns);
    if (!text) return missing;
    const auto time = parse_datetime(*text);
    if (!time) refuse(fmt::format("{} is not a time", *text));
    return *time;
  }

  static Fields fields_in(const Element& element) {
    Fields fields;
    const auto* x = element.child("x", ns::data_forms);
    if (!x) return fields;
    for (const auto& field : x->children()) {
      const auto var = field.attribute_or("var", "");
      if (field.name != "field" || var.empty() || var == "FORM_TYPE") continue;
      auto& values = fields[std::string(var)];
      for (const auto& value : field.children())
        if (value.name == "value") values.push_back(value.text());
    }
    return fields;
  }

  void node(const Element& element) {
    NodeRecord record{.node = std::string(element.attribute_or("node", "")),
                      .creator = own(element, "creator"),
                      .created = own_time(element, "created", now_),
                      .config = fields_in(element)};
    if (const auto type = record.config.extract("pubsub#node_type"))
      if (type.mapped() == std::vector<std::string>{"collection"})
        record.type = NodeType::collection;
    record.config.erase("pubsub#children");
    if (auto parents = record.config.extract("pubsub#collection"))
      for (auto& parent : parents.mapped())
        if (!parent.empty()) record.parents.push_back(std::move(parent));
    normalise(record, [this](std::string_view what) { sink_.lose(what); });
    flush(service_);
    if (record.creator.empty())
      without_creator_ = std::move(record);
    else
      sink_.take(record);
  }

  void affiliation(const Element& element) {
    const auto affiliation = affiliation_named(element.attribute_or("affiliation", ""));
    if (!affiliation) refuse("there is no such affiliation");
    AffiliationRecord record{node_, std::string(element.attribute_or("jid", "")), *affiliation};
    if (*affiliation == Affiliation::none) return;
    if (!without_creator_ || without_creator_->node != node_) return sink_.take(record);
    affiliations_.push_back(record);
    if (*affiliation == Affiliation::owner) flush(record.jid);
  }

  /// XEP-0227 does not tell who has created a node: its first owner will do, or else the service.
  void flush(const std::string& creator) {
    if (!without_creator_) return;
    without_creator_->creator = creator;
    sink_.take(*std::exchange(without_creator_, {}));
    for (const auto& affiliation : std::exchange(affiliations_, {})) sink_.take(affiliation);
  }

  void subscription(const Element& element) {
    const auto name = element.attribute_or("subscription", "subscribed");
    const auto state = subscription_state_named(name);
    if (!state && name != "none") refuse("there is no such state of a subscription");
    if (!state) return;
    SubscriptionRecord record{.node = node_,
                              .jid = std::string(element.attribute_or("jid", "")),
                              .state = *state,
                              .subid = std::string(element.attribute_or("subid", "")),
                              .created = own_time(element, "created", now_),
                              .options = {},
                              .behind = {}};
    flush(service_);
    if (const auto* options = element.child("options", transfer_ns))
      record.options = fields_in(*options);
    if (const auto behind = own(element, "behind"); !behind.empty()) {
      std::uint64_t count = 0;
      std::from_chars(behind.data(), behind.data() + behind.size(), count);
      record.behind = count;
    }
    normalise(record, [this](std::string_view what) { sink_.lose(what); });
    sink_.take(record);
  }

  void item(const Element& element) {
    ItemRecord record{.node = node_,
                      .id = std::string(element.attribute_or("id", "")),
                      .publisher = std::string(element.attribute_or("publisher", "")),
                      .created = own_time(element, "created", now_),
                      .published = {},
                      .payload = {}};
    record.published = own_time(element, "published", record.created);
    // Of full JIDs, which other services write, the account counts.
    record.publisher = record.publisher.empty() ? service_ : std::string(bare_of(record.publisher));
    if (const auto* payload = element.first_child()) record.payload = to_xml(*payload);
    sink_.take(record);
  }

  const Source& source_;
  const Time now_;
  Sink& sink_;
  TreeBuilder builder_;
  std::vector<Open> open_;
  /// How many elements are open that are passed over.
  std::size_t skipped_ = 0;
  XML_Index entry_at_ = 0;
  /// The node that the entries of the open list are of.
  std::string node_;
  std::string service_;
  /// A node whose owner has not come yet, with the affiliations that have.
  std::optional<NodeRecord> without_creator_;
  std::vector<AffiliationRecord> affiliations_;
};

}  // namespace

void read_xep0227(const Source& source, Time now, Sink& sink) {
  Xep0227Reader(source, now, sink).read();
}

}  // namespace crier::transfer
