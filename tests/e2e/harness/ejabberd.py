"""A private ejabberd, in the foreground, as whoever we are.

The Erlang machine is started directly: `ejabberdctl` changes to the system's user, and a node
without a name needs neither a cookie nor the port mapper daemon.
"""

import os
import subprocess
from pathlib import Path

from .process import Process
from .server import DOMAIN, MAX_STANZA_BYTES, SECRET, SERVICE, USERS, Server

CONFIGURATION = """
hosts: ["{domain}"]
loglevel: info
certfiles: ["{directory}/both.pem"]
acme: {{ auto: false }}
auth_method: [internal]
auth_password_format: plain
s2s_access: none
max_fsm_queue: 10000000
listen:
  - port: {client_port}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    starttls: true
    max_stanza_size: {limit}
    shaper: none
  - port: {component_port}
    ip: "127.0.0.1"
    module: ejabberd_service
    password: "{secret}"
    max_stanza_size: {limit}
    shaper: none
modules:
  mod_disco: {{}}
  mod_ping: {{}}
  mod_roster: {{}}
"""

GRANTS = """\
  mod_privilege:
    roster:
      get: rosters_are_shown
access_rules:
  rosters_are_shown:
    - allow: {{ server: "{service}" }}
"""

# Behind the modules, which come last.
COPIES = "  mod_crier_copies: {}\n"
COPIES_SOURCE = (Path(__file__).resolve().parents[3] /
                 "share/ejabberd/mod_crier_copies/src/mod_crier_copies.erl")

READY = "all users are registered"


def _register_users():
    calls = "".join(
        f'ok = ejabberd_auth:try_register(<<"{user}">>, <<"{DOMAIN}">>, <<"{password}">>), '
        for user, password in USERS.items())
    return f'case ejabberd_auth:user_exists(<<"alice">>, <<"{DOMAIN}">>) of ' \
           f'true -> ok; false -> {calls} ok end, io:format("~s~n", ["{READY}"])'


class Ejabberd(Server):
    """ejabberd with plain accounts, no limits on rates, and no server-to-server traffic."""

    name = "ejabberd"

    def _prepare(self):
        self.configuration = self.directory / "ejabberd.yml"
        text = CONFIGURATION.format(
            directory=self.directory, domain=DOMAIN, client_port=self.client_port,
            component_port=self.component_port, limit=MAX_STANZA_BYTES, secret=SECRET)
        if self.grants_rosters:
            text += GRANTS.format(service=SERVICE)
        elif self.makes_copies:
            text += COPIES
        self.configuration.write_text(text)

    def _build_copies(self, libraries):
        """Arguments that let ejabberd find the module, compiled."""
        if not self.makes_copies:
            return []
        # Not a directory named as one of its applications, which it would be taken for.
        built = self.directory / "modules"
        built.mkdir(exist_ok=True)
        subprocess.run(["erlc", "-o", built, COPIES_SOURCE], check=True,
                       env={**os.environ, "ERL_LIBS": str(libraries)})
        return ["-pa", str(built)]

    def start(self):
        libraries = next(Path("/usr/lib").glob("*/ejabberd-*/ebin/ejabberd.app")).parents[2]
        self.process = Process(
            ["erl", "-noinput", "+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none",
             "-mnesia", "dir", f'"{self.directory}/spool"',
             *self._build_copies(libraries), "-s", "ejabberd", "-eval", _register_users()],
            self.directory / "console.log", cwd=self.directory, outlives=self.outlives,
            env={"ERL_LIBS": str(libraries),
                 "EJABBERD_CONFIG_PATH": str(self.configuration),
                 "EJABBERD_LOG_PATH": str(self.directory / "ejabberd.log"),
                 "ERL_CRASH_DUMP": str(self.directory / "erl_crash.dump"),
                 "HOME": str(self.directory)})
        self.process.wait_for_line(READY, timeout=60)
