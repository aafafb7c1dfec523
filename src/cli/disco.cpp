#include "cli/disco.hpp"

#include <crier/fault.hpp>

#include <algorithm>
#include <iterator>

#include "cli/exit_status.hpp"

namespace crier::cli {

namespace {

/// A list that is longer never ends: a million nodes are more than any service has.
constexpr std::size_t max_entries = 10'000'000;

}  // namespace

std::vector<DiscoItem> discover_all_items(ClientSession& session, const std::string& node) {
  std::vector<DiscoItem> items;
  std::string after;
  while (true) {
    auto page = read_disco_page(session.request(discover_items(node, after)).root());
    const bool empty = page.items.empty();
    std::ranges::move(page.items, std::back_inserter(items));
    // A service that does not page answers everything at once, without saying what was last.
    if (empty || page.last.empty() || page.last == after) return items;
    if (items.size() > max_entries)
      throw Fault(exit_status::bad_data, "the list of the service does not end");
    after = std::move(page.last);
  }
}

}  // namespace crier::cli
