#include "transfer/random_store.hpp"

#include <crier/xml_writer.hpp>

#include "transfer/importer.hpp"

#include <fmt/format.h>

#include <iterator>
#include <string_view>

namespace crier::transfer::test {

std::vector<Record> RandomStore::records() {
  std::vector<Record> records{ServiceRecord{"pubsub.a.example"}};
  for (unsigned i = 0; i < below(3); ++i)
    records.push_back(RedirectRecord{fmt::format("gone {}", i), "xmpp:b.example?;node=" + text()});
  const unsigned collections = below(4);
  for (unsigned i = 0; i < collections; ++i) node(records, i, true);
  for (unsigned i = 0; i < 1 + below(6); ++i) node(records, 10 + i, false);
  for (unsigned i = 0; i < below(3); ++i)
    records.push_back(ContactRecord{jid(i), {.sees_us = below(2) > 0, .seen = true}});
  return records;
}

Time RandomStore::time() {
  return Time(std::chrono::microseconds(1'700'000'000'000'000 + random_() % 1'000'000'000));
}

std::string RandomStore::jid(unsigned number) {
  return fmt::format("user{}@b.example", number);
}

std::string RandomStore::text() {
  constexpr std::string_view parts[] = {"a", "é", "<&>'\"", "\t\n", "\\", "x=1;", "𝄞", "\x7f"};
  std::string text = "t";
  for (unsigned i = 0; i < below(5); ++i) text += parts[below(std::size(parts))];
  return text;
}

void RandomStore::node(std::vector<Record>& records, unsigned number, bool collection) {
  NodeRecord node{.node = fmt::format("node é {}", number),
                  .type = collection ? NodeType::collection : NodeType::leaf,
                  .creator = jid(below(5)),
                  .created = time()};
  if (below(2)) node.config["pubsub#title"] = {text()};
  if (below(2)) node.config["pubsub#access_model"] = {"whitelist"};
  if (below(3) == 0) node.config["pubsub#contact"] = {jid(1), jid(0)};
  if (below(3) == 0) node.config["pubsub#item_expire"] = {"86400000"};
  if (below(3) == 0) node.config["x-durable"] = {"1"};
  // Only nodes before it: no circle.
  if (number > 0 && number < 10 && below(2)) node.parents = {"node é 0"};
  records.push_back(node);
  for (unsigned i = 0; i < 1 + below(4); ++i)
    records.push_back(AffiliationRecord{node.node, jid(i), Affiliation(1 + below(5))});
  for (unsigned i = 0; i < below(5); ++i) subscription(records, node);
  if (collection) return;
  for (unsigned i = 0; i < below(30); ++i) item(records, node, i);
}

void RandomStore::subscription(std::vector<Record>& records, const NodeRecord& node) {
  SubscriptionRecord entry{.node = node.node,
                           .jid = jid(below(3)) + (below(2) ? "" : "/résource"),
                           .state = SubscriptionState(below(3)),
                           .subid = subid_of(SubscriptionId{++subid_}),
                           .created = time()};
  if (below(2)) entry.options["pubsub#deliver"] = {"0"};
  if (below(2)) entry.options["pubsub#expire"] = {"2030-01-01T00:00:00Z"};
  if (below(3) == 0) entry.options["x-durable"] = {"1"};
  if (entry.options.contains("x-durable") && below(2)) entry.behind = 0;
  records.push_back(entry);
}

void RandomStore::item(std::vector<Record>& records, const NodeRecord& node, unsigned number) {
  ItemRecord item{.node = node.node,
                  .id = fmt::format("{} {}", text(), number),
                  .publisher = jid(below(5)),
                  .created = time(),
                  .published = time()};
  if (below(5) > 0) {
    std::string xml = "<entry xmlns='u:e' title='";
    append_attribute_value(xml, text());
    xml += "'>";
    append_text(xml, text());
    item.payload = *normal_payload(xml + "<p:c xmlns:p='u:p'/></entry>");
  }
  records.push_back(item);
}

}  // namespace crier::transfer::test
