"""What `crier --help` alone tells a newcomer: its first steps, typed as they stand there."""

import os
import re
import subprocess

import pytest

from harness.crier import PROGRAM, done
from harness.process import Process


@pytest.fixture
def shell(server, make_crier, tmp_path):
    """Runs a line as a user of the service's machine would, in an empty directory."""
    crier = make_crier(server.component_address)
    crier.start()
    environment = {"CRIER_CONTROL": str(crier.control),
                   "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}"}
    home = tmp_path / "home"
    home.mkdir()

    def run(line):
        return subprocess.run(["sh", "-c", line], cwd=home, env={**os.environ, **environment},
                              text=True, capture_output=True, timeout=60, check=False)

    run.start = lambda line: Process(["sh", "-c", f"exec {line}"], tmp_path / "watch.log",
                                     env=environment, cwd=home)
    return run


def first_steps(shell):
    """The commands below "First steps", without their remarks."""
    text = done(shell("crier --help"))
    steps = text.split("First steps:\n")[1].split("\n\n")[0].splitlines()
    return [re.sub(r" +# .*", "", step).strip() for step in steps]


def test_the_first_steps_of_help(shell):
    create, watch, publish, explain, backup = first_steps(shell)
    assert done(shell(create)) == "news\n"
    watching = shell.start(watch)
    watching.wait_for_line("crier: watching news")
    item = done(shell(publish)).strip()
    watching.wait_for_line(f"published news {item}")
    watching.wait_for_line("Hello")
    # A stranger may not: the default publish model is "publishers". XEP-0060 §4.5
    refused = shell(explain)
    assert refused.returncode == 1
    assert refused.stdout.startswith("No. ") and "publish" in refused.stdout
    done(shell(re.search("crier affiliation set .*", refused.stdout).group()))
    assert done(shell(explain)).startswith("Yes. ")
    done(shell(backup))
    copy = backup.split()[-1]
    done(shell(f"crier verify --database {copy}"))
    assert item in done(shell(f"crier export --database {copy}"))
    assert watching.terminate() == 0
