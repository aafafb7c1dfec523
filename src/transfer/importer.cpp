/// The frame of an import: its transaction, and the records that stand for themselves.
/// import_node.cpp, import_subscription.cpp and import_item.cpp have what belongs to nodes.

#include "transfer/importer.hpp"

#include <crier/fault.hpp>

#include "transfer/audit_note.hpp"

#include <fmt/format.h>
#include <sysexits.h>

#include <algorithm>
#include <limits>

namespace crier::transfer {

void check_text(std::string_view text, std::string_view what) {
  const auto refuse = [&](std::string_view why) {
    throw Fault(EX_DATAERR, fmt::format("{} {}", what, why));
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r')
      refuse("has a control character, which XML can not carry");
    if (byte == 0xef &&
        (text.substr(i, 3) == "\xef\xbf\xbe" || text.substr(i, 3) == "\xef\xbf\xbf"))
      refuse("has a character that XML can not carry");
  }
}

Importer::Importer(SqliteStore& store, const ImportOptions& options)
    : store_(store), options_(options) {
  store_.begin();
  is_open_ = true;
  note_untold();
}

Importer::~Importer() {
  if (is_open_) store_.rollback();
}

/// Items that a process which was killed has left untold: each is noted as an event that nobody has
/// heard of, because all up to the last that is imported counts as told.
void Importer::note_untold() {
  const auto progress = store_.fanout_progress();
  std::vector<std::pair<NodeId, Seq>> untold;
  const Seq first{static_cast<std::int64_t>(progress.told) + 1};
  constexpr Seq end{std::numeric_limits<std::int64_t>::max()};
  store_.items_of_all(first, end, [&](NodeId node, const StoredItem& item) {
    untold.emplace_back(node, item.seq);
  });
  for (const auto& [id, seq] : untold) {
    const auto key = store_.key_of(id);
    if (!key) continue;
    std::set<std::string> told;
    std::vector<std::string> above{key->name};
    while (!above.empty()) {
      const auto name = std::move(above.back());
      above.pop_back();
      const auto node = told.insert(name).second ? store_.load({key->host, name}) : nullptr;
      if (!node) continue;
      store_.set_fanout({node->id, seq, seq, SubscriptionId{}});
      for (const auto& parent : node->config.collection.names) above.push_back(parent);
    }
  }
}

void Importer::lose(std::string_view what) {
  const auto found = summary_.lost.find(what);
  if (found != summary_.lost.end())
    ++found->second;
  else
    summary_.lost.emplace(what, 1);
}

void Importer::take(const Record& record) {
  const auto outcome =
      std::visit([this](const auto& of_its_kind) { return import(of_its_kind); }, record);
  count(summary_.tallies[record.index()], outcome);
}

void Importer::count(Tally& tally, Outcome outcome) {
  switch (outcome) {
    case Outcome::added: ++tally.added; break;
    case Outcome::unchanged: ++tally.unchanged; break;
    case Outcome::replaced: ++tally.replaced; break;
    case Outcome::kept: ++tally.kept; break;
  }
}

void Importer::finish() {
  leave();
  associate_late();
  settle();
  // Nobody is told of what was imported.
  if (store_.last_seq() != Seq{}) store_.set_told(store_.last_seq());
  note_work();
  options_.dry_run ? store_.rollback() : store_.commit();
  is_open_ = false;
}

void Importer::note_work() {
  const auto is_change = [](const Tally& tally) { return tally.added + tally.replaced > 0; };
  if (options_.work.user.empty() || std::ranges::none_of(summary_.tallies, is_change)) return;
  store_.append_audit(import_entry(options_.work, host_, summary_));
}

Importer::Outcome Importer::conflict(const std::string& what,
                                     const std::function<void()>& replace) {
  if (options_.on_conflict == OnConflict::keep) return Outcome::kept;
  if (options_.on_conflict == OnConflict::fail)
    throw Fault(EX_DATAERR, fmt::format("{} is there already and differs; say --on-conflict keep "
                                        "or replace",
                                        what));
  replace();
  return Outcome::replaced;
}

const std::string& Importer::prepared_name(Prepared& cache, const std::string& raw) {
  if (cache.raw == raw && !raw.empty()) return cache.text;
  auto name = prepare_resource(raw);
  if (!name) throw Fault(EX_DATAERR, fmt::format("\"{}\" can not be the name of a node", raw));
  cache = {raw, *std::move(name)};
  return cache.text;
}

const std::string& Importer::prepared_bare(Prepared& cache, const std::string& raw) {
  if (cache.raw == raw && !raw.empty()) return cache.text;
  const auto jid = Jid::parse(raw);
  if (!jid || !jid->is_bare())
    throw Fault(EX_DATAERR, fmt::format("\"{}\" is not a bare JID", raw));
  cache = {raw, jid->text()};
  return cache.text;
}

Importer::Outcome Importer::import(const ServiceRecord& service) {
  leave();
  const auto jid = Jid::parse(service.jid);
  if (!jid || !jid->is_bare() || !jid->local().empty())
    throw Fault(EX_DATAERR, fmt::format("\"{}\" is not the domain of a service", service.jid));
  host_ = jid->text();
  return Outcome::unchanged;
}

void Importer::check_host() const {
  if (host_.empty())
    throw Fault(EX_DATAERR,
                "the record of the service must come before those of its nodes and redirects");
}

bool Importer::is_kept_name(const std::string& name) const {
  return options_.is_kept_name && options_.is_kept_name(name);
}

Importer::Outcome Importer::import(const RedirectRecord& redirect) {
  leave();
  check_host();
  const NodeKey key{host_, prepared_name(name_, redirect.node)};
  check_text(redirect.uri, "the URI");
  if (is_kept_name(key.name)) {
    lose("a redirect of a name that the service keeps for itself");
    return Outcome::kept;
  }
  const auto there = store_.redirect(key);
  if (there == redirect.uri) return Outcome::unchanged;
  const auto what = fmt::format("the redirect of {}", key.name);
  const auto set = [&] { store_.set_redirect(key, redirect.uri); };
  if (there) return conflict(what, set);
  // A node of that name counts.
  if (store_.summary(key, {})) return conflict(what, [] {});
  set();
  return Outcome::added;
}

Importer::Outcome Importer::import(const ContactRecord& entry) {
  Prepared jid;
  const auto& bare = prepared_bare(jid, entry.jid);
  const auto there = store_.contact(bare);
  if (there == entry.contact) return Outcome::unchanged;
  const auto set = [&] { store_.set_contact(bare, entry.contact); };
  if (there != Contact()) return conflict(fmt::format("the contact {}", bare), set);
  set();
  return Outcome::added;
}

}  // namespace crier::transfer
