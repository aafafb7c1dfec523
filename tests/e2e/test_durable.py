"""Durable subscriptions: nothing is lost, whoever dies; in order, and once (docs/delivery.md)."""

from harness.client import SERVICE, User
from harness.pubsub import create, item, notified_ids, publish, set_options, subscribe
from harness.xml import child
from test_presence import go_offline, share_presence

PAYLOAD = "<e xmlns='urn:example:durable'/>"
STANZA_ID = ("urn:xmpp:sid:0", "stanza-id")


def subscribe_durably(user, node, **options):
    user.set(subscribe(node, user.bare))
    user.set(set_options(node, user.bare, x_durable="1", **options))
    share_presence(user)
    user.get("<query xmlns='http://jabber.org/protocol/disco#info'/>")


def publish_many(user, node, numbers):
    for start in range(numbers.start, numbers.stop, 50):
        keys = user.pipeline([publish(node, item(PAYLOAD, str(number)))
                              for number in range(start, min(start + 50, numbers.stop))])
        for answer in user.wait_for_answers(keys):
            assert answer.get("type") == "result"


def events(messages):
    return [each for each in messages if child(each, STANZA_ID) is not None]


def stanza_ids(messages):
    return [child(each, STANZA_ID).get("id") for each in messages]


def test_a_thousand_items_while_away_through_crashes_and_restarts(
        other_server, make_crier, node):
    """SIGKILL three times, the server restarted twice: all of it, in order; what was not confirmed
    may come twice."""
    crier = make_crier(other_server.component_address, domain=SERVICE)
    crier.start()
    alice, bob = User(other_server, "alice"), User(other_server, "bob")
    alice.set(create(node, max_items="max"))
    subscribe_durably(bob, node)
    go_offline(bob)
    published = 0
    ready = 1
    for accident in ["kill", "restart", "kill", "restart", "kill"]:
        publish_many(alice, node, range(published, published + 200))
        published += 200
        if accident == "kill":
            crier.kill()
            crier.start()
            ready = 1
        else:
            alice.close()
            other_server.close()
            other_server.start()
            ready += 1
            crier.wait_until_ready(occurrence=ready)
            alice = User(other_server, "alice")
    received = []
    # The last accidents happen while bob is being told.
    for _ in range(2):
        bob = User(other_server, "bob")
        bob.wait_until(lambda: len(events(bob.messages)) > 100, what="what bob has missed")
        crier.kill()
        received += events(bob.take_messages())
        bob.get("<query xmlns='http://jabber.org/protocol/disco#info'/>", to="localhost")
        received += events(bob.take_messages())
        go_offline(bob)
        crier.start()
    bob = User(other_server, "bob")
    bob.wait_until(lambda: "999" in {key for each in events(bob.messages)
                                     for key in notified_ids(each)}, what="the last item")
    received += events(bob.take_messages())
    ids = [key for message in received for key in notified_ids(message)]
    once = list(dict.fromkeys(ids))
    assert once == [str(number) for number in range(1000)]
    # What comes twice has the same stanza-id, and is a group at most for each of the crashes.
    by_id = dict(zip(stanza_ids(received), ids))
    assert len(by_id) == 1000
    assert len(ids) - len(once) <= 2 * 16 * 100
    alice.close()
    bob.close()


def test_what_is_published_while_a_subscriber_is_away_waits(server, service, alice, node):
    frank = User(server, "frank")
    alice.set(create(node))
    subscribe_durably(frank, node)
    alice.set(publish(node, item(PAYLOAD, "online")))
    assert notified_ids(frank.wait_for_message()) == ["online"]
    go_offline(frank)
    alice.get("<query xmlns='http://jabber.org/protocol/disco#info'/>")
    for number in range(3):
        alice.set(publish(node, item(PAYLOAD, str(number))))
    frank = User(server, "frank")
    ids = [key for message in frank.wait_for_messages(3) for key in notified_ids(message)]
    assert ids == ["0", "1", "2"]
    frank.close()
    frank = User(server, "frank")
    alice.set(publish(node, item(PAYLOAD, "again")))
    assert notified_ids(frank.wait_for_message()) == ["again"]
    frank.close()


def test_receipts_confirm(server, service, alice, node):
    """XEP-0184: until the client says so, nothing has arrived."""
    frank = User(server, "frank")
    alice.set(create(node))
    subscribe_durably(frank, node, x_acknowledgement="receipt")
    alice.set(publish(node, item(PAYLOAD, "1")))
    message = frank.wait_for_message()
    assert child(message, ("urn:xmpp:receipts", "request")) is not None
    go_offline(frank)
    frank = User(server, "frank")
    again = frank.wait_for_message()
    assert notified_ids(again) == ["1"]
    assert stanza_ids([again]) == stanza_ids([message])
    frank.send(f"<message to='{SERVICE}'><received xmlns='urn:xmpp:receipts' "
               f"id='{again.get('id')}'/></message>")
    frank.get("<query xmlns='http://jabber.org/protocol/disco#info'/>")
    go_offline(frank)
    frank = User(server, "frank")
    alice.set(publish(node, item(PAYLOAD, "2")))
    assert notified_ids(frank.wait_for_message()) == ["2"]
    frank.close()
