"""Private servers that throttle nothing, with or without a pubsub service of their own.

Each has two domains: crier-bench is the component USERS, the service is SERVICE: a component that
connects to it, or the server's own.
"""

import subprocess

from harness.ejabberd import Ejabberd
from harness.process import ProcessFailed
from harness.prosody import Prosody
from harness.server import SECRET, SERVICE

USERS = "users.localhost"
# Both servers refuse bigger stanzas; an answer with many items is far below.
MAX_STANZA_BYTES = 64 * 1024 * 1024
# Prosody lets nobody but admins create nodes: the users crier-bench creates them as.
OWNERS = [f"publisher{number}@{USERS}" for number in range(100)]

PROSODY = """
run_as_root = true
daemonize = false
data_path = "{directory}/data"
log = {{ info = "*console" }}
interfaces = {{ "127.0.0.1" }}
local_interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {client_port} }}
component_ports = {{ {component_port} }}
network_settings = {{ nagle = false }}
component_stanza_size_limit = {limit}
modules_enabled = {{ "saslauth", "tls", "disco" }}
modules_disabled = {{ "s2s", "s2s_auth_certs", "offline" }}
authentication = "internal_plain"
ssl = {{ key = "{key}", certificate = "{certificate}" }}

VirtualHost "localhost"

Component "{users}"
    component_secret = "{secret}"
"""

PROSODY_COMPONENT = """
Component "{service}"
    component_secret = "{secret}"
"""

PROSODY_PUBSUB = """
Component "{service}" "pubsub"
    pubsub_max_items = 10000
    admins = {{ {owners} }}
"""

PROSODY_SQLITE = """
    storage = "sql"
    sql = {{ driver = "SQLite3", database = "{directory}/pubsub.sqlite" }}
"""

EJABBERD = """
hosts: ["localhost"]
loglevel: warning
certfiles: ["{directory}/both.pem"]
acme: {{ auto: false }}
auth_method: [internal]
auth_password_format: plain
s2s_access: none
max_fsm_queue: 10000000
listen:
  - port: {component_port}
    ip: "127.0.0.1"
    module: ejabberd_service
    password: "{secret}"
    max_stanza_size: {limit}
    shaper: none
"""

EJABBERD_SQLITE = """
sql_type: sqlite
sql_database: "{directory}/pubsub.sqlite"
"""

EJABBERD_PUBSUB = """
modules:
  mod_disco: {{}}
  mod_pubsub:
    host: "{service}"
    access_createnode: all
    plugins: [flat]
    max_items_node: 10000
    db_type: {storage}
"""


def _values(server):
    return {"directory": server.directory, "client_port": server.client_port,
            "component_port": server.component_port, "limit": MAX_STANZA_BYTES,
            "key": server.key, "certificate": server.certificate, "secret": SECRET,
            "users": USERS, "service": SERVICE,
            "owners": ", ".join(f'"{owner}"' for owner in OWNERS)}


class BenchProsody(Prosody):
    """`own` is the storage of its own pubsub service, "internal" or "sqlite"; None without one."""

    package = "prosody"

    def __init__(self, directory, own=None):
        self.own = own
        super().__init__(directory)

    def _prepare(self):
        (self.directory / "data").mkdir(exist_ok=True)
        parts = [PROSODY, PROSODY_PUBSUB if self.own else PROSODY_COMPONENT]
        if self.own == "sqlite":
            parts.append(PROSODY_SQLITE)
        self.configuration = self.directory / "prosody.cfg.lua"
        self.configuration.write_text("".join(parts).format(**_values(self)))


class BenchEjabberd(Ejabberd):
    """`own` is the storage of its own pubsub service, "internal" (Mnesia) or "sqlite"; None
    without one."""

    package = "ejabberd"

    def __init__(self, directory, own=None):
        self.own = own
        super().__init__(directory)

    def _prepare(self):
        parts = [EJABBERD]
        if self.own == "sqlite":
            parts.append(EJABBERD_SQLITE)
        if self.own:
            parts.append(EJABBERD_PUBSUB)
        self.configuration = self.directory / "ejabberd.yml"
        self.configuration.write_text("".join(parts).format(
            storage="sql" if self.own == "sqlite" else "mnesia", **_values(self)))


SERVERS = {"prosody": BenchProsody, "ejabberd": BenchEjabberd}


def version_of(name):
    """The version of a server's Debian package."""
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", SERVERS[name].package],
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise ProcessFailed(f"{name} is not installed: {done.stderr.strip()}")
    return done.stdout
