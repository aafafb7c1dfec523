"""The command line as an XMPP client: each subcommand against the running service."""

import json
import subprocess

import pytest

from harness.crier import PROGRAM, CommandLine, done, failed
from harness.process import Process
from harness.pubsub import (affiliations_in, create, get_configuration, item, item_payloads, items,
                            owner_affiliations, owner_subscriptions, publish, subscribe,
                            subscriptions_in)
from harness.xml import canonical, form_values

PAYLOAD = ("<entry xmlns='http://www.w3.org/2005/Atom' xmlns:xlink='http://www.w3.org/1999/xlink' "
           "xml:lang='de' xlink:href='x'>Sein <b>oder</b> nicht 𝄞\n</entry>")


def test_version_and_help():
    version = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True)
    assert version.stdout.startswith("crier ")
    for words in ([], ["serve"], ["node"], ["node", "create"], ["item", "publish"], ["watch"]):
        shown = subprocess.run([PROGRAM, *words, "--help"], capture_output=True, text=True,
                               check=True)
        assert "crier" in shown.stdout and shown.stderr == ""


def test_node_create(command_line, alice, node):
    done(command_line.run("node", "create", node, "--set", "title=Hamlet"))
    assert form_values(alice.get(get_configuration(node)))["pubsub#title"] == ["Hamlet"]


def test_node_create_without_a_name_prints_it(command_line, alice):
    name = done(command_line.run("node", "create")).strip()
    assert affiliations_in(alice.get(owner_affiliations(name))) == {alice.bare: "owner"}


def test_node_list(command_line, alice, node):
    alice.set(create(node, title="Hamlet"))
    assert node in done(command_line.run("node", "list"))
    assert {"node": node, "name": "Hamlet"} in command_line.json("node", "list")


def test_node_list_tells_more(command_line, alice, node):
    """§5.4: what a node's meta-data says."""
    alice.set(create(node, title="Hamlet", access_model="whitelist"))
    entry = next(each for each in command_line.json("node", "list", "--long")
                 if each["node"] == node)
    assert (entry["type"], entry["access_model"]) == ("leaf", "whitelist")
    assert (entry["num_subscribers"], entry["name"]) == ("0", "Hamlet")
    line = next(line for line in done(command_line.run("node", "list", "--long")).splitlines()
                if line.startswith(node))
    assert "whitelist" in line and "Hamlet" in line


def test_node_tree(command_line, alice, node):
    """XEP-0248 §5.2: collections with what they hold, as deep as it is asked for."""
    alice.set(create(node, node_type="collection"))
    alice.set(create(f"{node}, inner", node_type="collection", collection=node))
    alice.set(create(f"{node}, leaf", collection=f"{node}, inner"))
    drawn = done(command_line.run("node", "tree", node))
    assert drawn == f"{node}/\n└── {node}, inner/\n    └── {node}, leaf\n"
    tree, = command_line.json("node", "tree", node)
    inner, = tree["children"]
    assert [child["node"] for child in inner["children"]] == [f"{node}, leaf"]
    assert f"{node}, leaf" not in done(command_line.run("node", "tree", node, "--depth", "1"))
    assert f"{node}/\n" in done(command_line.run("node", "tree"))
    assert command_line.json("node", "list", node) == [{"node": f"{node}, inner", "name": ""}]


def test_node_show_and_configure(command_line, alice, node):
    alice.set(create(node))
    done(command_line.run("node", "configure", node, "--set", "title=Hamlet",
                          "--set", "deliver_payloads=no"))
    assert "Hamlet" in done(command_line.run("node", "show", node))
    configuration = command_line.json("node", "show", node)["configuration"]
    assert configuration["pubsub#title"] == "Hamlet"
    assert configuration["pubsub#deliver_payloads"] in ("0", "false")


def test_node_purge_and_delete(command_line, alice, node):
    alice.set(create(node))
    alice.set(publish(node, item(PAYLOAD, "1")))
    failed(command_line.run("node", "purge", node), 64)           # nobody there to confirm it
    done(command_line.run("node", "purge", node, "--yes"))
    assert item_payloads(alice.get(items(node))) == {}
    done(command_line.run("node", "delete", node, "--yes"))
    assert alice.refused("get", items(node)) == "cancel/item-not-found"


def test_item_publish_from_the_standard_input(command_line, alice, node):
    alice.set(create(node))
    assert done(command_line.run("item", "publish", node, "--id", "1", stdin=PAYLOAD)) == "1\n"
    stored = item_payloads(alice.get(items(node)))
    assert canonical(stored["1"]) == canonical(PAYLOAD)


