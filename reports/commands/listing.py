"""`driftyard list`: what there is, a line each."""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Any

from reports.table import table
from sim.errors import one_of

if TYPE_CHECKING:
    from argparse import Namespace

KINDS = ("scenarios", "strategies", "monitors", "detectors")
PARTS = (
    "Stream Traffic Season Segments Labels Training Service Queue Launch People Suspicion Users "
    "Calendar Prices"
)


def main(args: Namespace) -> int:
    """Print every kind, or the one asked for."""
    if args.schema:
        from scenarios.distribution import schema

        print(json.dumps(schema(), indent=2, ensure_ascii=False))
        return 0
    if args.kind in GROUPED:
        print("\n\n".join("\n".join(lines) for lines in _grouped(GROUPED[args.kind]())))
        return 0
    if args.kind == "scenes":
        print("\n".join(_scenes()))
        return 0
    kinds = [args.kind] if args.kind else KINDS
    if args.seam or args.domain:
        one_of("--seam or --domain with list", args.kind or "scenarios", ("scenarios",))
        print("\n".join(_stories(args.seam, args.domain)))
        return 0
    parts = []
    for kind in kinds:
        rows = [[name, first_line(thing)] for name, thing in catalogue(kind).items()]
        lines = table([kind, ""], rows)
        parts.append("\n".join(lines))
    print("\n\n".join(parts))
    return 0


def _grouped(groups: dict[str, dict[str, type]]) -> list[list[str]]:
    """Return a table for each group of classes; what stood in one is not said again."""
    shown, parts = set[str](), []
    for title, classes in groups.items():
        rows = [[name, first_line(thing)] for name, thing in classes.items() if name not in shown]
        shown |= set(classes)
        parts.append(table([title, ""], rows, wide=100))
    return parts


def words() -> dict[str, dict[str, type]]:
    """Return our own classes that may stand in a scenario, by where they stand."""
    from scenarios.vocabulary import vocabulary
    from sim.labels import Labels
    from sim.scenario import Scenario
    from sim.stream import Stream

    known = vocabulary()
    places = {
        "stream.concept": (Stream, "concept"),
        "stream.drifts": (Stream, "drifts"),
        "faults": (Scenario, "faults"),
        "labels.delay": (Labels, "delay"),
        "labels.selection": (Labels, "selection"),
        "loss": (Scenario, "loss"),
        "artifact": (Scenario, "artifact"),
    }
    found = {}
    for title, (owner, field) in places.items():
        classes = known.classes(known.slots(owner)[field].type)
        ours = {k: v for k, v in classes.items() if isinstance(v, type)}
        found[title] = dict(sorted(ours.items()))
    found["the parts of a year"] = {name: known.words[name] for name in PARTS.split()}
    return found


def parts() -> dict[str, dict[str, type]]:
    """Return what a policy is made of, by where it stands."""
    from strategies.policy import Policy
    from strategies.reading import vocabulary
    from strategies.rollouts import Stage, Staged

    known = vocabulary()
    places = {
        "trigger": (Policy, "trigger"),
        "window": (Policy, "window"),
        "gates": (Policy, "gates"),
        "rollout": (Policy, "rollout"),
        "stops of a rollout": (Staged, "stops"),
        "judge of a stage": (Stage, "judge"),
        "responses": (Policy, "responses"),
    }
    found = {
        title: dict(sorted(known.classes(known.slots(owner)[field].type).items()))
        for title, (owner, field) in places.items()
    }
    judges = found["judge of a stage"].items()
    ours = {name: made for name, made in judges if made.__module__.startswith("strategies.judges")}
    return found | {"judge of a stage": ours}


def actions() -> dict[str, dict[str, type]]:
    """Return what an operator can do, in the order of sim/actions.py."""
    from sim import actions

    made = [one for one in vars(actions).values() if isinstance(one, type)]
    own = [one for one in made if issubclass(one, actions.Action) and one is not actions.Action]
    return {"actions": {one.__name__: one for one in own}}


GROUPED = {"words": words, "parts": parts, "actions": actions}


def _stories(seam: str | None, domain: str | None) -> list[str]:
    """Return the scenarios that break at *seam* and come from *domain*, a line each."""
    from sim.scenario import SEAMS

    if seam:
        one_of("--seam", seam, SEAMS)
    made = {name: (make, make()) for name, make in catalogue("scenarios").items()}
    if domain:
        one_of("--domain", domain, sorted({scenario.domain for _, scenario in made.values()}))
    rows = [
        [name, scenario.seam, scenario.domain, first_line(make)]
        for name, (make, scenario) in made.items()
        if seam in (None, scenario.seam) and domain in (None, scenario.domain)
    ]
    return table(["scenarios", "breaks at", "domain", ""], rows)


def _scenes() -> list[str]:
    """Return the rehearsals, a line each: nothing of what will happen."""
    from reports.rehearsal.scenes import SCENES

    rows = [[s.name, f"{s.minutes} min", s.players, str(s.skill), s.title] for s in SCENES]
    return table(["scenes", "takes", "players", "skill", ""], rows)


def catalogue(kind: str) -> dict[str, Any]:
    """Return what there is of one kind, by name."""
    if kind == "scenarios":
        import scenarios

        return dict(scenarios.catalogue())
    if kind == "strategies":
        import strategies

        return dict(strategies.catalogue())
    if kind == "monitors":
        from strategies import monitors

        named = {name: getattr(monitors, name) for name in monitors.__all__}
        return {name: made for name, made in named.items() if hasattr(made, "clock")}
    from strategies import detectors

    return {name: getattr(detectors, name) for name in detectors.__all__}


def first_line(thing: object) -> str:
    """Return the first sentence that something says of itself."""
    return (inspect.getdoc(thing) or "").split("\n")[0].replace("*", "")
