"""Rates, and the configuration that is read again: SIGHUP and `crier config reload`."""

import os
import signal
import socket
import sqlite3

import pytest
from harness.crier import CommandLine
from harness.pubsub import ATOM, create, get_configuration, item, publish
from harness.server import SPARE_SERVICE

WAIT = "wait/policy-violation"
INFO = "<query xmlns='http://jabber.org/protocol/disco#info'/>"


class Configured:
    """A crier with a configuration file that changes."""

    def __init__(self, server, make_crier, directory, text):
        self.file = directory / "crier.toml"
        self.file.write_text(text)
        self.reloads = 0
        self.crier = make_crier(server.component_address, options=["--config", self.file])
        self.crier.start()

    def reload(self, text):
        """SIGHUP after the file has changed: the line that tells what has come of it."""
        self.file.write_text(text)
        os.kill(self.crier.process.pid, signal.SIGHUP)
        self.reloads += 1
        return self.crier.process.wait_for_line("configuration .*SIGHUP",
                                                occurrence=self.reloads).text


@pytest.fixture
def configured(server, make_crier, tmp_path):
    return lambda text: Configured(server, make_crier, tmp_path, text)


def test_sighup_changes_admins_and_limits_and_a_wrong_file_changes_nothing(
        configured, alice, bob, node):
    running = configured("")
    bob.set(create(node), to=SPARE_SERVICE)
    assert alice.refused("get", get_configuration(node), to=SPARE_SERVICE) == "auth/forbidden"

    line = running.reload(f"admin = \"{alice.bare}\"\nserver = \"127.0.0.1:1\"\n"
                          "limit = \"publishes account 2/h\"\n")
    # The command line comes before the file, so that the server is as it was.
    assert "changed: admin, limit" in line and "restart" not in line
    alice.get(get_configuration(node), to=SPARE_SERVICE)
    for _ in range(2):
        bob.set(publish(node, item(ATOM, "1")), to=SPARE_SERVICE)
    assert bob.refused("set", publish(node, item(ATOM, "2")), to=SPARE_SERVICE) == WAIT
    alice.set(publish(node, item(ATOM, "3")), to=SPARE_SERVICE)

    line = running.reload("admin = \"@nobody\"\nmax-items = 7\n")
    assert "stays as it is" in line and "--admin: '@nobody'" in line
    alice.get(get_configuration(node), to=SPARE_SERVICE)
    assert bob.refused("set", publish(node, item(ATOM, "4")), to=SPARE_SERVICE) == WAIT

    line = running.reload("tls = true\n")
    assert "changed: admin, limit; restart crier for: tls" in line
    assert alice.refused("get", get_configuration(node), to=SPARE_SERVICE) == "auth/forbidden"
    bob.set(publish(node, item(ATOM, "5")), to=SPARE_SERVICE)
    assert running.crier.stop() == 0
    with sqlite3.connect(running.crier.database) as database:
        noted = list(database.execute("SELECT actor, subject, new_value FROM audit "
                                      "WHERE action = 'reload' ORDER BY id"))
    assert noted == [(SPARE_SERVICE, "SIGHUP", "changed: admin, limit"),
                     (SPARE_SERVICE, "SIGHUP", "changed: admin, limit; restart crier for: tls")]


def test_requests_beyond_the_rate_are_refused_and_others_are_served(configured, alice, bob):
    configured("limit = \"requests account 20/h\"\n")
    answers = alice.wait_for_answers(alice.pipeline([INFO] * 30, kind="get", to=SPARE_SERVICE))
    assert [each.get("type") for each in answers] == ["result"] * 20 + ["error"] * 10
    bob.get(INFO, to=SPARE_SERVICE)


def test_systemd_is_told_of_a_reload(configured, tmp_path, monkeypatch):
    """sd_notify(3), systemd.service(5), Type=notify-reload."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.bind(str(tmp_path / "notify"))
        notify.settimeout(20)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        running = configured("")
        assert notify.recv(4096) == b"READY=1"
        running.reload("name = \"Feeds\"\n")
        begun = dict(line.split("=") for line in notify.recv(4096).decode().split("\n"))
        assert begun["RELOADING"] == "1" and begun["MONOTONIC_USEC"].isdigit()
        assert notify.recv(4096) == b"READY=1"


def test_crier_config_reload(configured, server, alice, tmp_path):
    running = configured(f"admin = \"{alice.bare}\"\n")
    admin = CommandLine(server, tmp_path, service=SPARE_SERVICE)
    running.file.write_text(f"admin = \"{alice.bare}\"\nname = \"Feeds\"\ntls = true\n")
    assert admin.json("config", "reload") == {"applied": ["name"], "restart": ["tls"]}
    running.file.write_text("max-items = 0\n")
    done = admin.run("config", "reload")
    assert done.returncode == 78 and "--max-items" in done.stderr
    assert done.stderr.count("\n") == 1 and not done.stdout
    done = CommandLine(server, tmp_path, user="bob", service=SPARE_SERVICE).run("config", "reload")
    assert done.returncode == 77, done.stderr
