"""`driftyard list`: what there is, a line each."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from reports.table import table

if TYPE_CHECKING:
    from argparse import Namespace

KINDS = ("scenarios", "strategies", "detectors")


def main(args: Namespace) -> int:
    """Print every kind, or the one asked for."""
    kinds = [args.kind] if args.kind else KINDS
    parts = []
    for kind in kinds:
        rows = [[name, first_line(thing)] for name, thing in catalogue(kind).items()]
        lines = table([kind, ""], rows)
        parts.append("\n".join(lines))
    print("\n\n".join(parts))
    return 0


def catalogue(kind: str) -> dict[str, Any]:
    """Return what there is of one kind, by name."""
    if kind == "scenarios":
        import scenarios

        return dict(scenarios.catalogue())
    if kind == "strategies":
        import strategies

        return dict(strategies.catalogue())
    from strategies import detectors

    return {name: getattr(detectors, name) for name in detectors.__all__}


def first_line(thing: object) -> str:
    """Return the first sentence that something says of itself."""
    return (inspect.getdoc(thing) or "").split("\n")[0]
