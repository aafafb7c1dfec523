"""Notifications that the server copies, by crier's modules: docs/copies.md."""

import pytest

from harness import ejabberd, prosody
from harness.client import Component, User
from harness.crier import Crier
from harness.pubsub import create, event_of, item, notified_ids, publish, subscribe, subscribe_many
from harness.server import SERVICE, SINK, SPARE_SERVICE
from harness.xml import canonical

FOUND = "the server copies notifications itself"
# More than one stanza names.
MANY = 400


@pytest.fixture
def copying(server, tmp_path):
    """A server that has the module."""
    with type(server)(tmp_path / "server", makes_copies=True) as running:
        yield running


@pytest.fixture
def criers(copying, tmp_path):
    """One that has notifications copied, and one that does without."""
    made = [Crier(tmp_path / domain, copying.component_address, domain=domain,
                  options=("--server-copies", use))
            for domain, use in ((SERVICE, "auto"), (SPARE_SERVICE, "never"))]
    for crier in made:
        crier.start()
    made[0].process.wait_for_line(FOUND)
    yield made
    for crier in made:
        crier.close()
        assert not crier.has_crashed()


@pytest.fixture
def users(copying):
    made = [User(copying, name) for name in ("alice", "bob", "carol", "dave")]
    yield made
    for user in made:
        user.close()


@pytest.fixture
def component(copying):
    connected = Component(copying)
    yield connected
    connected.close()


def without_addresses(message):
    return canonical(next(iter(message))), message.get("type"), notified_ids(message)


def test_subscribers_get_what_they_get_without_the_module(criers, users, component, node):
    """The same messages to the same people in the same order, and ids that differ."""
    assert FOUND not in "\n".join(criers[1].process.lines())
    heard = {}
    for domain in (SERVICE, SPARE_SERVICE):
        users[0].set(create(node, send_last_published_item="never"), to=domain)
        for user in users[1:]:
            user.set(subscribe(node, user.jid), to=domain)
        subscribers = subscribe_many(component, node, MANY, domain)
        for number in range(3):
            entry = f"<e xmlns='urn:e' a='&lt;&amp;&apos;'>{number} &lt; <b/> tail</e>"
            users[0].set(publish(node, item(entry, f"i{number}")), to=domain)
        messages = component.wait_for_messages(3 * len(subscribers), timeout=60)
        for user in users[1:]:
            messages += user.wait_for_messages(3)
        assert {message.get("from") for message in messages} == {domain}
        assert len({message.get("id") for message in messages}) == len(messages)
        heard[domain] = {}
        for message in messages:
            heard[domain].setdefault(message.get("to"), []).append(without_addresses(message))
        assert component.take_messages() == []
    assert heard[SERVICE] == heard[SPARE_SERVICE]
    assert len(heard[SERVICE]) == MANY + 3


def test_an_answer_is_behind_the_notifications_before_it(criers, users, node):
    """What the server copies leaves before what the service sent behind it."""
    alice, *others = users
    alice.set(create(node, send_last_published_item="never"))
    for user in users:
        user.set(subscribe(node, user.jid))
    for number in range(50):
        alice.set(publish(node, item(f"<e xmlns='urn:e'>{number}</e>", f"i{number}")))
    for user in users:
        assert [key for message in user.settle() for key in notified_ids(message)] == [
            f"i{number}" for number in range(50)]


def test_what_comes_back_ends_a_subscription(criers, users, component, node):
    """§12.4: the id of a copy leads to its subscription."""
    alice = users[0]
    alice.set(create(node, send_last_published_item="never"))
    subscribers = subscribe_many(component, node, 5, SERVICE)
    alice.set(publish(node, item("<e xmlns='urn:e'/>", "1")))
    ids = {message.get("to"): message.get("id") for message in component.wait_for_messages(5)}
    component.send(f"<message type='error' from='{subscribers[2]}' to='{SERVICE}' "
                   f"id='{ids[subscribers[2]]}'><error type='cancel'><gone "
                   f"xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>")
    component.get("<ping xmlns='urn:xmpp:ping'/>", sender=subscribers[2])
    alice.set(publish(node, item("<e xmlns='urn:e'/>", "2")))
    component.get("<ping xmlns='urn:xmpp:ping'/>", sender=subscribers[0])
    heard = {message.get("to") for message in component.take_messages()}
    assert heard == set(subscribers) - {subscribers[2]}


