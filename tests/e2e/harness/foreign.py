"""Servers with pubsub services of their own, and what the tests of `crier import --from` have them
store: nodes of many configurations, affiliations, subscriptions, odd items, users' own nodes.

Prosody and ejabberd have two services each, one for each kind of storage: FILED (Prosody's files,
ejabberd's Mnesia) and TABLED (an SQLite file of theirs)."""

import os
import shutil
import subprocess
import time
from pathlib import Path
from xml.sax.saxutils import quoteattr

from . import ejabberd, prosody
from .client import User
from .process import Process, ProcessFailed
from .pubsub import (configure, create, item, options_form, owner, publish, pubsub, retract,
                     subscribe)
from .server import DOMAIN, MAX_STANZA_BYTES, SECRET, SERVICE, SPARE_SERVICE

FILED, TABLED, LIBERVIA = SPARE_SERVICE, SERVICE, "libervia.localhost"

PROSODY_SERVICES = f"""
Component "{FILED}" "pubsub"
    admins = {{{{ "alice@{DOMAIN}" }}}}
Component "{TABLED}" "pubsub"
    admins = {{{{ "alice@{DOMAIN}" }}}}
    storage = "sql"
    sql = {{{{ driver = "SQLite3", database = "{{directory}}/store.sqlite" }}}}
Component "{LIBERVIA}"
    component_secret = "{SECRET}"
"""

EJABBERD_SERVICES = f"""\
  mod_caps: {{{{}}}}
sql_type: sqlite
sql_database: "{{directory}}/store.sqlite"
default_db: mnesia
append_host_config:
  "{DOMAIN}":
    modules:
      mod_pubsub:
        host: "{FILED}"
        access_createnode: all
        plugins: [flat, pep]
  "tables.{DOMAIN}":
    modules:
      mod_pubsub:
        host: "{TABLED}"
        access_createnode: all
        plugins: [flat]
        db_type: sql
"""


class StoringProsody(prosody.Prosody):
    """Stores in `data` and `tables`."""

    def _prepare(self):
        super()._prepare()
        self.data = self.directory / "data"
        self.tables = self.directory / "store.sqlite"
        text = prosody.CONFIGURATION.format(
            directory=self.directory, client_port=self.client_port, domain=DOMAIN,
            component_port=self.component_port, limit=MAX_STANZA_BYTES,
            key=self.key, certificate=self.certificate, modules=', "pep", "roster"')
        self.configuration.write_text(text + PROSODY_SERVICES.format(directory=self.directory))


class StoringEjabberd(ejabberd.Ejabberd):
    """Stores in Mnesia, of which it leaves a `dump` when it ends, and in `tables`."""

    def _prepare(self):
        super()._prepare()
        self.dump = self.directory / "mnesia.dump"
        self.tables = self.directory / "store.sqlite"
        hosts = f'hosts: ["{DOMAIN}"'
        text = self.configuration.read_text().replace(hosts, f'{hosts}, "tables.{DOMAIN}"')
        self.configuration.write_text(text + EJABBERD_SERVICES.format(directory=self.directory))

    def close(self):
        """What `ejabberdctl dump` writes, then the end."""
        running = self.process is not None
        super().close()
        if not running:
            return
        libraries = next(Path("/usr/lib").glob("*/ejabberd-*/ebin/ejabberd.app")).parents[2]
        program = (f"ok = mnesia:start(), "
                   f"ok = mnesia:wait_for_tables(mnesia:system_info(local_tables), 20000), "
                   f'{{ok, _}} = ejabberd_admin:dump_mnesia("{self.dump}"), halt(0).')
        dumping = Process(
            ["erl", "-noinput", "-mnesia", "dir", f'"{self.directory}/spool"', "-eval", program],
            self.directory / "dump.log", cwd=self.directory,
            env={"ERL_LIBS": str(libraries), "HOME": str(self.directory)})
        if dumping.wait(timeout=60) != 0:
            raise ProcessFailed(f"Mnesia was not dumped: {dumping.tail()}")


class Postgresql:
    """A private PostgreSQL cluster on a Unix socket. It refuses to run as root."""

    def __init__(self, directory):
        self.directory = Path(directory)
        self.directory.mkdir(parents=True)
        self.programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
        self._as_user = {}
        if os.getuid() == 0:
            self._as_user = {"user": "postgres"}
            shutil.chown(self.directory, "postgres")
        self._run("initdb", "-D", self.directory / "data", "-A", "trust", "--no-sync",
                  "-E", "UTF8", "--locale=C.UTF-8", "-U", "postgres")
        self._run("pg_ctl", "-D", self.directory / "data", "-w", "-l", self.directory / "log", "-o",
                  f"-c listen_addresses= -c unix_socket_directories={self.directory} -c fsync=off",
                  "start")

    def _run(self, program, *words):
        subprocess.run([self.programs / program, *words], check=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/",
                       **self._as_user)

    def create(self, name, script):
        """A new database with what that file makes; its URI."""
        psql = ["psql", "-q", "-h", str(self.directory), "-U", "postgres", "-v", "ON_ERROR_STOP=1"]
        subprocess.run([*psql, "-c", f"CREATE DATABASE {name}"], check=True, capture_output=True)
        subprocess.run([*psql, "-f", script, name], check=True, capture_output=True)
        return f"postgresql:///{name}?host={self.directory}&user=postgres"

    def close(self):
        self._run("pg_ctl", "-D", self.directory / "data", "-m", "immediate", "stop")


