"""examples/feed.py: a client that anyone may start from, against the running service."""

import subprocess
from pathlib import Path

import pytest

from harness.process import Process
from harness.server import DOMAIN, USERS

PROGRAM = Path(__file__).resolve().parents[2] / "examples" / "feed.py"


@pytest.fixture
def feed(server, service, tmp_path):
    """The command line of one user of the example, over TLS."""
    def command(user, *words):
        password = tmp_path / user
        password.write_text(USERS[user] + "\n")
        return [PROGRAM, "--jid", f"{user}@{DOMAIN}", "--password-file", password,
                "--host", f"{server.host}:{server.client_port}", "--ca", server.certificate, *words]
    return command


def test_one_publishes_and_another_follows(feed, alice, node, tmp_path):
    first = subprocess.run(feed("alice", "publish", node, "Prologue"), capture_output=True,
                           text=True, timeout=60)
    assert first.returncode == 0, first.stderr
    follower = Process(feed("bob", "follow", node, "--count", "1"), tmp_path / "follower.log")
    try:
        follower.wait_for_line(f"following {node}")
        second = subprocess.run(feed("alice", "publish", node, "Soliloquy", "To be, or not to be"),
                                capture_output=True, text=True, timeout=60)
        assert second.returncode == 0, second.stderr
        follower.wait_for_line(": Soliloquy")
        assert follower.wait() == 0, follower.tail()
    finally:
        follower.kill()


def test_refusals_are_told_in_one_line(feed, alice, node):
    done = subprocess.run(feed("bob", "follow", node), capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "refused: item-not-found" in done.stderr
