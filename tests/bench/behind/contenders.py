"""Whoever is measured: a service together with a private server, and one measurement of it."""

import json
import subprocess

from harness.crier import BUILD, Crier
from harness.process import Process, ProcessFailed
from harness.server import SECRET, SERVICE

from .servers import SERVERS, USERS

BENCH = BUILD / "crier-bench"
# Of one scenario, with all that it prepares and takes down: built-in services need minutes.
MAX_SECONDS = 600


class Contender:
    """A server with nobody at the service's address; starts with `with`."""

    own_storage = None
    makes_copies = False

    def __init__(self, server_name, directory):
        self.directory = directory
        self.server = SERVERS[server_name](directory, own=self.own_storage,
                                           makes_copies=self.makes_copies)

    @property
    def pid(self):
        """The process that serves."""
        return self.server.process.pid

    def start_service(self):
        """Starts what serves, when the server does not do so itself."""

    def end_service(self):
        """Ends it."""

    def __enter__(self):
        self.server.start()
        try:
            self.start_service()
        except BaseException:
            self.server.close()
            raise
        return self

    def __exit__(self, *_):
        self.end_service()
        self.server.close()

    def measure(self, scenario, arguments):
        """Plays one scenario: (what crier-bench says of it, what it says of the machine)."""
        command = [BENCH, "--json", "--connect", self.server.component_address,
                   "--users-domain", USERS, "--users-secret", SECRET, "--service", SERVICE,
                   "--pid", self.pid, "--server-pid", self.server.process.pid, "--scenario", scenario, *arguments]
        done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE,
                              text=True, timeout=MAX_SECONDS)
        if done.returncode not in (0, 1):
            raise ProcessFailed(f"crier-bench ended with {done.returncode}")
        report = json.loads(done.stdout)
        return report["scenarios"][0], report["machine"]


class CrierContender(Contender):
    def start_service(self):
        self.crier = Crier(self.directory / "crier", self.server.component_address,
                           options=("--create-nodes", "all"))
        self.crier.start()

    def end_service(self):
        self.crier.stop()

    @property
    def pid(self):
        return self.crier.process.pid


class CopiedContender(CrierContender):
    """With crier's module in the server."""

    makes_copies = True


class CeilingContender(Contender):
    def start_service(self):
        self.ceiling = Process(
            [BENCH, "--ceiling", "--connect", self.server.component_address,
             "--service", SERVICE, "--secret", SECRET], self.directory / "ceiling.log")
        self.ceiling.wait_for_line("^ready: ")

    def end_service(self):
        self.ceiling.terminate()

    @property
    def pid(self):
        return self.ceiling.pid


class OwnContender(Contender):
    own_storage = "internal"


class OwnSqliteContender(Contender):
    own_storage = "sqlite"


CONTENDERS = {"ceiling": CeilingContender, "crier": CrierContender,
              "crier-copied": CopiedContender, "builtin": OwnContender,
              "builtin-sqlite": OwnSqliteContender}
