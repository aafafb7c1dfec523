"""Measures crier, a server's own pubsub service and the ceiling, all behind that server, in turn.

crier-bench plays the users, as a component of the server. The ceiling is a service that does
nothing but answer and copy: no service can be faster there. Each service has a private server of
its own, started anew for every round; within a round each scenario is played with one service
after the other, so that what happens on the machine happens to all of them.
"""

import argparse
import contextlib
import json
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from harness.process import ProcessFailed

from .contenders import CONTENDERS
from .servers import SERVERS, version_of
from .table import faults, head, row, summary

SCENARIOS = ["publish", "publish-transient", "fanout", "subscribe", "retrieve",
             "many-nodes", "mixed", "latency"]
# They must be right; of the servers' own it is only told what they get wrong.
JUDGED = ("crier", "crier-copied", "ceiling")


def words(text):
    return text.split(",")


def one_of(names):
    def read(text):
        wanted = words(text)
        unknown = set(wanted) - set(names)
        if unknown:
            raise argparse.ArgumentTypeError(
                f"{', '.join(sorted(unknown))}: not one of {', '.join(names)}")
        return [name for name in names if name in wanted]
    return read


def options():
    parser = argparse.ArgumentParser(
        prog="scripts/bench-servers", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Percentages are of the ceiling, × is how many times as good crier is; of "
               "rates more is better, of times and costs less. Lists are separated by commas. Any other service, such as "
               "Libervia's, is measured with crier-bench itself: start it at a server that has "
               "the component users.example as well, then crier-bench --connect HOST:PORT "
               "--users-domain users.example --users-secret SECRET --service pubsub.example. "
               "Exit status: 0 when crier and the ceiling lost, duplicated and reordered nothing "
               "and answered no errors.")
    parser.add_argument("--server", type=one_of(SERVERS), default=list(SERVERS),
                        help=f"behind which: {', '.join(SERVERS)}; all by default")
    parser.add_argument("--service", type=one_of(CONTENDERS), default=list(CONTENDERS),
                        help=f"what to measure: {', '.join(CONTENDERS)}; all by default")
    parser.add_argument("--scenario", type=words, default=SCENARIOS,
                        help=f"scenarios of crier-bench; by default {','.join(SCENARIOS)}")
    parser.add_argument("--seconds", type=float, default=5, help="that each scenario is measured")
    parser.add_argument("--warm-up", type=float, default=1,
                        help="seconds before that, which do not count")
    parser.add_argument("--subscribers", type=int, default=1000, help="of a fan-out")
    parser.add_argument("--rounds", type=int, default=1, help="of which the medians are shown")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all that came out there")
    parser.add_argument("--directory", help="where the servers' files lie, in a new directory")
    return parser.parse_args()


def failure(error):
    """The outcome of a scenario in which crier-bench itself came to nothing."""
    return {"figures": {}, "service_cpu_us_each": 0, "server_cpu_us_each": 0, "bench_cpu_us_each": 0,
            "lost": 0, "duplicated": 0, "reordered": 0, "errors": 1, "first_error": str(error)}


class Run:
    """All rounds with one server."""

    def __init__(self, server, chosen):
        self.server = server
        self.chosen = chosen
        self.machine = {}
        self.outcomes = {scenario: {service: [] for service in chosen.service}
                         for scenario in chosen.scenario}

    def play_round(self):
        with contextlib.ExitStack() as stack:
            contenders = {}
            for service in self.chosen.service:
                directory = stack.enter_context(tempfile.TemporaryDirectory(
                    prefix=f"bench-{self.server}-", dir=self.chosen.directory))
                contenders[service] = stack.enter_context(
                    CONTENDERS[service](self.server, Path(directory)))
            for scenario, outcomes in self.outcomes.items():
                for service, contender in contenders.items():
                    outcomes[service].append(self._measure(contender, scenario))
                print(f"  {scenario} ", end="", file=sys.stderr, flush=True)
            print(file=sys.stderr)

    def _measure(self, contender, scenario):
        arguments = ["--seconds", self.chosen.seconds, "--warm-up", self.chosen.warm_up,
                     "--subscribers", self.chosen.subscribers]
        try:
            outcome, self.machine = contender.measure(scenario, arguments)
        except (ProcessFailed, subprocess.TimeoutExpired) as error:
            return failure(error)
        return outcome

    def results(self):
        return {scenario: {service: summary(rounds) for service, rounds in outcomes.items()}
                for scenario, outcomes in self.outcomes.items()}


def show(run):
    """Prints one server's table; how many faults those have that must have none."""
    print(f"\nbehind {run.server} {version_of(run.server)}\n{head(run.chosen.service)}")
    for scenario, by_service in run.outcomes.items():
        print(row(scenario, by_service))
    return sum(faults(outcome) for by_service in run.outcomes.values()
               for service in JUDGED for outcome in by_service.get(service, ()))


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    chosen = options()
    report = {"seconds": chosen.seconds, "rounds": chosen.rounds, "servers": {}}
    wrong = 0
    for server in chosen.server:
        run = Run(server, chosen)
        for _ in range(chosen.rounds):
            run.play_round()
        wrong += show(run)
        report["machine"] = run.machine
        report["servers"][server] = {"version": version_of(server), "results": run.results(),
                                     "rounds": run.outcomes}
    if chosen.json:
        chosen.json.write_text(json.dumps(report, indent=1) + "\n")
    print("\nok" if wrong == 0 else "\nFAILED")
    return 0 if wrong == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
