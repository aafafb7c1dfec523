"""Other people's libraries, as they are: each does every use case that its API offers."""

import subprocess
import sys
from pathlib import Path

import pytest

from harness.server import DOMAIN, SERVICE, USERS

CLIENTS = Path(__file__).resolve().parent / "clients"


@pytest.mark.parametrize("client", ["aioxmpp_client.py", "slixmpp_client.py", "wokkel_client.py"])
def test_a_client_does_all_that_it_can(server, service, node, client):
    done = subprocess.run(
        [sys.executable, "-B", CLIENTS / client, server.host, str(server.client_port),
         f"carol@{DOMAIN}", USERS["carol"], SERVICE, node],
        capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("all went well\n")
