#include "pubsub/batch.hpp"

#include <crier/errors.hpp>
#include <crier/xml_writer.hpp>

#include "pubsub/stanza.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace crier {

namespace {

/// The start tag of `stanza` as an element without content.
std::string header_of(const Element& stanza) {
  return written([&](XmlWriter& out) {
    auto header = out.open(stanza.name);
    for (const auto& attribute : stanza.attributes)
      if (attribute.ns.empty()) header.attr(attribute.name, attribute.value);
  });
}

void append(Effects& all, Effects more) {
  std::ranges::move(more.stanzas, std::back_inserter(all.stanzas));
  std::ranges::move(more.broadcasts, std::back_inserter(all.broadcasts));
}

}  // namespace

Batch::Batch(const Service& service, Store& store, NodeCache& nodes, World world, Complain complain)
    : service_(service),
      store_(store),
      nodes_(nodes),
      world_(std::move(world)),
      complain_(std::move(complain)) {
  if (world_.last_event == 0)
    world_.last_event = static_cast<std::uint64_t>(world_.now().time_since_epoch().count());
}

void Batch::handle(Document stanza) {
  add({std::move(stanza), {}});
}

void Batch::refuse_oversized(Document header, std::string_view reason) {
  add({std::move(header), std::string(reason)});
}

void Batch::add(Entry entry) {
  const bool first = entries_.empty();
  entries_.push_back(std::move(entry));
  if (outcome_ == Outcome::good) outcome_ = answer(entries_.back(), first);
}

Batch::Outcome Batch::answer(const Entry& entry, bool begin) {
  const Element& stanza = entry.stanza.root();
  try {
    if (begin) store_.begin();
    Turn turn(service_, store_, nodes_, effects_, world_);
    if (entry.oversized.empty())
      service_.handle(stanza, turn);
    else
      service_.refuse_oversized(stanza, entry.oversized, turn);
    return Outcome::good;
  } catch (const StoreFailure& failure) {
    complain_(failure.what(), {});
    return Outcome::store_failure;
  } catch (const std::exception& defect) {
    complain_(defect.what(), header_of(stanza));
    return Outcome::defect;
  }
}

Batch::Outcome Batch::commit_transaction() {
  try {
    for (const Node* node : nodes_.touched())
      if (node->counts_changed()) store_.save_counts(*node);
    store_.commit();
    nodes_.settle();
    return Outcome::good;
  } catch (const StoreFailure& failure) {
    complain_(failure.what(), {});
    return Outcome::store_failure;
  }
}

Effects Batch::commit() {
  if (entries_.empty()) return {};
  if (outcome_ == Outcome::good) outcome_ = commit_transaction();
  if (outcome_ != Outcome::good) abandon();
  if (outcome_ == Outcome::defect) answer_each_alone();
  if (outcome_ == Outcome::store_failure)
    for (const auto& entry : entries_) refuse(entry, errors::resource_constraint, effects_);
  nodes_.trim();
  entries_.clear();
  outcome_ = Outcome::good;
  return std::exchange(effects_, {});
}

void Batch::abandon() {
  store_.rollback();
  nodes_.drop_touched();
  effects_ = {};
}

void Batch::answer_each_alone() {
  Effects all;
  for (const auto& entry : entries_) {
    auto outcome = answer(entry, true);
    if (outcome == Outcome::good) outcome = commit_transaction();
    if (outcome == Outcome::good) {
      append(all, std::exchange(effects_, {}));
      continue;
    }
    abandon();
    refuse(entry,
           outcome == Outcome::defect ? errors::internal_server_error : errors::resource_constraint,
           all);
  }
  effects_ = std::move(all);
}

void Batch::refuse(const Entry& entry, const ErrorKind& error, Effects& effects) const {
  const Element& stanza = entry.stanza.root();
  if (stanza.name == "iq" && may_be_refused(stanza))
    effects.stanzas.push_back(error_stanza(stanza, error));
}

bool Batch::sweep(std::size_t rows) {
  try {
    store_.begin();
    const bool more = store_.sweep(rows);
    store_.commit();
    return more;
  } catch (const StoreFailure& failure) {
    complain_(failure.what(), {});
    store_.rollback();
    return false;
  }
}

}  // namespace crier
