"""Who may do what, and why: from the command line, and from any client with ad-hoc commands."""

import json
import shlex

import pytest

from harness.crier import CommandLine
from harness.pubsub import create, item, items, publish, subscribe
from harness.xml import COMMANDS, DATA, STANZAS, child, form_values

EXPLAIN = "urn:crier:command:explain"
MY_SUBSCRIPTIONS = "urn:crier:command:my-subscriptions"


@pytest.fixture
def as_bob(server, service, tmp_path):
    """The command line as bob."""
    return CommandLine(server, tmp_path, user="bob")


def command(node, inside=""):
    return f"<command xmlns='{COMMANDS}' node='{node}'>{inside}</command>"


def text_of(answer):
    """What the error says to people."""
    return next(each.text for each in answer.iter(f"{{{STANZAS}}}text"))


def test_a_stranger_finds_out_why_he_may_not_publish(command_line, as_bob, alice, bob, node):
    alice.set(create(node))
    refused = as_bob.run("explain", bob.bare, "publish", node)
    assert refused.returncode == 1 and refused.stderr == ""
    answer, heading, *remedies = refused.stdout.splitlines()
    assert answer == (f"No. The publish model of {node} (publishers) does not let {bob.bare} "
                      "publish.")
    assert heading == "What would change it:"
    told = json.loads(as_bob.run("explain", bob.bare, "publish", node, "--json").stdout)
    assert told["allowed"] is False
    assert (told["rule"], told["error"]) == ("publish_model", "forbidden")
    assert ["  " + remedy for remedy in told["remedies"]] == remedies

    # The owner does what stands there.
    remedy = next(each for each in remedies if "crier affiliation set" in each)
    words = shlex.split(remedy.partition(": crier ")[2])
    assert command_line.run(*words).returncode == 0
    allowed = as_bob.run("explain", bob.bare, "publish", node)
    assert allowed.returncode == 0 and allowed.stdout.startswith("Yes. ")
    bob.set(publish(node, item("<e xmlns='urn:e'/>", "1")))


def test_who_asks_about_whom(command_line, as_bob, alice, bob, node):
    alice.set(create(node, access_model="whitelist"))
    about_bob = command_line.run("explain", bob.bare, "subscribe", node)
    assert "(whitelist) does not let" in about_bob.stdout
    about_alice = as_bob.run("explain", alice.bare, "subscribe", node)
    assert about_alice.returncode == 77 and about_alice.stdout == ""
    assert "about yourself" in about_alice.stderr
    assert as_bob.run("explain", bob.bare, "dance", node).returncode == 64
    assert as_bob.run("explain", "@", "see", node).returncode == 64


def test_a_service_that_can_not_explain(server, command_line, bob):
    """The server itself knows no such command."""
    command_line.account[command_line.account.index("--service") + 1] = bob.bare.partition("@")[2]
    result = command_line.run("explain", bob.bare, "publish", "n")
    assert result.returncode == 69 and "urn:crier:command:explain" in result.stderr


def test_the_command_of_any_client(alice, node):
    alice.set(create(node))
    offered = alice.set(command(EXPLAIN))
    session = child(offered, (COMMANDS, "command"))
    assert session.get("status") == "executing"
    assert form_values(offered)["jid"] == [alice.bare]
    fields = {"FORM_TYPE": EXPLAIN, "action": "delete", "node": node}
    done = alice.set(command(EXPLAIN, f"<x xmlns='{DATA}' type='submit'>" + "".join(
        f"<field var='{var}'><value>{value}</value></field>" for var, value in fields.items())
        + "</x>"))
    assert form_values(done)["allowed"] == ["1"]
    assert form_values(done)["rule"] == ["affiliation"]


def test_refusals_say_why(alice, bob, node):
    alice.set(create(node, persist_items="0", subscribe="0"))
    for kind, content, text in (
            ("set", publish(node, item("<e xmlns='urn:e'/>")),
             "The node's publish model does not let you publish."),
            ("set", subscribe(node, bob.bare), "The node takes no subscriptions."),
            ("get", items(node), "The node keeps no items."),
            ("get", items(f"no {node}"), "There is no such node.")):
        assert text_of(bob.ask(kind, content)) == text


def test_my_subscriptions(alice, bob, node):
    alice.set(create(node))
    bob.set(subscribe(node, bob.bare))
    done = bob.set(command(MY_SUBSCRIPTIONS))
    found = [{field.get("var"): field[0].text for field in each}
             for each in done.iter(f"{{{DATA}}}item")]
    mine = {"node": node, "subscription": "subscribed", "jid": bob.bare}
    assert any(mine.items() <= each.items() for each in found)
