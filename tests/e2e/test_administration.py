"""Administration: ad-hoc commands in XMPP itself (XEP-0050, XEP-0133), and the command line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from harness.crier import CommandLine, done, failed
from harness.pubsub import create, event_of, item, notified_ids, publish, subscribe
from harness.server import DOMAIN, SPARE_SERVICE, USERS
from harness.xml import local_name

PAYLOAD = "<e xmlns='urn:example:administration'/>"
INFO = "<query xmlns='http://jabber.org/protocol/disco#info'/>"
SPARE = {"to": SPARE_SERVICE}


@pytest.fixture
def crier(server, make_crier):
    """A service of the test's own, whose administrator is alice."""
    crier = make_crier(server.component_address, options=["--admin", f"alice@{DOMAIN}"])
    crier.start()
    return crier


@pytest.fixture
def admin(server, crier, tmp_path):
    return CommandLine(server, tmp_path, service=SPARE_SERVICE)


def test_a_client_with_ad_hoc_support_administers(server, crier, node):
    client = Path(__file__).resolve().parent / "clients" / "slixmpp_admin.py"
    ended = subprocess.run(
        [sys.executable, "-B", client, server.host, str(server.client_port), f"alice@{DOMAIN}",
         USERS["alice"], SPARE_SERVICE, node], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.endswith("all went well\n")
    crier.process.wait_for_line("received: .*disco#info")


def test_a_ban_and_its_end(crier, admin, server, tmp_path, alice, bob, node):
    alice.set(create(node), **SPARE)
    bob.set(subscribe(node, bob.jid), **SPARE)
    assert done(admin.run("ban", bob.bare, "--reason", "Spam", "--for", "7d")).startswith(
        f"{bob.bare} is banned until ")
    answer = bob.ask("get", INFO, **SPARE)
    assert answer.get("type") == "error" and "Spam" in "".join(answer.itertext())
    alice.set(publish(node, item(PAYLOAD, "unheard")), **SPARE)
    assert crier.stop() == 0
    crier.start()
    assert bob.refused("get", INFO, **SPARE) == "auth/forbidden"
    ban, = admin.json("ban", "--list")
    assert (ban["jid"], ban["reason"]) == (bob.bare, "Spam")
    assert ban["by"].startswith(f"{alice.bare}/")
    done(admin.run("unban", f"{bob.bare}/anything"))
    alice.set(publish(node, item(PAYLOAD, "heard")), **SPARE)
    assert notified_ids(bob.wait_for_message()) == ["heard"]
    assert "is not banned" in failed(admin.run("unban", bob.bare), 1)
    assert "administrator" in failed(admin.run("ban", alice.bare), 1)
    stranger = CommandLine(server, tmp_path, user="bob", service=SPARE_SERVICE)
    assert "administrator" in failed(stranger.run("ban", alice.bare), 77)
    log = admin.json("audit", "--limit", "2")
    assert [(entry["action"], entry["subject"]) for entry in log] == [
        ("ban", bob.bare), ("unban", bob.bare)]
    assert "unban" in done(admin.run("audit", "--by", alice.bare, "--since", "1h"))
    assert admin.json("audit", "--since", "2000-01-01", "--node", "another") == []


def test_pending_subscriptions(crier, admin, alice, bob, carol, node):
    alice.set(create(node, access_model="authorize"), **SPARE)
    for user in (bob, carol):
        user.set(subscribe(node, user.bare), **SPARE)
    waiting = admin.json("pending", "list", node)
    assert [each["jid"] for each in waiting] == [bob.bare, carol.bare]
    assert bob.bare in done(admin.run("pending", "approve", node, bob.bare))
    assert admin.json("pending", "deny", node, "--all") == [
        {"node": node, "jid": carol.bare, "done": "denied"}]
    assert admin.json("pending", "list", node) == []
    assert "does not wait" in failed(admin.run("pending", "approve", node, carol.bare), 1)
    assert event_of(bob.wait_for_message()).get("subscription") == "subscribed"
    assert event_of(carol.wait_for_message()).get("subscription") == "none"
    alice.set(publish(node, item(PAYLOAD, "1")), **SPARE)
    assert notified_ids(bob.wait_for_message()) == ["1"]
    alice.take_messages()


def test_an_announcement_and_the_end(crier, admin, alice, bob, node):
    alice.set(create(node), **SPARE)
    for jid in (bob.bare, bob.jid):
        bob.set(subscribe(node, jid), **SPARE)
    failed(admin.run("announce", "Hello"), 64)                    # nobody there to confirm it
    done(admin.run("announce", "Hello & goodbye", "--subject", "News", "--yes"))
    message = bob.wait_for_message()
    assert message.get("from") == SPARE_SERVICE
    said = {local_name(each): each.text for each in message}
    assert (said["subject"], said["body"]) == ("News", "Hello & goodbye")
    printed = done(admin.run("shutdown", "--yes", "--json"))
    assert json.loads(printed) == {"done": "shutting down", "delay": 0}
    assert crier.process.wait(10) == 0
    assert bob.messages == []
