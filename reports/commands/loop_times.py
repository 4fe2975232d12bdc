"""`driftyard scenario from-mlflow`: a team's own training times, as a scenario file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reports import folder, names
from reports.table import table
from reports.tracking import Tracker
from reports.tracking.times import Times, times
from sim.errors import refuse
from sim.notation.document import SUFFIXES

if TYPE_CHECKING:
    from argparse import Namespace


def main(args: Namespace) -> int:
    """Read the times, tell them, and write the file if one is asked for."""
    if ".py" in args.extends:
        refuse("--extends", args.extends, "files extend a built-in or another YAML file")
    names.scenario(args.extends)
    if args.output and Path(args.output).suffix not in SUFFIXES:
        refuse("--output", args.output, "give a name that ends in .yaml")
    found = times(Tracker(args.mlflow), args.experiment, args.model)
    if args.output:
        folder.write_file(Path(args.output), found.scenario(args.extends))
    print("\n".join(_told(found, args)))
    return 0


def _told(found: Times, args: Namespace) -> list[str]:
    spans = (found.trainings, found.registering, found.loops)
    tried = found.failed + len(found.trainings.all_us)
    lines = [
        f"experiment {found.experiment}, models {', '.join(found.models) or 'none'}",
        "",
        *table(["measured", "times", "median", "10 %", "90 %"], [s.row() for s in spans]),
        "",
        f"failed    {found.failed:,} of {tried:,} trainings",
    ]
    if found.strategy:
        lines.append(f"strategy  {found.strategy} has this cadence")
    if args.output:
        return [*lines, f"written   {args.output}"]
    return [*lines, "", *found.scenario(args.extends).splitlines()]