def test_item_publish_from_a_file_with_a_generated_id(command_line, alice, node, tmp_path):
    alice.set(create(node))
    (tmp_path / "entry.xml").write_text(f"<?xml version='1.0'?>\n<!-- c -->\n{PAYLOAD}\n")
    key = done(command_line.run("item", "publish", node, tmp_path / "entry.xml")).strip()
    assert canonical(item_payloads(alice.get(items(node)))[key]) == canonical(PAYLOAD)


def test_item_publish_json(command_line, alice, node, tmp_path):
    """XEP-0335 §3: JSON in its element, and out of it again."""
    alice.set(create(node))
    text = '{"t": [21, "<&"]}'
    assert done(command_line.run("item", "publish", node, "--id", "1", stdin=text)) == "1\n"
    stored = item_payloads(alice.get(items(node)))["1"]
    assert stored.tag == "{urn:xmpp:json:0}json" and stored.text == text
    assert done(command_line.run("item", "show", node, "1", "--unwrap")) == text + "\n"
    assert command_line.json("item", "show", node, "1", "--unwrap")["payload"] == json.loads(text)
    failed(command_line.run("item", "publish", node, stdin='{"t": }'), 65)
    (tmp_path / "a.json").write_text("1")
    (tmp_path / "b.jsonl").write_text("2\n\n[3]\n")
    ids = done(command_line.run("item", "publish", node, tmp_path / "a.json",
                                tmp_path / "b.jsonl")).split()
    stored = item_payloads(alice.get(items(node)))
    assert [stored[each].text for each in ids] == ["1", "2", "[3]"]
    (tmp_path / "c.jsonl").write_text("4\nfive\n")
    assert "line 2" in failed(command_line.run("item", "publish", node, tmp_path / "c.jsonl"), 65)
    assert len(item_payloads(alice.get(items(node)))) == 4     # nothing of it was sent


def test_item_list_goes_from_page_to_page(command_line, alice, node, tmp_path):
    """§6.5.4: more items than a page has; the newest of them, oldest first."""
    alice.set(create(node))
    (tmp_path / "n.jsonl").write_text("".join(f"{number}\n" for number in range(60)))
    ids = done(command_line.run("item", "publish", node, tmp_path / "n.jsonl")).split()
    entries = command_line.json("item", "list", node, "--long")
    assert [entry["item"] for entry in entries] == ids
    assert entries[10]["bytes"] == len("<json xmlns='urn:xmpp:json:0'>10</json>")
    assert command_line.json("item", "list", node, "--max", "55") == ids[-55:]
    assert ids[7] in done(command_line.run("item", "list", node, "--long"))


def test_item_show_and_list(command_line, alice, node):
    alice.set(create(node))
    for key in "ab":
        alice.set(publish(node, item(PAYLOAD, key)))
    assert done(command_line.run("item", "list", node)).split() == ["a", "b"]
    assert command_line.json("item", "list", node) == ["a", "b"]
    assert canonical(done(command_line.run("item", "show", node, "a"))) == canonical(PAYLOAD)
    assert canonical(command_line.json("item", "show", node, "a")["payload"]) == canonical(PAYLOAD)


def test_item_retract(command_line, alice, node):
    alice.set(create(node))
    for key in "abc":
        alice.set(publish(node, item(PAYLOAD, key)))
    done(command_line.run("item", "retract", node, "a", "c"))
    assert list(item_payloads(alice.get(items(node)))) == ["b"]


def test_a_payload_that_is_no_xml(command_line, alice, node):
    alice.set(create(node))
    failed(command_line.run("item", "publish", node, stdin="<a><b></a>"), 65)
    assert item_payloads(alice.get(items(node))) == {}


def test_subscriptions(command_line, alice, node):
    alice.set(create(node))
    done(command_line.run("subscription", "add", node))
    entry = {"node": node, "jid": alice.bare, "subscription": "subscribed"}
    assert entry.items() <= command_line.json("subscription", "list", node)[0].items()
    assert alice.bare in done(command_line.run("subscription", "list", node, "--all"))
    done(command_line.run("subscription", "remove", node))
    assert subscriptions_in(alice.get(owner_subscriptions(node))) == []


def test_subscription_options(command_line, alice, node):
    """§6.3: shown, changed, and checked before they are sent; by SubID where there are several."""
    alice.set(create(node))
    alice.set(subscribe(node, alice.bare))
    subid = command_line.json("subscription", "list", node)[0]["subid"]
    options = ("subscription", "options", node)
    assert command_line.json(*options)["options"]["pubsub#deliver"] in ("1", "true")
    done(command_line.run(*options, "--set", "deliver=no"))
    assert command_line.json(*options)["options"]["pubsub#deliver"] in ("0", "false")
    done(command_line.run(*options, "--subid", subid, "--set", "deliver=yes"))
    assert command_line.json(*options)["options"]["pubsub#deliver"] in ("1", "true")
    assert "deliver" in done(command_line.run(*options))
    failed(command_line.run(*options, "--set", "deliver=perhaps"), 64)
    done(command_line.run("subscription", "remove", node))
    failed(command_line.run(*options), 1)


