"""What both XMPP servers have in common: one domain, its users, the domains of components."""

import subprocess
from pathlib import Path

from .process import free_ports

DOMAIN = "localhost"
SERVICE = "pubsub.localhost"      # the crier that most tests share
SPARE_SERVICE = "spare.localhost"  # for tests that start and end a crier of their own
SINK = "sink.localhost"           # a component of the tests: thousands of subscribers in one stream
COMPONENTS = (SERVICE, SPARE_SERVICE, SINK)
SECRET = "component secret of the tests"
USERS = {name: f"{name}'s password" for name in ("alice", "bob", "carol", "dave", "erin", "frank")}
MAX_STANZA_BYTES = 2 * 1024 * 1024


class Server:
    """A private XMPP server on loopback; everything it writes lies in `directory`."""

    name = ""

    def __init__(self, directory, outlives=False, grants_rosters=False, makes_copies=False):
        self.directory = Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.outlives = outlives
        self.grants_rosters = grants_rosters  # to SERVICE, by XEP-0356
        self.makes_copies = makes_copies      # for SERVICE, by crier's module (docs/copies.md)
        self.host = "127.0.0.1"
        self.client_port, self.component_port = free_ports(2)
        self.certificate = self.directory / "certificate.pem"
        self.process = None
        self._make_certificate()
        self._prepare()

    @property
    def component_address(self):
        return f"{self.host}:{self.component_port}"

    def start(self):
        """Starts it; returns when clients and components can connect."""
        raise NotImplementedError

    def _prepare(self):
        """Writes the configuration."""
        raise NotImplementedError

    def close(self):
        """Ends it in order."""
        if self.process:
            self.process.terminate(timeout=15)
            self.process = None

    def restart(self):
        """Ends it at once, as a crash does, and starts it again on the same ports."""
        self.process.kill()
        self.start()

    def _make_certificate(self):
        """A self-signed certificate for the domain, key and certificate in one file."""
        key = self.directory / "key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-days", "30", "-subj", f"/CN={DOMAIN}",
             "-addext", f"subjectAltName=DNS:{DOMAIN}",
             "-keyout", key, "-out", self.certificate],
            check=True, capture_output=True)
        self.key = key
        (self.directory / "both.pem").write_text(key.read_text() + self.certificate.read_text())

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.close()
