"""Quotas of accounts, domains and the service: from the configuration, raised while crier runs."""

import pytest
from harness.crier import CommandLine
from harness.pubsub import ATOM, create, item, item_ids, items, publish, retract, subscribe
from harness.server import SPARE_SERVICE

TOO_MUCH = "wait/policy-violation"
NO_ROOM = "wait/resource-constraint"
TOO_MANY_NODES = "cancel/not-allowed + max-nodes-exceeded"
TOO_MANY_SUBSCRIPTIONS = "wait/policy-violation + too-many-subscriptions"

SCOPES = ("account", "domain", "service")


class Running:
    """A crier with rules of quotas in its configuration file, which its admin changes."""

    def __init__(self, server, make_crier, directory, rule):
        self.file = directory / "crier.toml"
        self.write(rule)
        self.crier = make_crier(server.component_address, options=["--config", self.file])
        self.crier.start()
        self.admin = CommandLine(server, directory, user="dave", service=SPARE_SERVICE)

    def write(self, rule):
        dave = "dave@localhost"
        self.file.write_text(f"admin = \"{dave}\"\nquota = [\"{rule}\"]\n")

    def reload(self, rule):
        self.write(rule)
        assert self.admin.json("config", "reload") == {"applied": ["quota"], "restart": []}


@pytest.fixture
def running(server, make_crier, tmp_path):
    return lambda rule: Running(server, make_crier, tmp_path, rule)


def other(scope, alice, bob):
    """Who meets the quota that alice has used up."""
    return alice if scope == "account" else bob


@pytest.mark.parametrize("scope", SCOPES)
def test_nodes(running, alice, bob, node, scope):
    service = running(f"nodes {scope} 1")
    alice.set(create(node), to=SPARE_SERVICE)
    who = other(scope, alice, bob)
    assert who.refused("set", create(f"{node}/2"), to=SPARE_SERVICE) == TOO_MANY_NODES
    service.reload(f"nodes {scope} 2")
    who.set(create(f"{node}/2"), to=SPARE_SERVICE)
    assert who.refused("set", create(f"{node}/3"), to=SPARE_SERVICE) == TOO_MANY_NODES


@pytest.mark.parametrize("scope", SCOPES)
def test_subscriptions(running, alice, bob, node, scope):
    service = running(f"subscriptions {scope} 1")
    alice.set(create(node), to=SPARE_SERVICE)
    alice.set(subscribe(node, alice.bare), to=SPARE_SERVICE)
    who = other(scope, alice, bob)
    request = subscribe(node, who.bare)
    assert who.refused("set", request, to=SPARE_SERVICE) == TOO_MANY_SUBSCRIPTIONS
    service.reload(f"subscriptions {scope} 2")
    who.set(request, to=SPARE_SERVICE)
    assert who.refused("set", request, to=SPARE_SERVICE) == TOO_MANY_SUBSCRIPTIONS


@pytest.mark.parametrize("scope", SCOPES)
def test_items(running, alice, bob, node, scope):
    service = running(f"items {scope} 1")
    alice.set(create(node, publish_model="open"), to=SPARE_SERVICE)
    alice.set(publish(node, item(ATOM, "1")), to=SPARE_SERVICE)
    who = other(scope, alice, bob)
    refusal = NO_ROOM if scope == "service" else TOO_MUCH
    request = publish(node, item(ATOM, "2"))
    assert who.refused("set", request, to=SPARE_SERVICE) == refusal
    # The same item again takes no more room than it had.
    alice.set(publish(node, item(ATOM, "1")), to=SPARE_SERVICE)
    service.reload(f"items {scope} 2")
    who.set(request, to=SPARE_SERVICE)
    assert who.refused("set", publish(node, item(ATOM, "3")), to=SPARE_SERVICE) == refusal
    who.set(retract(node, "2"), to=SPARE_SERVICE)
    who.set(publish(node, item(ATOM, "3")), to=SPARE_SERVICE)
    assert item_ids(alice.get(items(node), to=SPARE_SERVICE)) == ["1", "3"]


@pytest.mark.parametrize("scope", ("account", "domain"))
def test_bytes(running, alice, bob, node, scope):
    # ATOM is of some size; what is stored of it can be a little less or more.
    service = running(f"bytes {scope} {len(ATOM) * 3 // 2}")
    alice.set(create(node, publish_model="open"), to=SPARE_SERVICE)
    alice.set(publish(node, item(ATOM, "1")), to=SPARE_SERVICE)
    who = other(scope, alice, bob)
    request = publish(node, item(ATOM, "2"))
    assert who.refused("set", request, to=SPARE_SERVICE) == TOO_MUCH
    service.reload(f"bytes {scope} {len(ATOM) * 5 // 2}")
    who.set(request, to=SPARE_SERVICE)
    assert who.refused("set", publish(node, item(ATOM, "3")), to=SPARE_SERVICE) == TOO_MUCH


def test_bytes_of_the_service(running, alice, node):
    service = running("bytes service 1K")
    alice.set(create(node), to=SPARE_SERVICE)
    assert alice.refused("set", publish(node, item(ATOM)), to=SPARE_SERVICE) == NO_ROOM
    service.reload("bytes service 1G")
    alice.set(publish(node, item(ATOM)), to=SPARE_SERVICE)
