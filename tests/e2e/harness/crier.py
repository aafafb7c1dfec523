"""crier itself: the service, and the command line that talks to it."""

import json
import os
import signal
import subprocess
from pathlib import Path

from .process import Process, ProcessFailed
from .server import DOMAIN, SECRET, SERVICE, USERS

BUILD = Path(os.environ.get("CRIER_BUILD", Path(__file__).resolve().parents[3] / "build"))
PROGRAM = BUILD / "crier"


def done(result):
    """The standard output of a command that succeeded."""
    assert result.returncode == 0, f"status {result.returncode}: {result.stderr}"
    return result.stdout


def failed(result, status):
    """The one line on the standard error of a command that failed with `status`."""
    assert result.returncode == status, f"status {result.returncode}: {result.stderr}"
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


class Crier:
    """`crier serve` with its files in `directory`; the database survives restarts."""

    def __init__(self, directory, address, domain=SERVICE, secret=SECRET, options=(),
                 outlives=False):
        self.directory = Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.address = address
        self.domain = domain
        self.options = list(options)
        self.outlives = outlives
        self.database = self.directory / "crier.db"
        self.secret_file = self.directory / "secret"
        self.secret_file.write_text(secret + "\n")
        self.secret_file.chmod(0o600)
        self.control = self.directory / "control"
        self.process = None

    def command(self):
        return [PROGRAM, "serve", "--domain", self.domain, "--server", self.address,
                "--secret-file", self.secret_file, "--database", self.database,
                "--control", self.control, *self.options]

    def launch(self):
        """Starts it without waiting."""
        self.process = Process(self.command(), self.directory / "crier.log",
                               outlives=self.outlives)
        return self

    def start(self, timeout=20):
        """Starts it; the seconds until it said that it is ready."""
        return self.launch().wait_until_ready(timeout)

    def wait_until_ready(self, timeout=20, occurrence=1):
        """The seconds from its start until it said so (for the second time, …)."""
        line = self.process.wait_for_line(rf"ready: {self.domain} via ", timeout, occurrence)
        return line.seconds

    def kill(self):
        """SIGKILL."""
        self.process.kill()

    def stop(self):
        """SIGTERM; the exit status."""
        return self.process.terminate()

    def close(self):
        if self.process and self.process.running:
            self.process.kill()

    def has_crashed(self):
        """Whether a signal has ended it that no test sends."""
        crashes = {-number for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS,
                                          signal.SIGFPE, signal.SIGILL)}
        return bool(self.process) and self.process.status in crashes

    def run_to_end(self, timeout=20):
        """Starts it with the expectation that it ends by itself: (status, lines it wrote)."""
        self.launch()
        try:
            status = self.process.wait(timeout)
        except ProcessFailed:
            self.process.kill()
            raise
        return status, self.process.lines()


class CommandLine:
    """The subcommands, as one user of one service."""

    def __init__(self, server, directory, user="alice", service=SERVICE):
        self.server = server
        self.password_file = Path(directory) / f"password-of-{user}"
        self.password_file.write_text(USERS[user] + "\n")
        self.password_file.chmod(0o600)
        self.account = ["--jid", f"{user}@{DOMAIN}", "--password-file", self.password_file,
                        "--host", f"{server.host}:{server.client_port}", "--service", service]

    def command(self, *words, encryption=("--insecure",)):
        return [str(word) for word in (PROGRAM, *words, *self.account, *encryption)]

    def run(self, *words, stdin="", encryption=("--insecure",), trust=None, timeout=30):
        """Runs one subcommand to its end: status, stdout and stderr (subprocess.CompletedProcess)."""
        environment = dict(os.environ)
        if trust:
            environment["SSL_CERT_FILE"] = str(trust)
        return subprocess.run(self.command(*words, encryption=encryption), input=stdin, text=True,
                              capture_output=True, timeout=timeout, env=environment)

    def json(self, *words, **options):
        """Runs one subcommand with --json: what it printed, parsed."""
        return json.loads(done(self.run(*words, "--json", **options)))
