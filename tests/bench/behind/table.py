"""What came out, for people: scenarios down, services across, and how they compare.

An outcome is what crier-bench says of one scenario in one round. What is compared is compared
round by round, because the machine is another in every round; the median counts.
"""

from statistics import median

FAULTS = ("lost", "duplicated", "reordered", "errors")
SERVER_COST = "server_cpu_us_each"
NAME = "{:<18}{:<24}"
CELL = "{:>18}"
COMPARISON = "{:>22}"


def summary(outcomes):
    """The rounds of one scenario as one: medians of figures and costs, sums of the faults."""
    keys = dict.fromkeys(key for outcome in outcomes for key in outcome["figures"])
    costs = [key for key in outcomes[0] if key.endswith("_us_each")]
    return {
        "figures": {key: median(outcome["figures"][key] for outcome in outcomes
                                if key in outcome["figures"]) for key in keys},
        **{key: median(outcome[key] for outcome in outcomes) for key in costs},
        **{fault: sum(outcome[fault] for outcome in outcomes) for fault in FAULTS},
        "first_error": next((outcome["first_error"] for outcome in outcomes
                             if outcome["first_error"]), ""),
    }


def faults(outcome):
    """How many notifications were lost, duplicated or reordered, and how many errors came."""
    return sum(outcome[fault] for fault in FAULTS)


def main_key(outcome):
    """The figure that counts, the first; empty when the scenario failed."""
    return next(iter(outcome["figures"]), "")


def value(outcome, key):
    """A figure, or what it cost the server; 0 when there is none."""
    return outcome[key] if key == SERVER_COST else outcome["figures"].get(key, 0)


def ratio(outcomes, others, key):
    """How good `outcomes` are as a part of `others`, which are of the same rounds: 1 is as good.
    Of rates the higher is the better, of times and costs the lower. None when nothing compares."""
    smaller_is_better = not key.endswith("_per_s")
    ratios = []
    for outcome, other in zip(outcomes, others):
        mine, theirs = value(outcome, key), value(other, key)
        if mine and theirs:
            ratios.append(theirs / mine if smaller_is_better else mine / theirs)
    return median(ratios) if ratios else None


def readable(number):
    """With as many digits as mean something."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def own_of(services):
    """Those that are the server's own."""
    return [service for service in services if service.startswith("builtin")]


def _cell(outcomes, ceiling, key):
    if not any(value(outcome, key) for outcome in outcomes):
        return "-"
    text = readable(value(summary(outcomes), key))
    compared = ratio(outcomes, ceiling, key) if ceiling else None
    return text if compared is None else f"{text} {100 * compared:4.0f}%"


def _comparison(outcomes, others, key):
    compared = ratio(outcomes, others, key)
    return "-" if compared is None else f"{readable(compared)}×"


def _line(title, by_service, key):
    text = title
    for outcomes in by_service.values():
        text += CELL.format(_cell(outcomes, by_service.get("ceiling"), key))
    if "crier" in by_service:
        for own in own_of(by_service):
            text += COMPARISON.format(_comparison(by_service["crier"], by_service[own], key))
    return text


def head(services):
    """The heads of the columns of rows with these services."""
    text = NAME.format("scenario", "figure") + "".join(map(CELL.format, services))
    if "crier" in services:
        text += "".join(COMPARISON.format(f"crier/{own}") for own in own_of(services))
    return text


def row(scenario, by_service):
    """One scenario: the figure that counts, what an operation costs the server, and whatever went
    wrong. `by_service` has all outcomes of each service, one a round."""
    first = next((outcome for outcomes in by_service.values() for outcome in outcomes
                  if outcome["figures"]), {"figures": {}})
    key = main_key(first)
    lines = [_line(NAME.format(scenario, key), by_service, key),
             _line(NAME.format("", "server cpu µs each"), by_service, SERVER_COST)]
    for service, outcomes in by_service.items():
        result = summary(outcomes)
        if faults(result):
            counts = ", ".join(f"{fault} {result[fault]}" for fault in FAULTS)
            lines.append(f"  {service}: {counts}; first error: {result['first_error'] or 'none'}")
    return "\n".join(lines)
