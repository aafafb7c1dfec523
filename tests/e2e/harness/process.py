"""Processes that we start: their output in a file, ended by the pid that we know."""

import ctypes
import os
import random
import re
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

POLL_SECONDS = 0.005
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


class ProcessFailed(Exception):
    """A process ended, or did not say in time what it was expected to say."""


@dataclass(frozen=True)
class Line:
    """One line of a process's output, and how long after its start it was seen."""

    text: str
    seconds: float


def _die_with_parent():
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def free_ports(count):
    """`count` different TCP ports of the loopback that nobody uses now.

    They lie below the range from which the kernel takes the ports of outgoing connections: a
    server that restarts finds its port free.
    """
    found = []
    for port in random.sample(range(10000, 16000), 500):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
        if len(found) == count:
            return found
    raise ProcessFailed("no free ports on the loopback")


class Process:
    """A child whose output (both streams) goes to `log`. It dies with us unless `outlives` is set."""

    def __init__(self, command, log, env=None, cwd=None, outlives=False):
        self.command = [str(word) for word in command]
        self.log = Path(log)
        self._offset = self.log.stat().st_size if self.log.exists() else 0
        self.started = time.monotonic()
        with open(self.log, "ab") as output:
            self._child = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=cwd,
                env={**os.environ, **(env or {})},
                start_new_session=True,
                preexec_fn=None if outlives else _die_with_parent,
            )

    @property
    def pid(self):
        return self._child.pid

    @property
    def running(self):
        return self._child.poll() is None

    @property
    def status(self):
        """The exit status, negative for a signal; None while it runs."""
        return self._child.poll()

    def lines(self):
        """The whole lines written since this start."""
        with open(self.log, "rb") as output:
            output.seek(self._offset)
            text = output.read().decode("utf-8", "replace")
        return text.split("\n")[:-1]

    def wait_for_line(self, pattern, timeout=20, occurrence=1):
        """The first (second, …) line that `pattern`, a regular expression, is found in."""
        wanted = re.compile(pattern)
        deadline = time.monotonic() + timeout
        while True:
            ended = not self.running
            found = [text for text in self.lines() if wanted.search(text)]
            if len(found) >= occurrence:
                return Line(found[occurrence - 1], time.monotonic() - self.started)
            if ended:
                raise ProcessFailed(f"{self.command[0]} ended with {self.status}: {self.tail()}")
            if time.monotonic() > deadline:
                raise ProcessFailed(
                    f"{self.command[0]} did not say {pattern!r} in {timeout} s: {self.tail()}")
            time.sleep(POLL_SECONDS)

    def tail(self, count=15):
        return "\n".join(self.lines()[-count:])

    def wait(self, timeout=20):
        """The exit status, once it has ended."""
        try:
            return self._child.wait(timeout)
        except subprocess.TimeoutExpired as error:
            raise ProcessFailed(f"{self.command[0]} still runs after {timeout} s") from error

    def kill(self):
        """SIGKILL, and gone on return."""
        if self.running:
            self._child.kill()
        return self._child.wait()

    def terminate(self, timeout=20):
        """SIGTERM; the exit status. SIGKILL when that does not end it in time."""
        if self.running:
            self._child.terminate()
        try:
            return self._child.wait(timeout)
        except subprocess.TimeoutExpired:
            return self.kill()

    def resident_bytes(self):
        """Resident memory now."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise ProcessFailed(f"no VmRSS for {self.pid}")
