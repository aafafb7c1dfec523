"""A private Prosody, in the foreground, as whoever we are."""

from pathlib import Path

from .process import Process
from .server import COMPONENTS, DOMAIN, MAX_STANZA_BYTES, SECRET, SERVICE, SINK, USERS, Server

CONFIGURATION = """
run_as_root = true
daemonize = false
data_path = "{directory}/data"
log = {{ info = "*console" }}

interfaces = {{ "127.0.0.1" }}
local_interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {client_port} }}
component_ports = {{ {component_port} }}
network_settings = {{ nagle = false }}
c2s_stanza_size_limit = {limit}
component_stanza_size_limit = {limit}

modules_enabled = {{ "saslauth", "tls", "disco", "ping"{modules} }}
modules_disabled = {{ "s2s", "s2s_auth_certs", "offline" }}
authentication = "internal_plain"
allow_unencrypted_plain_auth = true
c2s_require_encryption = false
ssl = {{ key = "{key}", certificate = "{certificate}" }}

VirtualHost "{domain}"
"""

GRANTS = """
    privileged_entities = {{ ["{service}"] = {{ roster = "get" }} }}
"""

COMPONENT = """
Component "{component}"
    component_secret = "{secret}"
"""


MODULES = Path(__file__).resolve().parents[3] / "share/prosody"
# Those of the tests.
HELPERS = Path(__file__).resolve().parents[1] / "modules"
PLUGINS = f'plugin_paths = {{ "{MODULES}", "{HELPERS}" }}\n'
COPIES = '    modules_enabled = { "crier_copies" }\n'
TESTED_COPIES = COPIES.replace(" }", ', "forget_copies" }')
THROWS = '    modules_enabled = { "throw" }\n'


class Prosody(Server):
    """Prosody with plain accounts, no limits on rates, and no server-to-server traffic."""

    name = "prosody"

    def _prepare(self):
        accounts = self.directory / "data" / DOMAIN / "accounts"
        accounts.mkdir(parents=True, exist_ok=True)
        for user, password in USERS.items():
            (accounts / f"{user}.dat").write_text(f'return {{ ["password"] = "{password}"; }};\n')
        text = CONFIGURATION.format(
            directory=self.directory, client_port=self.client_port, domain=DOMAIN,
            component_port=self.component_port, limit=MAX_STANZA_BYTES,
            key=self.key, certificate=self.certificate,
            modules=', "roster", "privilege"' if self.grants_rosters else "")
        if self.grants_rosters:
            text += GRANTS.format(service=SERVICE)
        for component in COMPONENTS:
            text += COMPONENT.format(component=component, secret=SECRET)
            if self.grants_rosters:
                text += '    modules_enabled = { "privilege" }\n'
            elif self.makes_copies:
                text += {SERVICE: TESTED_COPIES, SINK: THROWS}.get(component, "")
        self.configuration = self.directory / "prosody.cfg.lua"
        self.configuration.write_text(PLUGINS + text)

    def start(self):
        self.process = Process(
            ["prosody", "--no-daemonize", "--config", self.configuration],
            self.directory / "prosody.log", outlives=self.outlives)
        self.process.wait_for_line(r"Activated service 'component' on \[127\.0\.0\.1\]")
        self.process.wait_for_line(r"Activated service 'c2s' on \[127\.0\.0\.1\]")
