"""The control socket: the command line as an admin of this machine, without an account."""

import json
import os
import pwd
import socket
import subprocess
import time

import harness.crier
from harness.crier import PROGRAM
from harness.process import Process
from harness.pubsub import create, item, publish
from harness.server import SERVICE

USER = pwd.getpwuid(os.getuid()).pw_name
PAYLOAD = "<e xmlns='u:e'>Sein <b>oder</b> nicht 𝄞</e>"


def run(crier, *words, stdin="", timeout=30):
    """One command through the control socket of `crier`."""
    return subprocess.run([PROGRAM, *words, "--control", crier.control], input=stdin, text=True,
                          capture_output=True, timeout=timeout)


def done(crier, *words, **options):
    return harness.crier.done(run(crier, *words, **options))


def wait_for_the_socket(crier):
    deadline = time.monotonic() + 5
    while not crier.control.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_local_users_have_an_admins_rights(service, alice, node):
    alice.set(create(node, access_model="whitelist"))
    alice.set(publish(node, item(PAYLOAD, "1")))
    assert done(service, "item", "show", node, "1").strip() == PAYLOAD
    done(service, "node", "configure", node, "--set", "title=Hamlet")
    shown = json.loads(done(service, "node", "show", node, "--json"))
    assert shown["configuration"]["pubsub#title"] == "Hamlet"
    done(service, "node", "delete", node, "--yes")


def test_what_local_users_create_is_theirs(service, node):
    done(service, "node", "create", node)
    owners = json.loads(done(service, "affiliation", "list", node, "--json"))
    assert [(each["jid"], each["affiliation"]) for each in owners] == [
        (f"{USER}@{SERVICE}", "owner")]


def test_watch_hears_through_the_server_and_leaves_nothing_behind(service, alice, node, tmp_path):
    alice.set(create(node))
    watching = Process([PROGRAM, "watch", node, "--control", service.control, "--json"],
                       tmp_path / "watch.log")
    watching.wait_for_line("crier: watching")
    alice.set(publish(node, item(PAYLOAD, "1")))
    line = watching.wait_for_line('"event"').text
    assert json.loads(line)["payload"] == PAYLOAD
    # The service sees its end, whatever ended it. §12.5
    watching.kill()
    deadline = time.monotonic() + 5
    while done(service, "subscription", "list", node, "--json").strip() != "[]":
        assert time.monotonic() < deadline, "the subscription is still there"


def test_nobody_else_comes_in(service):
    assert os.stat(service.control).st_mode & 0o777 == 0o600


def test_without_the_server(make_crier, stub):
    """The socket does not need the stream with the server."""
    crier = make_crier(stub.address).launch()
    wait_for_the_socket(crier)
    assert done(crier, "node", "create", "n").strip() == "n"
    assert done(crier, "item", "publish", "n", "--id", "1", stdin=PAYLOAD).strip() == "1"
    crier.kill()
    # What a process that died has left is no obstacle.
    crier.launch()
    deadline = time.monotonic() + 5
    while (shown := run(crier, "item", "show", "n", "1")).returncode != 0:
        assert time.monotonic() < deadline, shown.stderr
    assert shown.stdout.strip() == PAYLOAD
    assert crier.stop() == 0
    assert not crier.control.exists()


def test_hostile_input_ends_its_own_session_only(service, node):
    with socket.socket(socket.AF_UNIX) as hostile:
        hostile.connect(str(service.control))
        hostile.sendall(b"<?xml version='1.0'?><!DOCTYPE x>")
        assert b"restricted-xml" in hostile.recv(4096)
        assert hostile.recv(4096) == b""
    with socket.socket(socket.AF_UNIX) as liar:
        liar.connect(str(service.control))
        liar.sendall(b"<stream:stream xmlns='jabber:client' "
                     b"xmlns:stream='http://etherx.jabber.org/streams'>"
                     b"<iq type='get' id='1' from='alice@localhost/x'>"
                     b"<ping xmlns='urn:xmpp:ping'/></iq>")
        answer = b""
        while b"</iq>" not in answer and b"/>" not in answer.split(b"<iq", 1)[-1]:
            answer += liar.recv(4096)
        assert f"to='{USER}@{SERVICE}/control-".encode() in answer.split(b"<iq", 1)[1]
    done(service, "node", "create", node)


def test_no_service_is_told_in_one_line(tmp_path):
    result = subprocess.run([PROGRAM, "node", "list", "--control", tmp_path / "none"],
                            capture_output=True, text=True)
    assert result.returncode == 68
    assert result.stderr == (f"crier: node list: no service listens at {tmp_path}/none (No such file "
                             "or directory); start crier serve, or log in with --jid me@example.org\n")


def test_watch_says_when_the_service_has_no_stream(make_crier, stub, tmp_path):
    """Events for a local user go by way of the server, as all notifications do."""
    crier = make_crier(stub.address).launch()
    wait_for_the_socket(crier)
    done(crier, "node", "create", "n")
    watching = Process([PROGRAM, "watch", "n", "--control", crier.control], tmp_path / "watch.log")
    watching.wait_for_line("no stream with its server")
    assert watching.terminate() == 0


def test_watch_goes_on_behind_a_restart_of_the_server(other_server, make_crier, tmp_path):
    crier = make_crier(other_server.component_address)
    crier.start()
    done(crier, "node", "create", "n")
    watching = Process([PROGRAM, "watch", "n", "--control", crier.control], tmp_path / "watch.log")
    watching.wait_for_line("crier: watching n")
    other_server.restart()
    crier.wait_until_ready(occurrence=2)
    done(crier, "item", "publish", "n", "--id", "1", stdin=PAYLOAD)
    watching.wait_for_line("published n 1")
    assert watching.terminate() == 0
