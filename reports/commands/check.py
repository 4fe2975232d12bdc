"""`driftyard check`: is this file sound?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reports import expressions, names
from reports.sparse import sparse
from reports.words import duration
from sim.clock import us
from sim.errors import Mistake
from sim.notation.mistakes import Mistakes

if TYPE_CHECKING:
    from argparse import Namespace

    from sim.scenario import Scenario

MOST_REQUESTS = 300_000


def main(args: Namespace) -> int:
    """Check each strategy, scenario and detector of a file, or the one named; 2 if one is not."""
    wrong = 0
    for text in names.targets(args.target):
        found, said = _check(text)
        for line in found:
            print(f"{text}: {line}")
        if not found:
            print(f"{text}: {said}")
        wrong += bool(found)
    return 2 if wrong else 0


def _check(text: str) -> tuple[list[str], str]:
    """Return what is wrong, and what to say if nothing is."""
    if names.means_scenario(expressions.parse(text, "name")):
        return _scenario(text)
    if names.means_detector(expressions.parse(text, "name")):
        from strategies.detectors.check import check_detector

        return check_detector(names.detector(text).value), "a sound detector"
    from strategies.check import check_strategy

    try:
        strategy = names.strategy(text).value
    except Mistakes as mistakes:
        return list(mistakes.lines), ""
    return check_strategy(strategy), f"a sound strategy{_diagnosed(strategy)}"


def _diagnosed(strategy: object) -> str:
    """Say of a policy how mature it is, how long the way back takes and where one looks first."""
    from strategies.diagnosis import level, look_first, way_back
    from strategies.policy import Policy

    if not isinstance(strategy, Policy):
        return ""
    number, why = level(strategy)
    steps = way_back(strategy)
    took = f"up to {duration(sum(s.takes_us for s in steps))}" if steps else "nothing leads there"
    way = " + ".join(f"{step.what} {duration(step.takes_us)}" for step in steps)
    return (
        f"\n  maturity level {number}: {why}"
        f"\n  from a drop to a new version: {took}{' = ' * bool(way)}{way}; labels come on top"
        f"\n  after a drop one looks first at: {look_first(strategy)}"
    )


def _scenario(text: str) -> tuple[list[str], str]:
    """Build a scenario and play it, or a piece of it, with nobody at the wheel."""
    from sim.run import run
    from strategies import presets
    from strategies.monitors import Contract, Shift

    try:
        asked = expressions.parse(text, "scenario")
        if names.is_yaml(asked.file):
            names.distribution(asked).check()
        scenario = names.scenario(text).value
        piece = _piece(scenario)
        for part in (piece, piece.calm()):
            ledger = run(part, presets.never(), seed=0)
    except Mistakes as mistakes:
        return [line.removeprefix(f"{asked.file}, ") for line in mistakes.lines], ""
    except Mistake as mistake:
        said = str(mistake).removeprefix(f"{asked.file}, ").removeprefix(f"{asked.file}: ")
        return [said], ""
    requests = ledger.requests["total"]
    found = (
        [] if requests else [f"nobody came in {duration(us(piece.horizon))}: raise traffic.rate"]
    )
    for incident in scenario.incidents:
        if incident.at_us >= us(scenario.horizon):
            found.append(f"{incident.label} begins at {incident.at}, after the end: it never comes")
    if not scenario.story:
        found.append("it has no story: say in two lines what happens and to whom")
    played = f"{requests:,} requests in {duration(us(piece.horizon))} were played"
    beware = "".join(f"\n  beware: {line}" for line in sparse(scenario, (Contract(), Shift())))
    return found, f"a sound scenario ({played}){beware}"


def _piece(scenario: Scenario) -> Scenario:
    """Return the scenario, cut short if it has many requests."""
    tick_us, horizon_us = us(scenario.tick), us(scenario.horizon)
    fitting_us = int(MOST_REQUESTS / scenario.stream.traffic.per_us)
    if fitting_us >= horizon_us:
        return scenario
    return replace(scenario, horizon=f"{max(1, fitting_us // tick_us) * tick_us}us")
