"""`crier import --from`: stores that real servers have written, as they are. docs/migrate.md

On Prosody: its files, its SQL tables, and Libervia's database; on ejabberd: a dump of Mnesia and its
SQL tables. What is in them was written by clients over XMPP, once for all tests."""

import json
import subprocess
from dataclasses import dataclass

import pytest

from harness.crier import PROGRAM
from harness.foreign import (EJABBERD_NODES, FILED, LIBERVIA, LIBERVIA_NODES, ODD, PAYLOADS,
                             PROSODY_NODES, TABLED, Libervia, Postgresql, StoringEjabberd,
                             StoringProsody, fill)
from harness.pubsub import get_configuration, pubsub
from harness.xml import PUBSUB, canonical, form_values

OWN_NODES = "a node of a user's own (PEP)"
PROSODY_OPTIONS = {"include_body": "1"}


@dataclass
class Store:
    """What `crier import` is told of a store, and what it says that it did not carry."""

    kind: str
    source: str
    host: str
    lost: dict

    def run(self, *words, status=0):
        command = [PROGRAM, "import", self.source, "--from", self.kind, "--host", self.host,
                   "--json", *words]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                              timeout=30)
        assert done.returncode == status, done.stderr
        return json.loads(done.stdout) if status == 0 else done.stderr


def _of_prosody(directory):
    postgresql = Postgresql(directory / "postgresql")
    try:
        with StoringProsody(directory / "prosody") as server:
            libervia = Libervia(server, directory / "libervia", postgresql)
            fill(server, FILED, PROSODY_NODES, PROSODY_OPTIONS, own_nodes=True)
            fill(server, TABLED, PROSODY_NODES, PROSODY_OPTIONS)
            fill(server, LIBERVIA, LIBERVIA_NODES)
            libervia.close()
        yield [Store("prosody", server.data, FILED, {OWN_NODES: 2}),
               Store("prosody", server.tables, TABLED, {}),
               Store("libervia", libervia.database, LIBERVIA,
                     {"the configuration pubsub#overwrite_policy=original_publisher": 6,
                      "the configuration pubsub#serial_ids": 1})]
    finally:
        postgresql.close()


def _of_ejabberd(directory):
    with StoringEjabberd(directory / "ejabberd") as server:
        fill(server, FILED, EJABBERD_NODES, own_nodes=True)
        fill(server, TABLED, EJABBERD_NODES)
    yield [Store("ejabberd", server.dump, FILED, {OWN_NODES: 2}),
           Store("ejabberd", server.tables, TABLED, {})]


@pytest.fixture(scope="module")
def stores(server, tmp_path_factory):
    directory = tmp_path_factory.mktemp("stores")
    for each in (directory, *directory.parents[:2]):
        each.chmod(0o755)  # PostgreSQL runs as another user
    yield from (_of_prosody if server.name == "prosody" else _of_ejabberd)(directory)


def _export(database, file):
    subprocess.run([PROGRAM, "export", file, "--database", database], check=True,
                   capture_output=True)
    return file


def _lines(file):
    return sorted(file.read_bytes().splitlines())


def test_what_is_exported_is_what_was_read(stores, tmp_path):
    """export(import(x)) = x, byte for byte after sorting; a second import changes nothing."""
    for number, store in enumerate(stores):
        read, database = tmp_path / f"{number}.jsonl", tmp_path / f"{number}.db"
        converted = store.run("--to-json", read)
        imported = store.run("--database", database)
        assert _lines(read) == _lines(_export(database, tmp_path / f"{number}.exported.jsonl"))
        assert converted["items"] == imported["items"]["added"] == len(ODD) * len(PAYLOADS)
        again = store.run("--database", database)
        assert [again[kind]["added"] for kind in ("nodes", "subscriptions", "items")] == [0, 0, 0]
        assert imported["not_carried"] == converted["not_carried"]
        assert {each["what"]: each["count"] for each in imported["not_carried"]} == store.lost


def _records(file):
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_what_is_read_is_what_the_clients_wrote(stores, tmp_path):
    """Names, ids and payloads are exact; affiliations and subscriptions are those of each node."""
    for number, store in enumerate(stores):
        file = tmp_path / f"{number}.jsonl"
        store.run("--to-json", file)
        records = _records(file)
        of = {kind: [each for each in records if each["record"] == kind]
              for kind in ("node", "affiliation", "subscription", "item")}
        names = {each["node"] for each in of["node"]}
        assert names >= {*ODD, "configured 0", "configured 1"}
        for name in ODD[1:]:
            items = [each for each in of["item"] if each["node"] == name]
            assert [each["id"] for each in items] == [f"{i} {name}" for i in range(len(PAYLOADS))]
            for item, payload in zip(items, PAYLOADS):
                assert canonical(item["payload"]) == canonical(payload)
        plain = [each for each in of["item"] if each["node"] == "plain"]
        assert [(each["id"], each["publisher"]) for each in plain] == [
            ("2 plain", "alice@localhost"), ("3 plain", "alice@localhost"),
            ("0 plain", "alice@localhost"), ("of bob", "bob@localhost")]
        assert {each["jid"]: each["affiliation"] for each in of["affiliation"]
                if each["node"] == "plain"} == {
            "alice@localhost": "owner", "bob@localhost": "publisher", "carol@localhost": "member",
            "dave@localhost": "outcast"}
        assert {each["jid"] for each in of["subscription"] if each["node"] == "plain"} == {
            "bob@localhost", "carol@localhost/desk"}


def test_the_service_goes_on_with_what_was_imported(server, stores, alice, make_crier, tmp_path):
    """The owner finds her node as she has configured it, and its items."""
    store = next(each for each in stores if each.host == FILED)
    crier = make_crier(server.component_address, domain=FILED)
    store.run("--database", crier.database)
    crier.start()
    request = pubsub(f"<items node='{ODD[2]}'/>")
    items = alice.get(request, to=FILED).findall(f".//{{{PUBSUB}}}item")
    assert sorted((each.get("id"), canonical(each[0])) for each in items) == [
        (f"{i} {ODD[2]}", canonical(payload)) for i, payload in enumerate(PAYLOADS)]
    fields = form_values(alice.get(get_configuration("configured 0"), to=FILED))
    assert fields["pubsub#title"] == ["T ☃"]
    assert fields["pubsub#access_model"] == ["whitelist"]
    assert fields["pubsub#deliver_payloads"] == ["0"]


def test_nothing_is_imported_from_a_store_that_is_none(stores, tmp_path):
    """One line that says what is wrong, where, and what to do; no database is made."""
    database = tmp_path / "crier.db"
    store = stores[0]
    wrong = Store(store.kind, store.source, "other.example", {})
    said = wrong.run("--database", database, status=64)
    assert f"no pubsub nodes of other.example; it has those of {FILED}" in said
    broken = tmp_path / "broken"
    broken.write_text("{pubsub_node,\n")
    said = Store("ejabberd", broken, FILED, {}).run("--database", database, status=65)
    assert said == f"crier: import: {broken}:2: a term is missing\n"
