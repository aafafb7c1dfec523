"""The database as a whole: backup while the service writes, restore, verify, export, import."""

import getpass
import json
import os
import pty
import signal
import sqlite3
import subprocess
import threading

import pytest

from harness.crier import PROGRAM
from harness.pubsub import create, item, item_ids, items, publish, subscribe
from harness.server import SPARE_SERVICE

PAYLOAD = "<e xmlns='urn:example:transfer'>text</e>"


def crier_command(*words, status=0):
    """Runs a command about a database to its end: what it printed."""
    done = subprocess.run([str(word) for word in (PROGRAM, *words)], stdin=subprocess.DEVNULL,
                          text=True, capture_output=True, timeout=60, check=False)
    assert done.returncode == status, f"status {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


@pytest.fixture
def crier(server, make_crier, alice, node):
    """A service with a node, 300 items and a subscription."""
    crier = make_crier(server.component_address)
    crier.start()
    alice.set(create(node, max_items="max", title="A title"), to=SPARE_SERVICE)
    alice.set(subscribe(node, alice.jid), to=SPARE_SERVICE)
    for start in range(0, 300, 100):
        alice.set(publish(node, *(item(PAYLOAD, f"first-{start + i}") for i in range(100))),
                  to=SPARE_SERVICE)
    return crier


def test_a_backup_made_while_publishing_is_restored(crier, alice, node, tmp_path):
    """What was there when the backup began is in it; the service starts on it and retrieves."""
    copy = tmp_path / "copy.db"
    backup = threading.Thread(target=crier_command, args=(
        "backup", copy, "--database", crier.database, "--rate", "100K"))
    backup.start()
    late = 0
    while backup.is_alive():
        alice.set(publish(node, item(PAYLOAD, f"late-{late}")), to=SPARE_SERVICE)
        late += 1
    backup.join()
    assert late > 10, "the backup did not last"
    assert "is sound" in crier_command("verify", "--full", "--database", copy)
    assert "is in use by another crier" in crier_command(
        "restore", copy, "--yes", "--database", crier.database, status=75)
    assert "is in use by another crier" in crier_command(
        "import", "--database", crier.database, _export(crier, tmp_path), status=75)

    assert crier.stop() == 0
    assert "say --yes" in crier_command("restore", copy, "--database", crier.database, status=64)
    done = json.loads(crier_command(
        "restore", copy, "--yes", "--json", "--database", crier.database))
    crier.start()
    found = item_ids(alice.get(items(node, max_items=500), to=SPARE_SERVICE))
    assert {f"first-{i}" for i in range(300)} <= set(found)
    assert len(found) < 300 + late, "the copy has what came after it began"
    kept = json.loads(crier_command("verify", "--json", "--database", done["kept"]))
    assert kept["problems"] == []
    noted = _audit(crier.database)
    assert noted[-1] == (f"{getpass.getuser()}@{SPARE_SERVICE}/command-line", "restore", str(copy),
                         done["kept"], f"nodes: 1, items: {len(found)}")


def _audit(database):
    """The entries of the audit log, the oldest first."""
    with sqlite3.connect(database) as opened:
        return list(opened.execute("SELECT actor || '/' || resource, action, subject, old_value, "
                                   "new_value FROM audit ORDER BY id"))


def _export(crier, tmp_path):
    file = tmp_path / "export.jsonl"
    crier_command("export", file, "--database", crier.database)
    return file


def test_an_export_of_a_running_service_starts_another(
        crier, server, alice, node, tmp_path, make_crier):
    """Nothing is lost, nobody is notified again, and twice is as good as once."""
    file = _export(crier, tmp_path)
    alice.take_messages()
    assert crier.stop() == 0
    other = make_crier(server.component_address, directory="other")
    done = json.loads(crier_command("import", file, "--json", "--database", other.database))
    assert done["items"]["added"] == 300
    again = json.loads(crier_command("import", file, "--json", "--database", other.database))
    assert again["items"] == {"added": 0, "unchanged": 300, "replaced": 0, "kept": 0}
    assert _audit(other.database) == [
        (f"{getpass.getuser()}@{SPARE_SERVICE}/command-line", "import", str(file), "",
         "added nodes: 1, affiliations: 1, subscriptions: 1, items: 300")]
    other.start()
    found = item_ids(alice.get(items(node, max_items=500), to=SPARE_SERVICE))
    assert found == [f"first-{i}" for i in range(300)]
    assert crier_command("export", "--database", other.database) == file.read_text()
    alice.set(publish(node, item(PAYLOAD, "new")), to=SPARE_SERVICE)
    events = alice.wait_for_messages(1)
    assert len(events) == 1, "what was imported was notified again"