def test_affiliations(command_line, alice, bob, node):
    alice.set(create(node))
    done(command_line.run("affiliation", "set", node, bob.bare, "publisher"))
    assert affiliations_in(alice.get(owner_affiliations(node)))[bob.bare] == "publisher"
    assert bob.bare in done(command_line.run("affiliation", "list", node, "--all"))
    done(command_line.run("affiliation", "remove", node, bob.bare))
    assert affiliations_in(alice.get(owner_affiliations(node))) == {alice.bare: "owner"}


def test_watch(server, command_line, alice, node, tmp_path):
    alice.set(create(node))
    watching = Process(command_line.command("watch", node, "--json", "--count", "2"),
                       tmp_path / "watch.log")
    try:
        watching.wait_for_line("watching")
        alice.set(publish(node, item(PAYLOAD, "1")))
        watching.wait_for_line('"published"')
        alice.set(publish(node, item(PAYLOAD, "2")))
        assert watching.wait() == 0, watching.tail()
        events = [json.loads(line) for line in watching.lines() if line.startswith("{")]
        assert [(each["event"], each["node"], each["item"]) for each in events] == [
            ("published", node, "1"), ("published", node, "2")]
        assert canonical(events[0]["payload"]) == canonical(PAYLOAD)
    finally:
        watching.kill()
    assert subscriptions_in(alice.get(owner_subscriptions(node))) == []


def test_refusals_are_told_in_words(server, service, alice, bob, node, tmp_path):
    alice.set(create(node))
    as_bob = CommandLine(server, tmp_path, user="bob")
    assert node in failed(as_bob.run("node", "delete", node, "--yes"), 77)
    assert alice.refused("get", get_configuration(node)) is None
    line = failed(as_bob.run("item", "list", f"no {node}"), 1)
    assert "item-not-found" in line


def test_a_wrong_password(command_line):
    command_line.password_file.write_text("not the password\n")
    line = failed(command_line.run("node", "list"), 77)
    assert "not the password" not in line


def test_nobody_listens(server, command_line):
    command_line.account[command_line.account.index("--host") + 1] = "127.0.0.1:1"
    failed(command_line.run("node", "list"), 68)


@pytest.mark.parametrize("words", [["node"], ["node", "dance"], ["item", "show"], ["frobnicate"]])
def test_a_wrong_command_line(words):
    result = subprocess.run([PROGRAM, *words], capture_output=True, text=True, check=False)
    assert result.returncode == 64 and result.stdout == ""


def test_tls_is_verified(server, command_line, alice, node):
    """The certificate is self-signed: fine when it is trusted, refused when it is not."""
    alice.set(create(node))
    done(command_line.run("item", "list", node, encryption=["--tls-ca", server.certificate]))
    line = failed(command_line.run("item", "list", node, encryption=[]), 77)
    assert "certificate" in line


def test_no_password_in_the_clear_to_another_machine(command_line):
    command_line.account[command_line.account.index("--host") + 1] = "192.0.2.1:5222"
    failed(command_line.run("node", "list"), 64)


def doctor(service, **changes):
    """What crier doctor finds for that service: (status, results by check, JSON)."""
    words = service.command()[2:]
    for option, value in changes.items():
        words[words.index(f"--{option}") + 1] = value
    result = subprocess.run([str(word) for word in (PROGRAM, "doctor", *words, "--json")],
                            capture_output=True, text=True, check=False, timeout=30)
    findings = json.loads(result.stdout)
    return result.returncode, {each["check"]: each for each in findings}


def test_doctor_and_a_service(server, service, alice, make_crier):
    """XEP-0114 §3: the handshake is tried when nobody serves, and only then."""
    status, found = doctor(service)
    assert found["server"]["result"] == "ok" and found["handshake"]["result"] == "skipped"
    assert str(service.process.pid) in found["service"]["found"] and status == 0
    assert found["database integrity"]["result"] == "ok"
    assert alice.refused("get", items("no such node")) is not None      # it was not disturbed

    idle = make_crier(server.component_address)
    status, found = doctor(idle)
    assert found["handshake"]["result"] == "ok" and status == 0, found
    idle.secret_file.write_text("another secret\n")
    status, found = doctor(idle)
    assert found["handshake"]["result"] == "FAIL" and found["handshake"]["advice"] and status == 1
