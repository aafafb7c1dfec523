"""Insight into the running service: metrics over HTTP, status, top, traces, the log's formats."""

import json
import os
import pty
import select
import signal
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import suppress

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_prometheus

from harness.crier import PROGRAM, CommandLine
from harness.process import Process, free_ports
from harness.pubsub import create, item, items, publish, subscribe
from harness.server import DOMAIN, SPARE_SERVICE

OPENMETRICS = "application/openmetrics-text; version=1.0.0"
PUBSUB = "http://jabber.org/protocol/pubsub"


class Watched:
    """A crier with metrics, whose admin is alice, and alice's command line for it."""

    def __init__(self, crier, port, command_line=None):
        self.crier = crier
        self.port = port
        self.command_line = command_line

    def get(self, path, accept="*/*"):
        """Status, media type and text."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}",
                                         headers={"Accept": accept})
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.status, answer.headers["Content-Type"], answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers["Content-Type"], error.read().decode()

    def samples(self):
        """Every sample by its name and its labels."""
        text = self.get("/metrics", OPENMETRICS)[2]
        return {(sample.name, *sorted(sample.labels.values())): sample.value
                for family in read_openmetrics(text) for sample in family.samples}

    def wait_for(self, path, status):
        deadline = time.monotonic() + 10
        while self.get(path)[0] != status:
            assert time.monotonic() < deadline, self.get(path)
            time.sleep(0.05)
        return self.get(path)[2]


@pytest.fixture
def watched(server, make_crier, tmp_path):
    [port] = free_ports(1)
    crier = make_crier(server.component_address,
                       options=["--metrics", port, "--admin", f"alice@{DOMAIN}"])
    crier.start()
    return Watched(crier, port, CommandLine(server, tmp_path, service=SPARE_SERVICE))


def there(content):
    """The request to the crier that is watched."""
    return {"content": content, "to": SPARE_SERVICE}


def test_counters_move_by_exactly_what_was_done(watched, alice):
    before = watched.samples()
    alice.set(**there(create("n")))
    alice.set(**there(subscribe("n", alice.bare)))
    for key in "abc":
        alice.set(**there(publish("n", item("<e xmlns='u:e'/>", key))))
    assert alice.refused("set", **there(publish("n"))) == "modify/bad-request + item-required"
    after = watched.samples()

    def moved(*key):
        return after[key] - before.get(key, 0)

    def requests(action, outcome):
        return moved("crier_requests_total", *sorted(["set", action, outcome, PUBSUB]))

    assert requests("create", "result") == 1
    assert requests("subscribe", "result") == 1
    assert requests("publish", "result") == 3
    assert requests("publish", "bad-request") == 1
    assert moved("crier_items_published_total") == 3
    assert moved("crier_notifications_total") == 3
    assert moved("crier_commit_seconds_count") >= 5
    assert moved("crier_received_bytes_total") > 500
    assert after["crier_stream_up",] == 1
    assert after["crier_database_bytes",] == watched.crier.database.stat().st_size
    assert after["process_resident_memory_bytes",] > 1_000_000

    status, media_type, text = watched.get("/metrics")
    assert status == 200 and media_type.startswith("text/plain; version=0.0.4")
    assert any(family.name == "crier_items_published" for family in read_prometheus(text))
    assert "alice" not in text and '"n"' not in text


def test_status_and_one_frame_of_top(watched, alice, server, tmp_path):
    alice.set(**there(create("loud")))
    for key in "ab":
        alice.set(**there(publish("loud", item("<e xmlns='u:e'/>", key))))
    told = watched.command_line.json("status")
    assert told["items_published"] == 2 and told["stream_up"] == 1
    assert told["database"] == str(watched.crier.database)
    assert [(node["name"], node["events"]) for node in told["nodes"]] == [("loud", 2)]
    local = subprocess.run([PROGRAM, "status", "--control", watched.crier.control],
                           capture_output=True, text=True, timeout=20)
    assert local.returncode == 0 and str(watched.crier.database) in local.stdout, local.stderr
    frame = watched.command_line.run("top")
    assert frame.returncode == 0 and "loud" in frame.stdout and "\x1b" not in frame.stdout
    refused = CommandLine(server, tmp_path, "bob", SPARE_SERVICE).run("status")
    assert refused.returncode != 0 and refused.stdout == "" and refused.stderr.count("\n") == 1


def read_until(terminal, wanted):
    text = b""
    deadline = time.monotonic() + 10
    while wanted not in text:
        assert time.monotonic() < deadline, text
        if select.select([terminal], [], [], 0.1)[0]:
            with suppress(OSError):
                text += os.read(terminal, 65536)
    return text


@pytest.mark.parametrize("end", [b"q", signal.SIGINT])
def test_top_leaves_the_terminal_as_it_was(watched, end):
    child, terminal = pty.fork()
    if child == 0:
        command = watched.command_line.command("top")
        os.execv(command[0], command)
    read_until(terminal, b"\x1b[?1049h")
    read_until(terminal, b"PUBLISH/S")
    if end == signal.SIGINT:
        os.kill(child, end)
    else:
        os.write(terminal, end)
    read_until(terminal, b"\x1b[?25h\x1b[?1049l")
    status = os.waitpid(child, 0)[1]
    os.close(terminal)
    assert status == (0 if end == b"q" else signal.SIGINT)


def test_a_trace_of_one_jid_shows_what_it_sends_and_gets(watched, alice, bob, tmp_path):
    tracing = Process(watched.command_line.command("trace", bob.bare, "--json", "--count", "3"),
                      tmp_path / "trace.log")
    try:
        tracing.wait_for_line("tracing the JID")
        alice.set(**there(create("n")))
        assert bob.refused("get", **there(items("none"))) == "cancel/item-not-found"
        bob.set(**there(subscribe("n", bob.bare)))
        assert tracing.wait(15) == 0
    finally:
        tracing.kill()
    shown = [json.loads(line) for line in tracing.lines() if line.startswith("{")]
    assert [each["direction"] for each in shown] == ["received", "sent", "received"]
    assert "<items node='none'" in shown[0]["stanza"]
    assert "item-not-found" in shown[1]["stanza"]
    assert all(bob.bare in each["stanza"] and "jabber:client" in each["stanza"] for each in shown)


def test_health_outlives_the_stream_and_readiness_does_not(other_server, make_crier):
    [port] = free_ports(1)
    crier = make_crier(other_server.component_address,
                       options=["--metrics", port, "--log-format", "json",
                                "--log-level", "warning,stream=info,metrics=info,service=info"])
    crier.start()
    watched = Watched(crier, port)
    assert watched.get("/healthz")[::2] == (200, "ok\n")
    watched.wait_for("/readyz", 200)
    other_server.close()
    assert other_server.component_address in watched.wait_for("/readyz", 503)
    assert watched.get("/healthz")[0] == 200
    assert watched.get("/elsewhere")[0] == 404
    lines = [json.loads(line) for line in crier.process.lines()]
    assert {"metrics", "service", "stream"} <= {line["module"] for line in lines}
    assert all(line.keys() == {"time", "level", "module", "message"} for line in lines)
    assert crier.stop() == 0


def test_metrics_where_somebody_else_listens(stub, make_crier):
    crier = make_crier(stub.address, options=["--metrics", stub.address])
    status, lines = crier.run_to_end()
    assert status == 69
    assert len(lines) == 1 and "--metrics: cannot listen" in lines[0]