def test_planted_corruption_is_found(crier, tmp_path):
    """Each problem is one line that says what to do; the status is 1."""
    copy = tmp_path / "copy.db"
    crier_command("backup", copy, "--database", crier.database, "--rate", "0")
    with sqlite3.connect(copy) as database:
        database.execute("UPDATE node SET item_count = 7 WHERE name <> ''")
        database.execute("DELETE FROM affiliation")
    found = crier_command("verify", "--database", copy, status=1)
    assert "nodes count their items wrongly (1): export and import into a new database" in found
    assert "nodes have no owner (1): give them one" in found
    refused = crier_command("restore", copy, "--yes", "--database", tmp_path / "new.db", status=65)
    assert "nothing was changed" in refused


def _write_items(file, count, last=""):
    """An export of one node with so many items; `last` stands for the last of them."""
    about = '"creator":"me@a.example","created":"2026-05-01T10:20:30Z"'
    times = '"created":"2026-05-01T10:20:30Z","published":"2026-05-01T10:20:30Z"'
    with file.open("w") as out:
        out.write('{"record":"header","format":"crier","version":1}\n'
                  '{"record":"service","jid":"pubsub.a.example"}\n'
                  f'{{"record":"node","node":"n","type":"leaf",{about}}}\n'
                  '{"record":"affiliation","node":"n","jid":"me@a.example","affiliation":"owner"}\n')
        for i in range(count):
            line = (f'{{"record":"item","node":"n","id":"{i:06}","publisher":"me@a.example",{times},'
                    f'"payload":"<e xmlns=\'u:e\'>{"text " * 700}</e>"}}\n')
            out.write(last if last and i == count - 1 else line)
        out.write('{"record":"end","services":1,"redirects":0,"nodes":1,"affiliations":1,'
                  f'"subscriptions":0,"items":{count},"contacts":0}}\n')
    return file


def test_an_import_that_is_killed_or_refused_changes_nothing_and_is_repeated(tmp_path):
    """What it has written by then is gone with its transaction."""
    database = tmp_path / "crier.db"
    file = _write_items(tmp_path / "all.jsonl", 30_000)  # more than the cache holds
    wrong = _write_items(tmp_path / "wrong.jsonl", 3, last='{"record":"item"}\n')
    assert "line 7: the member node is missing; nothing was imported, also none of the 5 records " \
        "before; the import can be repeated" in crier_command("import", wrong, "--database", database, status=65)
    before = crier_command("export", "--database", database)
    killed = subprocess.Popen([PROGRAM, "import", file, "--database", database])
    log = database.with_name("crier.db-wal")
    while not log.exists() or log.stat().st_size < 2**24:
        assert killed.poll() is None, "the import was too quick"
    killed.kill()
    killed.wait()
    assert crier_command("export", "--database", database) == before
    crier_command("import", file, "--database", database, "--on-conflict", "fail")
    assert crier_command("export", "--database", database) == file.read_text()
    assert "is sound" in crier_command("verify", "--full", "--database", database)


def test_nodes_of_the_services_own_names_are_told_of_and_left_behind(tmp_path):
    """No client could have created them; what else is in the file is imported."""
    database, file = tmp_path / "crier.db", tmp_path / "all.jsonl"
    lines = _write_items(file, 3).read_text().splitlines()
    node = next(json.loads(line) for line in lines if '"record":"node"' in line)
    commands = json.dumps({**node, "node": "http://jabber.org/protocol/commands"})
    counts = json.loads(lines[-1])
    end = json.dumps({**counts, "nodes": counts["nodes"] + 1})
    file.write_text("\n".join([*lines[:-1], commands, end]) + "\n")
    done = json.loads(crier_command("import", file, "--json", "--database", database))
    assert done["not_carried"] == [{"count": 1, "what": "a node of a name that the service keeps "
                                    "for itself, with all that it has"}]
    assert crier_command("export", "--database", database).splitlines() == lines


