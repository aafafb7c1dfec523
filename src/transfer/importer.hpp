#pragma once
/// Records into a store.
///
/// What is not there is added, what is there and the same stays: to import twice is to import once.
/// What is there and differs is kept, replaced, or ends the import, as told. Nothing is removed,
/// but what an item displaces at a node that is full. Nobody is notified of what is imported.
///
/// What is compared: of a node its configuration and its collections; of a subscription its state
/// and options; of an item its payload, its publisher and its times. A subscription is known by its
/// SubID, or else by its JID, state and options.

#include "storage/sqlite_store.hpp"
#include "transfer/json_line.hpp"
#include "transfer/local_work.hpp"
#include "transfer/record.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crier::transfer {

/// What becomes of what is there and differs.
enum class OnConflict { keep, replace, fail };

struct ImportOptions {
  OnConflict on_conflict = OnConflict::keep;
  /// Do all of it, and undo it at the end.
  bool dry_run = false;
  /// A node's items do not come right behind its subscriptions.
  bool items_apart = false;
  /// Whether the service keeps a name for itself, so that no client could create a node of it: such
  /// nodes are told of as lost. Empty: none is kept.
  std::function<bool(std::string_view name)> is_kept_name = {};
  /// When it is, and what the audit log is told if something is changed.
  LocalWork work = {};
};

/// What has become of the records of one kind.
struct Tally {
  std::uint64_t added = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t replaced = 0;
  /// There, and other than the record.
  std::uint64_t kept = 0;
  bool operator==(const Tally&) const = default;
};

struct ImportSummary {
  /// In the order of Record's kinds.
  std::array<Tally, std::variant_size_v<Record>> tallies{};
  /// What could not be carried, and how often.
  std::map<std::string, std::uint64_t, std::less<>> lost;
};

/// Writes in one transaction: an import that ends early, however it ends, has changed nothing, and
/// can be repeated. Memory is bounded by the largest node, without its items; what is imported
/// takes its room in the database's write-ahead log first.
class Importer : public Sink {
 public:
  Importer(SqliteStore& store, const ImportOptions& options);
  ~Importer() override;
  Importer(const Importer&) = delete;
  Importer& operator=(const Importer&) = delete;

  /// Throws Fault (EX_DATAERR) for what no service could hold, and for a conflict if told so.
  void take(const Record& record) override;
  void lose(std::string_view what) override;
  /// Behind the last record: nothing is written before. May throw as take() does.
  void finish();

  const ImportSummary& summary() const { return summary_; }

 private:
  enum class Outcome { added, unchanged, replaced, kept };

  /// A text that was prepared, so that the same one need not be prepared again.
  struct Prepared {
    std::string raw;
    std::string text;
  };
  /// A subscription whose cursor or digest begins behind the items.
  struct Unsettled {
    NodeKey node;
    SubscriptionId subscription{};
    std::optional<std::uint64_t> behind;
    bool digest = false;
  };
  /// A node and a collection that has not come yet.
  struct Unassociated {
    NodeKey child;
    std::string parent;
    /// The node was there, outside of the collection, and the same otherwise: policy is asked.
    bool is_conflict = false;
  };

  Outcome import(const ServiceRecord& service);
  Outcome import(const RedirectRecord& redirect);
  Outcome import(const NodeRecord& record);
  Outcome import(const AffiliationRecord& entry);
  Outcome import(const SubscriptionRecord& entry);
  Outcome import(const ItemRecord& item);
  Outcome import(const ContactRecord& entry);

  static void count(Tally& tally, Outcome outcome);
  template <class Kind>
  Tally& tally_of() {
    return summary_.tallies[Record(Kind()).index()];
  }
  /// Redirects and nodes belong to a service.
  void check_host() const;
  bool is_kept_name(const std::string& name) const;

  /// What policy says of something that is there and differs; `replace` does it.
  Outcome conflict(const std::string& what, const std::function<void()>& replace);

  // Nodes.
  /// False when the node is one that is not carried.
  bool enter(const std::string& name);
  void leave();
  Outcome create(const NodeRecord& record, NodeConfig config);
  Outcome compare(const NodeRecord& record, const NodeConfig& config);
  void associate(const NodeKey& child, const std::string& parent);
  /// Behind the last record: those whose collections had not come.
  void associate_late();
  void lose_place_in_leaf();
  /// Whether `node` is `above`, or a collection that it is in is.
  bool is_below(const NodeKey& node, const std::string& above);

  // Subscriptions.
  Outcome add_subscription(const SubscriptionRecord& entry, std::string_view jid,
                           const SubscriptionOptions& options);
  void set_options(SubscriptionId id, const SubscriptionOptions& options);
  /// All that wait for it. Linear in them and in the items that they are behind.
  void settle();
  /// Those of one node.
  void settle(std::span<const Unsettled> subscriptions);

  // Items.
  bool make_room(const ItemRecord& item);
  void schedule_expiry();

  const std::string& prepared_name(Prepared& cache, const std::string& raw);
  const std::string& prepared_bare(Prepared& cache, const std::string& raw);

  void note_untold();
  /// Leaves an entry in the audit log.
  void note_work();

  SqliteStore& store_;
  ImportOptions options_;
  ImportSummary summary_;
  std::string host_;
  std::shared_ptr<Node> node_;
  bool items_added_ = false;
  /// Subscriptions of `node_` that this import has added.
  std::set<SubscriptionId> added_subscriptions_;
  std::vector<Unsettled> unsettled_;
  std::vector<Unassociated> unassociated_;
  Prepared name_, publisher_;
  bool is_open_ = false;
};

/// Throws Fault (EX_DATAERR) when `text` has characters that XML can not carry; `what` names it.
void check_text(std::string_view text, std::string_view what);

}  // namespace crier::transfer
