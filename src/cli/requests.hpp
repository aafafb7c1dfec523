#pragma once
/// What the commands ask of a service, as XML. XEP-0060, XEP-0030, XEP-0059.

#include <crier/jid.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cli/forms.hpp"

namespace crier::cli {

/// What a request is about, for the messages that tell why it was refused.
struct Subject {
  std::string node;
  std::string item = {};
};

/// An IQ without its envelope.
struct Request {
  enum class Type { get, set };

  Type type = Type::get;
  /// The one child of the IQ.
  std::string payload;
  Subject about = {};
};

/// The IQ that asks `service` for `request`.
std::string to_iq(const Request& request, const Jid& service, std::string_view id);

/// How many entries a page of a list has, and one of items with their payloads.
inline constexpr int page_size = 250, item_page_size = 50;

/// XEP-0030 §3.
Request discover_info(std::string_view node);
/// The nodes of the service, or the items of `node` if that is not empty; the page after the entry
/// `after`, if that is not empty. XEP-0060 §5.2, §5.5; XEP-0059 §2.2.
Request discover_items(std::string_view node, std::string_view after);

/// §8.3
Request default_configuration();
/// §8.2
Request configuration(std::string_view node);
/// §8.2
Request configure_node(std::string_view node, std::span<const Setting> settings);
/// `node` is empty for a name that the service chooses. §8.1
Request create_node(std::string_view node, std::span<const Setting> settings);
/// §8.4
Request delete_node(std::string_view node);
/// §8.5
Request purge_node(std::string_view node);

/// `id` is empty for one that the service chooses. §7.1
Request publish_item(std::string_view node, std::string_view id, std::string_view payload);
/// §7.2
Request retract_item(std::string_view node, std::string_view id, bool notify);
/// A page of at most `max` items of `node`: the newest ones, before the place `before` if that is
/// not empty. To a service that does not page: the newest items. §6.5.4, §6.5.7, XEP-0059 §2.3,
/// §2.5
Request items_before(std::string_view node, int max, std::string_view before);
/// A page of items of `node`: the oldest ones, behind the place `after` if that is not empty.
/// §6.5.4
Request items_after(std::string_view node, std::string_view after);
/// §6.5.8
Request particular_item(std::string_view node, std::string_view id);

/// One's own subscriptions, to all nodes when `node` is empty. §5.6
Request own_subscriptions(std::string_view node);
/// Those of everybody. §8.8.1
Request subscriptions_to(std::string_view node);
/// §6.1
Request subscribe(std::string_view node, const Jid& subscriber);
/// The same, until the subscriber goes offline. §6.3.7, §12.5
Request subscribe_while_online(std::string_view node, const Jid& subscriber);
/// `subid` is empty when there is only one. §6.2
Request unsubscribe(std::string_view node, const Jid& subscriber, std::string_view subid);

/// What is set for a subscription. `subid` is empty when there is only one. §6.3.2
Request subscription_options(std::string_view node, const Jid& subscriber, std::string_view subid);
/// §6.3.5
Request configure_subscription(std::string_view node, const Jid& subscriber, std::string_view subid,
                               std::span<const Setting> settings);
/// Makes a subscription `subscribed` or `pending`, or ends it: `none`; `subid` is empty when there
/// is only one of the JID. §8.8.2
Request set_subscription(std::string_view node, std::string_view jid, std::string_view subid,
                         std::string_view state);

/// One's own affiliations, with all nodes when `node` is empty. §5.7
Request own_affiliations(std::string_view node);
/// Those of everybody. §8.9.1
Request affiliations_with(std::string_view node);
/// `affiliation` is `none` to remove it. §8.9.2
Request set_affiliation(std::string_view node, const Jid& jid, std::string_view affiliation);

/// The start of the ad-hoc command `command`. XEP-0050 §2.4
Request execute_command(std::string_view command, const Subject& about);
/// The form of a stage of it, filled in; it goes on to the next stage, or ends. XEP-0050 §3.4
Request submit_command(std::string_view command, std::string_view session,
                       std::string_view form_type, std::span<const Setting> settings,
                       const Subject& about);

}  // namespace crier::cli
