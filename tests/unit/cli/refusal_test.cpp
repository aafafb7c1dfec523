#include "cli/refusal.hpp"

#include <crier/errors.hpp>

#include <doctest/doctest.h>

#include <fmt/format.h>

using namespace crier;
using namespace crier::cli;

namespace {

Refusal refusal_of(const std::string& error) {
  const auto document = parse_xml("<iq xmlns='jabber:client' type='error'>" + error + "</iq>");
  REQUIRE(document);
  return read_refusal(document->root());
}

std::string text_of(const Refusal& refusal, const Subject& about = {"n"}) {
  return to_text(refusal, "pubsub.example.org", about);
}

}  // namespace

TEST_CASE("RFC 6120 §8.3 type, conditions, feature and text are read") {
  const auto refusal = refusal_of(
      "<error type='cancel'>"
      "<feature-not-implemented xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
      "<unsupported xmlns='http://jabber.org/protocol/pubsub#errors' feature='subscribe'/>"
      "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>Not\nhere</text></error>");
  CHECK(refusal.type == "cancel");
  CHECK(refusal.condition == "feature-not-implemented");
  CHECK(refusal.pubsub_condition == "unsupported");
  CHECK(refusal.feature == "subscribe");
  CHECK(text_of(refusal) ==
        "pubsub.example.org refused: the service does not support subscribe "
        "(feature-not-implemented, unsupported); it says: Not\\nhere");
}

TEST_CASE("a refusal names the node, or the item, that it is about") {
  CHECK(text_of({.type = "cancel", .condition = "conflict"}, {"x"}) ==
        "pubsub.example.org refused: a node named \"x\" exists already (conflict)");
  CHECK(text_of({.type = "cancel", .condition = "item-not-found"}, {"x"}) ==
        "pubsub.example.org refused: there is no node named \"x\" (item-not-found)");
  CHECK(text_of({.type = "cancel", .condition = "item-not-found"}, {"x", "1"}) ==
        "pubsub.example.org refused: there is no item \"1\" in node \"x\", or no such node "
        "(item-not-found)");
}

TEST_CASE("a hostile node name does not reach the terminal") {
  CHECK(text_of({.type = "cancel", .condition = "conflict"}, {"{x}\x1b[2J"}) ==
        "pubsub.example.org refused: a node named \"{x}\\u001b[2J\" exists already (conflict)");
}

TEST_CASE("an unknown condition, and an error without any, still make a sentence") {
  CHECK(text_of({.type = "cancel", .condition = "weird"}).find("(weird)") != std::string::npos);
  CHECK(text_of(refusal_of("")).find("(no condition)") != std::string::npos);
}

TEST_CASE("every refusal that our own service knows has words of its own") {
  for (const auto* kind : {&errors::bad_request,
                           &errors::jid_malformed,
                           &errors::service_unavailable,
                           &errors::feature_not_implemented,
                           &errors::stanza_too_big,
                           &errors::not_acceptable,
                           &errors::internal_server_error,
                           &errors::resource_constraint,
                           &errors::forbidden,
                           &errors::not_allowed,
                           &errors::registration_required,
                           &errors::closed_node,
                           &errors::presence_subscription_required,
                           &errors::not_in_roster_group,
                           &errors::pending_subscription,
                           &errors::subscribers_only,
                           &errors::item_not_found,
                           &errors::conflict,
                           &errors::nodeid_required,
                           &errors::jid_required,
                           &errors::invalid_jid,
                           &errors::subid_required,
                           &errors::invalid_subid,
                           &errors::not_subscribed,
                           &errors::no_such_subscription,
                           &errors::too_many_subscriptions,
                           &errors::invalid_payload,
                           &errors::payload_required,
                           &errors::payload_too_big,
                           &errors::item_required,
                           &errors::item_forbidden,
                           &errors::node_full,
                           &errors::max_items_exceeded,
                           &errors::precondition_not_met,
                           &errors::invalid_options,
                           &errors::unsupported_access_model,
                           &errors::subscribe_unsupported}) {
    Refusal refusal{.condition = std::string(kind->condition)};
    const auto general = text_of(refusal).substr(0, text_of(refusal).find('('));
    CHECK(general.find("does not say why") == std::string::npos);
    if (kind->pubsub_condition.empty()) continue;
    refusal.pubsub_condition = kind->pubsub_condition;
    refusal.feature = kind->feature;
    CHECK(text_of(refusal).substr(0, general.size()) != general);
  }
}

TEST_CASE("the exit status says whose fault it is and whether to try again") {
  CHECK(exit_status_of({.type = "cancel", .condition = "conflict"}) == 1);
  CHECK(exit_status_of({.type = "auth", .condition = "forbidden"}) == 77);
  CHECK(exit_status_of(
            {.type = "cancel", .condition = "not-allowed", .pubsub_condition = "closed-node"}) ==
        77);
  CHECK(exit_status_of({.type = "cancel", .condition = "not-allowed"}) == 1);
  CHECK(exit_status_of({.type = "cancel", .condition = "service-unavailable"}) == 69);
  CHECK(exit_status_of({.type = "cancel", .condition = "remote-server-not-found"}) == 69);
  CHECK(exit_status_of({.type = "wait", .condition = "internal-server-error"}) == 75);
  CHECK(exit_status_of({.type = "wait", .condition = "unknown"}) == 75);
  CHECK(exit_status_of({.type = "cancel", .condition = "unknown"}) == 1);
}

TEST_CASE("ejabberd says type wait where waiting does not help") {
  CHECK(exit_status_of({.type = "wait",
                        .condition = "unexpected-request",
                        .pubsub_condition = "not-subscribed"}) == 1);
}
