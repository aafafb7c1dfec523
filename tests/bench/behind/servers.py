"""Private servers that throttle nothing, with or without a pubsub service of their own.

Each has two domains: crier-bench is the component USERS, the service is SERVICE: a component that
connects to it, or the server's own.
"""

import subprocess

from harness import ejabberd, prosody
from harness.process import ProcessFailed
from harness.server import DOMAIN, SECRET, SERVICE

USERS = "users.localhost"
# Both servers refuse bigger stanzas; an answer with many items is far below.
MAX_STANZA_BYTES = 64 * 1024 * 1024
# Prosody lets nobody but admins create nodes: the users crier-bench creates them as.
OWNERS = [f"publisher{number}@{USERS}" for number in range(100)]

PROSODY_PUBSUB = """
Component "{service}" "pubsub"
    pubsub_max_items = 10000
    admins = {{ {owners} }}
"""

PROSODY_SQLITE = """
    storage = "sql"
    sql = {{ driver = "SQLite3", database = "{directory}/pubsub.sqlite" }}
"""

EJABBERD_SQLITE = """
sql_type: sqlite
sql_database: "{directory}/pubsub.sqlite"
"""

EJABBERD_PUBSUB = """\
  mod_pubsub:
    host: "{service}"
    access_createnode: all
    plugins: [flat]
    max_items_node: 10000
    db_type: {storage}
"""


class BenchProsody(prosody.Prosody):
    """`own` is the storage of its own pubsub service, "internal" or "sqlite"; None without one."""

    package = "prosody"

    def __init__(self, directory, own=None, makes_copies=False):
        self.own = own
        super().__init__(directory, makes_copies=makes_copies)

    def _prepare(self):
        (self.directory / "data").mkdir(exist_ok=True)
        text = prosody.CONFIGURATION.format(
            directory=self.directory, client_port=self.client_port, domain=DOMAIN,
            component_port=self.component_port, limit=MAX_STANZA_BYTES,
            key=self.key, certificate=self.certificate, modules="")
        text += prosody.COMPONENT.format(component=USERS, secret=SECRET)
        if self.own:
            text += PROSODY_PUBSUB.format(service=SERVICE,
                                          owners=", ".join(f'"{owner}"' for owner in OWNERS))
        else:
            text += prosody.COMPONENT.format(component=SERVICE, secret=SECRET)
            text += prosody.COPIES if self.makes_copies else ""
        if self.own == "sqlite":
            text += PROSODY_SQLITE.format(directory=self.directory)
        self.configuration = self.directory / "prosody.cfg.lua"
        self.configuration.write_text(prosody.PLUGINS + text)


class BenchEjabberd(ejabberd.Ejabberd):
    """`own` is the storage of its own pubsub service, "internal" (Mnesia) or "sqlite"; None
    without one."""

    package = "ejabberd"

    def __init__(self, directory, own=None, makes_copies=False):
        self.own = own
        super().__init__(directory, makes_copies=makes_copies)

    def _prepare(self):
        text = ejabberd.CONFIGURATION.format(
            directory=self.directory, domain=DOMAIN, client_port=self.client_port,
            component_port=self.component_port, limit=MAX_STANZA_BYTES, secret=SECRET)
        if self.makes_copies:
            text += ejabberd.COPIES
        if self.own:  # Behind the modules, which come last.
            storage = "sql" if self.own == "sqlite" else "mnesia"
            text += EJABBERD_PUBSUB.format(service=SERVICE, storage=storage)
        if self.own == "sqlite":
            text += EJABBERD_SQLITE.format(directory=self.directory)
        self.configuration = self.directory / "ejabberd.yml"
        self.configuration.write_text(text)


SERVERS = {"prosody": BenchProsody, "ejabberd": BenchEjabberd}


def version_of(name):
    """The version of a server's Debian package."""
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", SERVERS[name].package],
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise ProcessFailed(f"{name} is not installed: {done.stderr.strip()}")
    return done.stdout
