"""Presence that users share with the service, and what it makes of it (XEP-0060 §12.5, §12.6)."""

from harness.client import SERVICE, User
from harness.pubsub import create, item, notified_ids, publish, set_options, subscribe
from harness.xml import child, local_name

PAYLOAD = "<e xmlns='urn:example:presence'/>"


FENCE = "<query xmlns='http://jabber.org/protocol/disco#info'/>"


def share_presence(user, service=SERVICE):
    """Returns when the service knows that the user is online, whether it was asked before or not."""
    user.send(f"<presence type='subscribe' to='{service}'/>")
    user.get(FENCE)
    if presences(user, "subscribe", service):
        user.send(f"<presence type='subscribed' to='{service}'/>")
        user.get(FENCE)


def presences(user, kind, service=SERVICE):
    return [each for each in user.others if local_name(each) == "presence"
            and each.get("type") == kind and each.get("from") == service]


def go_offline(user):
    """The session ends in order: the server tells all who see the user's presence."""
    user.send("<presence type='unavailable'/>")
    user.close()


def test_only_those_who_are_online_are_notified(server, service, alice, node):
    erin = User(server, "erin")
    alice.set(create(node, presence_based_delivery="1"))
    erin.set(subscribe(node, erin.bare))
    share_presence(erin)
    alice.set(publish(node, item(PAYLOAD, "online")))
    assert notified_ids(erin.wait_for_message()) == ["online"]
    erin.send("<presence type='unavailable'/>")
    erin.get(FENCE)
    alice.set(publish(node, item(PAYLOAD, "offline")))
    erin.send("<presence/>")
    erin.get(FENCE)
    alice.set(publish(node, item(PAYLOAD, "back")))
    assert notified_ids(erin.wait_for_message()) == ["back"]
    erin.close()


def test_the_last_item_comes_with_presence(server, service, alice, node):
    alice.set(create(node, send_last_published_item="on_sub_and_presence"))
    alice.set(publish(node, item(PAYLOAD, "last")))
    erin = User(server, "erin")
    erin.set(subscribe(node, erin.bare))
    assert notified_ids(erin.wait_for_message()) == ["last"]
    share_presence(erin)
    go_offline(erin)
    erin = User(server, "erin")
    message = erin.wait_for_message()
    assert notified_ids(message) == ["last"]
    assert message.get("to") == erin.jid
    assert child(message, ("urn:xmpp:delay", "delay")).get("stamp")
    erin.close()


def test_a_temporary_subscription_ends_with_presence(server, service, alice, node):
    alice.set(create(node))
    erin = User(server, "erin")
    erin.set(subscribe(node, erin.bare))
    erin.set(set_options(node, erin.bare, expire="presence"))
    share_presence(erin)
    erin.get(FENCE)
    go_offline(erin)
    erin = User(server, "erin")
    assert erin.refused("get", f"<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                               f"<options node='{node}' jid='{erin.bare}'/></pubsub>") \
        == "modify/unexpected-request + not-subscribed"
    erin.close()


def test_the_service_answers_who_wants_its_presence(server, service):
    erin = User(server, "erin")
    erin.send(f"<presence type='subscribe' to='{SERVICE}'/>")
    erin.wait_until(lambda: presences(erin, None), what="the service's presence")
    found = presences(erin, None)[0]
    assert child(found, ("http://jabber.org/protocol/caps", "c")).get("hash") == "sha-1"
    erin.send(f"<presence type='unsubscribe' to='{SERVICE}'/>")
    erin.wait_until(lambda: presences(erin, "unavailable"), what="the end of the service's presence")
    erin.close()
