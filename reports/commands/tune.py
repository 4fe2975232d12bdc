"""`driftyard tune`: a parameter or two, what becomes of each value, and which is best."""

from __future__ import annotations

import shlex
import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

from reports import folder
from reports.sweeps import over
from reports.sweeps.conduct import GOES_ON, INTERRUPTED, Interrupted, conducted, whole
from reports.sweeps.grid import listed
from sim.errors import Mistake, refuse, within

if TYPE_CHECKING:
    from argparse import Namespace

    from reports.comparison import Curve, Territory


def main(args: Namespace) -> int:
    """Play every value, and tell the best."""
    from reports.comparison.telling_curves import tell_curve, tell_map
    from reports.trials.output import dumped, put

    with redirect_stdout(sys.stderr):
        try:
            with folder.ready(args.out) as out:
                found = _found(args)
                where = put(found, "tune", out, shlex.join(["driftyard", *sys.argv[1:]]))
        except Interrupted:
            print(f"driftyard: {GOES_ON}", file=sys.stderr)
            return INTERRUPTED
    if args.json:
        print(dumped(found, "tune"))
    elif not args.quiet:
        from reports.comparison import Curve

        for one in found:
            print(tell_curve(one) if isinstance(one, Curve) else tell_map(one))
        print(f"{where} holds the numbers")
    return 0


def _found(args: Namespace) -> list[Curve | Territory]:
    from reports.trials.placing import places
    from reports.trials.tuning import curves, territory

    values = over(args.over)
    if not 1 <= len(values) <= 2:
        refuse("--over", args.over, "give one parameter or two, each with its values")
    for name, each in values.items():
        if len(each) < 2:
            refuse("--over", f"{name}={each[0]}", "give several values, or a range as 1d..60d")
    price = within("--training-costs", args.training_costs, 0, 1e15)
    seeds = whole("--seeds", args.seeds)
    operators = [name for text in args.strategies for name in listed(text)]
    worlds, operators = places(args.scenarios, operators, list(values))
    first = next(iter(values))
    if len(values) == 1 and not any(f"{{{first}}}" in text for text in worlds):
        if not any(f"{{{first}}}" in text for text in operators):
            raise Mistake(f"--over is {first!r}: no strategy takes it")
        with conducted(args) as conductor:
            each = values[first]
            return [*curves(conductor, worlds, operators, first, each, seeds=seeds, price=price)]
    with conducted(args) as conductor:
        return [
            territory(conductor, world, operators, values, seeds=seeds, price=price)
            for world in worlds
        ]