def _drawn(*words):
    """What a command about a database draws on a terminal."""
    terminal, its_end = pty.openpty()
    drawn = []

    def read():
        try:
            while piece := os.read(terminal, 4096):
                drawn.append(piece)
        except OSError:
            pass  # its end is closed

    with subprocess.Popen([str(word) for word in (PROGRAM, *words)], stderr=its_end,
                          stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL) as command:
        os.close(its_end)
        reader = threading.Thread(target=read)
        reader.start()
        assert command.wait(timeout=60) == 0
        reader.join()
    os.close(terminal)
    return b"".join(drawn).decode()


def test_on_a_terminal_long_work_shows_how_far_it_has_come(tmp_path):
    """With --json it does not, and neither where the error output is no terminal."""
    file = _write_items(tmp_path / "all.jsonl", 30_000)
    drawn = _drawn("import", file, "--database", tmp_path / "one.db")
    assert "import " in drawn and " %, " in drawn, drawn
    assert " left" in drawn and drawn.endswith("\r\x1b[K")
    assert _drawn("import", file, "--json", "--database", tmp_path / "two.db") == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", ["backup", "export"])
def test_what_is_interrupted_leaves_no_file(command, number, tmp_path):
    """The process ends by the signal, once order is made."""
    database = tmp_path / "crier.db"
    crier_command("import", _write_items(tmp_path / "all.jsonl", 30_000), "--database", database)
    slowly = ["--rate", "10M"] if command == "backup" else []
    partial = tmp_path / "out.partial"
    with subprocess.Popen([PROGRAM, command, tmp_path / "out", "--database", database, *slowly],
                          stdout=subprocess.DEVNULL) as working:
        while not partial.exists() or partial.stat().st_size < 2**20:
            assert working.poll() is None, "it was too quick"
        working.send_signal(number)
        assert working.wait(timeout=10) == -number
    assert not partial.exists() and not (tmp_path / "out").exists()


def test_what_a_file_says_can_not_move_the_cursor(tmp_path):
    """An error quotes what others wrote, in one line without control characters."""
    file = tmp_path / "export.jsonl"
    file.write_text('{"record":"header","format":"crier","version":1}\n'
                    '{"record":"\\u001b]0;x\\u0007\\nsecond line"}\n'
                    '{"record":"end","services":0,"redirects":0,"nodes":0,"affiliations":0,'
                    '"subscriptions":0,"items":0,"contacts":0}\n')
    said = crier_command("import", file, "--database", tmp_path / "new.db", status=65)
    assert len(said.strip().splitlines()) == 1
    assert not any(character < " " for character in said.strip())


def test_no_copy_takes_the_place_of_its_own_source(crier, tmp_path):
    """FILE.partial is what an attempt has left; nothing else is taken for it."""
    assert crier.stop() == 0
    copy = tmp_path / "target.db.partial"
    crier_command("backup", copy, "--database", crier.database)
    before = copy.read_bytes()
    for words in (["restore", copy, "--yes", "--database", tmp_path / "target.db"],
                  ["backup", tmp_path / "target.db", "--database", copy]):
        assert "rename it first" in crier_command(*words, status=73)
    assert copy.read_bytes() == before


def test_options_that_belong_to_others_are_refused(tmp_path):
    for words in (["--host", "b.example"], ["--force"], ["--to-json", "f", "--dry-run"]):
        said = crier_command("import", tmp_path / "file", *words, status=64)
        assert len(said.strip().splitlines()) == 1


def test_a_damaged_database_is_told_as_one(crier, tmp_path):
    assert crier.stop() == 0
    with open(crier.database, "r+b") as database:
        database.seek(4096 * 8)
        database.write(b"\xff" * 4096 * 40)
    said = crier_command("export", tmp_path / "file", "--database", crier.database, status=65)
    assert "is damaged; restore a backup" in said
    assert not (tmp_path / "file.partial").exists()


def test_a_password_is_never_told(tmp_path):
    for source in ("postgresql://u:secret%zz@127.0.0.1/db", "host=127.0.0.1 password=secret x"):
        said = crier_command("import", source, "--from", "libervia", "--database",
                             tmp_path / "new.db", status=64)
        assert "secret" not in said
