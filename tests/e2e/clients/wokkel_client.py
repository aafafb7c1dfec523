"""Every use case that wokkel's PubSubClient offers, against the service; the status is 0 when all
went well.

    wokkel_client.py HOST PORT JID PASSWORD SERVICE NODE
"""

import sys

from twisted.internet import defer, reactor, ssl, task
from twisted.python import compat
from twisted.words.protocols.jabber import xmlstream
from twisted.words.protocols.jabber.jid import JID
from twisted.words.xish import domish

compat._PY3 = True  # wokkel asks for it, and Debian's Twisted does not have it any more

from wokkel import client as wokkel_client  # noqa: E402
from wokkel import pubsub  # noqa: E402


class Desk(pubsub.PubSubClient):
    """Remembers the events."""

    def __init__(self):
        super().__init__()
        self.items_heard, self.deleted, self.purged = [], [], []

    def itemsReceived(self, event):
        self.items_heard += [(event.nodeIdentifier, item["id"]) for item in event.items]

    def deleteReceived(self, event):
        self.deleted.append(event.nodeIdentifier)

    def purgeReceived(self, event):
        self.purged.append(event.nodeIdentifier)


def entry(identifier):
    payload = domish.Element(("http://www.w3.org/2005/Atom", "entry"))
    payload.addElement("title", content=identifier)
    return pubsub.Item(identifier, payload)


def pause(seconds):
    return task.deferLater(reactor, seconds, lambda: None)


@defer.inlineCallbacks
def tell_story(desk, own, service, node):
    made = yield desk.createNode(service)
    assert made, "no name for an instant node"
    yield desk.createNode(service, node, options={"pubsub#title": "A title"})
    subscription = yield desk.subscribe(service, node, own)
    assert subscription.state == "subscribed", subscription.state
    identifier = subscription.subscriptionIdentifier
    yield desk.publish(service, node, items=[entry("1")])
    yield desk.publish(service, node, items=[entry("2")])
    items = yield desk.items(service, node)
    assert [item["id"] for item in items] == ["1", "2"]
    items = yield desk.items(service, node, maxItems=1)
    assert [item["id"] for item in items] == ["2"]
    items = yield desk.items(service, node, itemIdentifiers=["1"], subscriptionIdentifier=identifier)
    assert [item["id"] for item in items] == ["1"]
    yield pause(0.5)
    assert desk.items_heard == [(node, "1"), (node, "2")], desk.items_heard

    form = yield desk.getOptions(service, node, own, identifier)
    assert form["pubsub#deliver"] is True
    yield desk.setOptions(service, node, own, {"pubsub#deliver": False}, identifier)
    yield desk.publish(service, node, items=[entry("3")])
    yield pause(0.5)
    assert len(desk.items_heard) == 2, desk.items_heard
    yield desk.setOptions(service, node, own, {"pubsub#deliver": True}, identifier)

    second = yield desk.subscribe(service, node, own, options={"pubsub#include_body": True})
    assert second.subscriptionIdentifier != identifier
    yield desk.unsubscribe(service, node, own, second.subscriptionIdentifier)
    yield desk.deleteNode(service, node)
    yield pause(0.5)
    assert desk.deleted == [node], desk.deleted


def trust_the_private_server():
    """Its certificate is its own."""
    original = xmlstream.TLSInitiatingInitializer.__init__

    def trusting(self, stream, required=True, configurationForTLS=None):
        original(self, stream, required, ssl.CertificateOptions(trustRoot=None))

    xmlstream.TLSInitiatingInitializer.__init__ = trusting


def main(host, port, jid, password, service, node):
    own = JID(jid + "/wokkel")
    stream = wokkel_client.XMPPClient(own, password, host, int(port))
    trust_the_private_server()
    desk = Desk()
    desk.setHandlerParent(stream)
    outcome = []

    def start(_):
        story = tell_story(desk, own, JID(service), node)
        story.addTimeout(60, reactor)
        story.addBoth(outcome.append)
        story.addBoth(lambda _: reactor.stop())

    original = desk.connectionInitialized
    desk.connectionInitialized = lambda: (original(), start(None))
    stream.startService()
    reactor.callLater(90, lambda: reactor.running and reactor.stop())
    reactor.run()
    if outcome != [None]:
        sys.exit(f"it failed: {outcome}")
    print("all went well")


if __name__ == "__main__":
    main(*sys.argv[1:])
