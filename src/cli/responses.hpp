#pragma once
/// What a service answers, as values. XEP-0060, XEP-0030, XEP-0050, XEP-0059. Whatever an answer
/// lacks is empty here: a service that leaves out what it need not say is not an error.

#include <crier/element.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/forms.hpp"

namespace crier::cli {

/// An entry of disco#items: a node of the service, or an item of a node (then its id is `name`).
struct DiscoItem {
  std::string jid;
  std::string node;
  std::string name;
};

/// A page of disco#items.
struct DiscoPage {
  std::vector<DiscoItem> items;
  /// What the next page comes after; empty when the service does not page. XEP-0059 §2.2.
  std::string last;
};

DiscoPage read_disco_page(const Element& iq);

/// disco#info of a node. XEP-0060 §5.3, §5.4.
struct NodeInfo {
  /// `leaf` or `collection`.
  std::string type;
  std::string name;
  Form metadata;
};

NodeInfo read_node_info(const Element& iq);

/// The form of `<configure/>`, `<default/>` or `<options/>`. §6.3, §8.2, §8.3.
Form read_configuration(const Element& iq);

/// The name of a node that was created, empty when the answer does not name it. §8.1.2, §8.1.3.
std::string read_created_node(const Element& iq);

/// One item, as it is retrieved, published or notified of.
struct Item {
  std::string id;
  std::string publisher;
  /// XML; nothing when the item came without.
  std::optional<std::string> payload;
};

Item read_item(const Element& item);
/// The items of `<items/>` or of `<publish/>`. §6.5, §7.1.2.
std::vector<Item> read_items(const Element& iq);

/// Where a page of items begins and ends; empty when the service does not page. XEP-0059 §2.2
struct PageEnds {
  std::string first;
  std::string last;
};

PageEnds read_page_ends(const Element& iq);

struct Subscription {
  std::string node;
  std::string jid;
  /// `subscribed`, `pending` or `unconfigured`.
  std::string state;
  std::string subid;
};

Subscription read_subscription(const Element& subscription);
/// Subscriptions, one's own or everybody's, and the one of a `<subscribe/>`. §5.6, §6.1.2, §8.8.1.
std::vector<Subscription> read_subscriptions(const Element& iq);

struct Affiliation {
  std::string node;
  std::string jid;
  std::string affiliation;
};

/// Affiliations, one's own or everybody's. §5.7, §8.9.1.
std::vector<Affiliation> read_affiliations(const Element& iq);

/// What the service says to people about a stage. XEP-0050 §4.3
struct CommandNote {
  /// `info`, `warn` or `error`.
  std::string type;
  std::string text;
};

/// What the service answers at one stage of a command. Whatever it leaves out is empty here.
struct CommandAnswer {
  /// `executing`, `completed` or `canceled`.
  std::string status;
  std::string session;
  /// The form to be filled in, or the result.
  Form form;
  /// The items of the result.
  FormTable table;
  std::vector<CommandNote> notes;

  bool is_executing() const { return status == "executing"; }
  /// The texts of the notes of that type, in one line; empty for none.
  std::string notes_of(std::string_view type) const;
};

/// The `<command/>` inside of `iq`.
CommandAnswer read_command_answer(const Element& iq);

}  // namespace crier::cli