@pytest.mark.parametrize("forger", ["a user", "another component"])
def test_nobody_else_has_anything_copied(criers, users, component, forger):
    """The module takes what the component itself sends, and passes on all else."""
    list_of = f"<copies xmlns='urn:crier:copies:0'>1 {users[1].jid}\n</copies>"
    content = f"{list_of}<body>forged</body>"
    if forger == "a user":
        users[0].send(f"<message to='{SERVICE}' id='f-'>{content}</message>")
        users[0].get("<ping xmlns='urn:xmpp:ping'/>")
    else:
        component.send(f"<message from='{SINK}' to='{SERVICE}' id='f-'>{content}</message>")
        component.get("<ping xmlns='urn:xmpp:ping'/>", sender=SINK)
    assert users[1].settle() == []


@pytest.fixture
def prosody_only(server):
    if server.name != "prosody":
        pytest.skip("done by a module of the tests for Prosody")


def test_a_module_that_goes_while_it_is_used(prosody_only, criers, users, component, node):
    """What it did not copy comes back: everybody gets everything, once, in order."""
    alice = users[0]
    alice.set(create(node, send_last_published_item="never"))
    subscribers = subscribe_many(component, node, MANY, SERVICE)
    numbers = range(40)
    for number in numbers:
        alice.pipeline([publish(node, item(f"<e xmlns='urn:e'>{'x' * 500}</e>", f"i{number}"))])
        if number == 25:
            # Some are copied by now, some are on their way.
            component.wait_for_messages(MANY * 5, timeout=60)
            component.send(f"<message from='{SINK}' to='{SERVICE}'>"
                           "<forget xmlns='urn:example:test'/></message>")
    heard = {}
    for message in component.wait_for_messages(MANY * (len(numbers) - 5), timeout=60):
        heard.setdefault(message.get("to"), []).extend(notified_ids(message))
    assert component.take_messages() == []
    assert heard == {jid: [f"i{number}" for number in numbers[5:]] for jid in subscribers}
    criers[0].process.wait_for_line("copies notifications no more")


def test_one_that_cannot_be_given_its_copy_costs_no_other_one_theirs(
        prosody_only, criers, users, component, node):
    alice = users[0]
    alice.set(create(node, send_last_published_item="never"))
    for name in ("first", "throws", "last"):
        jid = f"{name}@{SINK}"
        component.set(subscribe(node, jid), sender=jid)
    alice.set(publish(node, item("<e xmlns='urn:e'/>", "1")))
    assert {message.get("to") for message in component.wait_for_messages(2)} == {
        f"first@{SINK}", f"last@{SINK}"}


def test_a_server_that_comes_back_without_the_module(copying, criers, users, tmp_path, node):
    """What is published meanwhile and afterwards arrives, once, in order."""
    alice, bob, carol, dave = users
    alice.set(create(node, send_last_published_item="never"))
    for user in users[1:]:
        user.set(subscribe(node, user.bare))
    alice.set(publish(node, item("<e xmlns='urn:e'/>", "with")))
    for user in users[1:]:
        assert notified_ids(user.wait_for_message()) == ["with"]
    text = copying.configuration.read_text()
    for module in (prosody.TESTED_COPIES, ejabberd.COPIES):
        text = text.replace(module, "")
    copying.configuration.write_text(text)
    copying.restart()
    criers[0].wait_until_ready(occurrence=2)
    again = [User(copying, name, resource="again") for name in ("alice", "bob", "carol", "dave")]
    for number in range(3):
        again[0].set(publish(node, item("<e xmlns='urn:e'/>", f"without {number}")))
    for user in again[1:]:
        assert [key for message in user.settle() for key in notified_ids(message)] == [
            f"without {number}" for number in range(3)]
    for user in again:
        user.close()
