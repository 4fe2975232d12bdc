"""`driftyard list`: what there is, a line each."""

from __future__ import annotations

import inspect
import json
from types import FunctionType
from typing import TYPE_CHECKING, Any

from reports.table import WIDTH, paragraph, table
from sim.errors import one_of

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from sim.notation.vocabulary import Vocabulary

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
        groups = _grouped(GROUPED[args.kind]())
        groups += _foreign() if args.kind == "words" else []
        print("\n\n".join("\n".join(lines) for lines in groups))
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


def _foreign() -> list[list[str]]:
    """Return the classes of other packages that may stand in a scenario, package by package."""
    from scenarios.vocabulary import foreign

    known = foreign()
    sorts = {
        "scikit-learn's, for artifact.estimator": [n for n in known if "." not in n],
        "River's, for artifact.model and stream.concept.generator": [n for n in known if "." in n],
    }
    return [[title, *paragraph(", ".join(names), wide=WIDTH)] for title, names in sorts.items()]


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
    inside = {name: known.words[name] for name in PARTS.split()}
    return _by_place(known, places) | {"the parts of a year": inside}


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
    return _by_place(known, places)


def _by_place(known: Vocabulary, places: dict[str, tuple[type, str]]) -> dict[str, dict[str, type]]:
    """Return our classes that may stand in each of some fields, by the titles of these."""
    return {
        title: dict(sorted(known.classes(known.slots(owner)[field].type).items()))
        for title, (owner, field) in places.items()
    }


def actions() -> dict[str, dict[str, type]]:
    """Return what an operator can do, in the order of sim/actions.py."""
    from sim import actions

    return {"actions": {one.__name__: one for one in actions.Action.__subclasses__()}}


def of_view() -> Iterator[tuple[str, FunctionType, bool]]:
    """Yield what may be asked of a view: its name, what answers, and whether it takes brackets."""
    from sim.view import View

    for name, member in vars(View).items():
        asked = member.fget if isinstance(member, property) else member
        if not name.startswith("_") and isinstance(asked, FunctionType):
            yield name, asked, asked is member


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