class Libervia:
    """libervia-pubsub, as the component LIBERVIA of a StoringProsody, with its own database."""

    def __init__(self, server, directory, postgresql):
        directory = Path(directory)
        directory.mkdir(parents=True)
        self.database = postgresql.create("pubsub", "/usr/share/libervia/sat_pubsub/db/pubsub.sql")
        self.process = Process(
            ["/usr/bin/twistd3", "--nodaemon", "--pidfile=", "libervia-pubsub", "--jid", LIBERVIA,
             "--xmpp_pwd", SECRET, "--rhost", server.host, "--rport", server.component_port,
             "--db_name", "pubsub", "--db_user", "postgres", "--db_host", postgresql.directory],
            directory / "libervia.log", cwd=directory,
            env={"PYTHONPATH": "/usr/share/libervia", "PYTHONDONTWRITEBYTECODE": "1",
                 "HOME": str(directory)})
        self._wait(server)

    def _wait(self, server):
        """Until it answers: it does not say when it is ready."""
        alice = User(server, "alice")
        deadline = time.monotonic() + 30
        while alice.refused("set", create("first"), to=LIBERVIA):
            if time.monotonic() > deadline or not self.process.running:
                raise ProcessFailed(f"Libervia does not answer: {self.process.tail()}")
            time.sleep(0.1)
        alice.close()

    def close(self):
        self.process.terminate()


# Names and ids that file names, literals and terms have to escape; payloads that must stay exact.
ODD = ["plain", "with space/slash%2f\"quote'", "ünïcode ☃ 😀", "back\\slash}{;--[["]

PAYLOADS = [
    "<entry xmlns='http://www.w3.org/2005/Atom'><title>Soliloquy</title></entry>",
    "<e xmlns='urn:x' xmlns:p='urn:p' p:a='1' b='&lt;&amp;&quot;&#39;'>mixed <p:c>\\ \"é\"</p:c> "
    "tail<d xmlns='urn:y'/></e>",
    "<e xmlns='urn:x' xml:lang='de'> ☃ &amp; 😀 &lt;tag&gt;\n\t<f> </f>]]&gt;</e>",
    "<empty xmlns='urn:x'/>",
]

PROSODY_NODES = [
    dict(title="T ☃", description="D\nE", type="urn:x", max_items=3, access_model="whitelist",
         publish_model="open", send_last_published_item="on_sub_and_presence",
         deliver_payloads="0", notification_type="normal", notify_delete="0", notify_retract="0"),
    dict(persist_items="0"),
    dict(max_items="max", deliver_notifications="0", publish_model="subscribers"),
]

EJABBERD_NODES = [
    dict(title="T ☃", description="D E", type="urn:x", max_items=3, access_model="whitelist",
         publish_model="open", send_last_published_item="on_sub", deliver_payloads="0",
         notification_type="normal", notify_delete="1", notify_retract="0", notify_config="1"),
    dict(persist_items="0", access_model="roster", roster_groups_allowed=["a b", "ü"],
         presence_based_delivery="1"),
    dict(max_items="max", deliver_notifications="0", publish_model="subscribers",
         itemreply="owner", purge_offline="1", max_payload_size=1000, subscribe="0",
         access_model="authorize"),
]

LIBERVIA_NODES = [
    dict(max_items=3, access_model="whitelist", publish_model="open", deliver_payloads=0,
         send_last_published_item="never"),
    dict(persist_items=0, overwrite_policy="any_publisher", serial_ids=1),
]


def fill(server, service, configurations, options=None, own_nodes=False):
    """Has alice, bob and carol store what a service takes."""
    users = alice, bob, carol = [User(server, name) for name in ("alice", "bob", "carol")]

    def do(user, *contents):
        for answer in user.wait_for_answers(user.pipeline(contents, to=service)):
            assert answer.get("type") == "result", answer

    try:
        for name in ODD:
            do(alice, create(name))
            for number, payload in enumerate(PAYLOADS):  # Libervia stores at once what comes at once
                do(alice, publish(name, item(payload, id=f"{number} {name}")))
        do(alice, retract("plain", "1 plain"))
        do(alice, publish("plain", item(PAYLOADS[0], id="0 plain")))  # the newest again
        for number, configuration in enumerate(configurations):
            do(alice, create(f"configured {number}"))
            do(alice, configure(f"configured {number}", **configuration))
        affiliations = "".join(
            f"<affiliation jid='{name}@{DOMAIN}' affiliation='{affiliation}'/>"
            for name, affiliation in (("bob", "publisher"), ("carol", "member"),
                                      ("dave", "outcast")))
        do(alice, owner(f"<affiliations node='plain'>{affiliations}</affiliations>"))
        do(bob, publish("plain", item(PAYLOADS[0], id="of bob")))
        do(bob, *(subscribe(name, bob.bare) for name in ODD))
        do(carol, subscribe("plain", carol.jid))
        if options:
            do(carol, pubsub(f"<subscribe node={quoteattr(ODD[1])} jid={quoteattr(carol.jid)}/>"
                             f"<options>{options_form(options)}</options>"))
        if own_nodes:
            alice.set(publish("urn:xmpp:mood ☃", item(PAYLOADS[1], id="current")), to=alice.bare)
            bob.set(publish("http://jabber.org/protocol/tune", item(PAYLOADS[0])), to=bob.bare)
    finally:
        for user in users:
            user.close()
