"""What an operation costs in instructions. callgrind counts them, so that a change that makes
something dearer shows on any machine, however busy."""

import os
import re
import subprocess

import pytest
from harness.crier import BUILD, PROGRAM

# Instructions of crier for each operation, all in: parsing, SQLite, writing. A tenth more than was
# counted: how many share a commit depends on the machine. Whoever makes something cheaper lowers
# its budget.
BUDGETS = {
    "publish": 115_000,
    "retrieve": 105_000,
    "subscribe": 78_000,
    "fanout": 600,
}
# Two runs of so many operations: their difference leaves out the start and the preparation.
COUNTS = {"fanout": (10_000, 50_000)}
FEW_AND_MORE = (300, 1_500)


def instructions(scenario, count, directory):
    """All that crier executes while crier-bench does so many operations."""
    counted = directory / f"callgrind-{count}"
    wrapper = directory / "crier-counted"
    wrapper.write_text("#!/bin/sh\nexec valgrind -q --tool=callgrind "
                       f"--callgrind-out-file={counted} {PROGRAM} \"$@\"\n")
    wrapper.chmod(0o700)
    done = subprocess.run(
        [BUILD / "crier-bench", "--crier", wrapper, "--scenario", scenario, "--count", str(count)],
        capture_output=True, text=True, timeout=240, env={**os.environ, "TMPDIR": str(directory)})
    assert done.returncode == 0, done.stdout + done.stderr
    return int(re.search(r"^summary: (\d+)", counted.read_text(), re.MULTILINE)[1])


@pytest.mark.parametrize("scenario", BUDGETS)
def test_an_operation_costs_no_more_than_its_budget(scenario, tmp_path):
    few, more = COUNTS.get(scenario, FEW_AND_MORE)
    each = (instructions(scenario, more, tmp_path) - instructions(scenario, few, tmp_path)) / (
        more - few)
    assert each <= BUDGETS[scenario]
    assert each > 0.8 * BUDGETS[scenario], "it has become cheaper: lower the budget"
