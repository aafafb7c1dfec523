"""The benchmark behind real servers: everybody is measured, and what counts is right."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "bench"))

from behind.contenders import CONTENDERS  # noqa: E402
from behind.table import FAULTS, faults, head, ratio, row, summary  # noqa: E402


def outcome(rate, errors=0):
    return {"figures": {"publishes_per_s": rate, "answer_p50_ms": 1.0},
            "server_cpu_us_each": 1e6 / rate if rate else 0, **dict.fromkeys(FAULTS, 0),
            "errors": errors, "first_error": "cancel/conflict" if errors else ""}


@pytest.mark.parametrize("service", ["ceiling", "crier", "builtin"])
@pytest.mark.parametrize("server_name", ["prosody", "ejabberd"])
def test_a_service_is_measured_and_nothing_is_lost(server_name, service, tmp_path):
    with CONTENDERS[service](server_name, tmp_path) as contender:
        for scenario in ("fanout", "publish-transient", "latency"):
            measured, machine = contender.measure(
                scenario, ["--count", 200, "--subscribers", 10])
            assert measured["name"] == scenario
            assert faults(measured) == 0, measured["first_error"]
            assert measured["operations"] >= 200
            assert machine["cpus"] > 0


def test_rounds_become_medians_and_sums():
    result = summary([outcome(10, errors=1), outcome(30), outcome(20, errors=2)])
    assert result["figures"]["publishes_per_s"] == 20
    assert result["errors"] == 3
    assert result["first_error"] == "cancel/conflict"


def test_ratios_are_of_the_same_round_and_of_costs_the_smaller_is_the_better():
    assert ratio([outcome(10), outcome(90)], [outcome(20), outcome(180)], "publishes_per_s") == 0.5
    assert ratio([outcome(10)], [outcome(20)], "server_cpu_us_each") == 0.5
    assert ratio([outcome(10)], [outcome(0)], "publishes_per_s") is None


def test_a_row_names_values_ratios_and_what_went_wrong():
    by_service = {"ceiling": [outcome(4000)], "crier": [outcome(3000)],
                  "builtin": [outcome(1000, errors=1)]}
    lines = row("publish", by_service).splitlines()
    assert lines[0].split() == ["publish", "publishes_per_s", "4,000", "100%", "3,000", "75%",
                                "1,000", "25%", "3×"]
    assert lines[2] == ("  builtin: lost 0, duplicated 0, reordered 0, errors 1; "
                        "first error: cancel/conflict")
    assert head(by_service).split() == ["scenario", "figure", "ceiling", "crier", "builtin",
                                        "crier/builtin"]
