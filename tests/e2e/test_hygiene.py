"""RFC 6120 §8: what is not for us, what is no request, and what must never be answered."""

import pytest

from harness.pubsub import ATOM, create, item, notified_ids, owner, publish, pubsub, subscribe


@pytest.mark.parametrize("kind", ["get", "set"])
@pytest.mark.parametrize("content", ["<query xmlns='urn:example:unknown'/>",
                                     "<query xmlns='jabber:iq:roster'/>",
                                     "<pubsub xmlns='http://jabber.org/protocol/pubsub#other'/>"])
def test_rfc6120_8_4_unknown_namespaces(alice, kind, content):
    assert alice.refused(kind, content) == "cancel/service-unavailable"


@pytest.mark.parametrize("wrap", [pubsub, owner])
@pytest.mark.parametrize("content", ["", "<dance/>", "<publish xmlns='urn:other' node='x'/>"])
def test_11_no_action_that_we_know(alice, wrap, content):
    assert alice.refused("set", wrap(content)) in (
        "modify/bad-request", "cancel/feature-not-implemented")


NOT_TO_BE_ANSWERED = {
    "a result": "<iq type='result' id='q1' to='{to}'/>",
    "an error": "<iq type='error' id='q2' to='{to}'>{error}</iq>",
    "a message": "<message to='{to}'><body>hello</body></message>",
    "a bounced message": "<message type='error' to='{to}'>{error}</message>",
    "a headline": "<message type='headline' to='{to}'><e xmlns='urn:e'/></message>",
    "presence": "<presence to='{to}'/>",
    "presence that ends": "<presence type='unavailable' to='{to}'/>",
    "a bounced presence": "<presence type='error' to='{to}'>{error}</presence>",
}
ERROR = ("<error type='cancel'><item-not-found "
         "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>")


@pytest.mark.parametrize("name", NOT_TO_BE_ANSWERED)
def test_rfc6120_8_3_never_answered(alice, name):
    alice.send(NOT_TO_BE_ANSWERED[name].format(to=alice.service, error=ERROR))
    assert alice.settle() == []
    assert alice.others == []


def test_12_4_a_bounce_is_no_request(sink, alice, service, node):
    """A notification that comes back as an error ends there."""
    subscriber = f"gone@{sink.domain}"
    alice.set(create(node))
    sink.set(subscribe(node, subscriber), sender=subscriber)
    sink.take_messages()
    alice.set(publish(node, item(ATOM, "1")))
    message = sink.wait_for_message()
    sink.send(f"<message type='error' from='{subscriber}' to='{sink.service}' "
              f"id='{message.get('id')}'>{ERROR}</message>")
    sink.refused("get", "<query xmlns='urn:example:unknown'/>", sender=subscriber)
    assert sink.take_messages() == []


def test_the_domain_alone_may_be_a_subscriber(sink, alice, service, node):
    alice.set(create(node))
    sink.set(subscribe(node, sink.domain), sender=sink.domain)
    sink.take_messages()
    alice.set(publish(node, item(ATOM, "1")))
    assert notified_ids(sink.wait_for_message()) == ["1"]


def test_rfc7622_addresses_are_compared_normalised(alice, bob, node):
    alice.set(create(node))
    bob.set(subscribe(node, "BOB@LocalHost/desk"))
    alice.set(publish(node, item(ATOM, "1")))
    assert [notified_ids(each) for each in bob.settle()] == [["1"]]
