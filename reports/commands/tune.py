"""`driftyard tune`: a parameter or two, what becomes of each value, and which is best."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.commands.answering import answered
from reports.sweeps import over
from reports.sweeps.conduct import conducted, whole
from reports.sweeps.grid import listed
from sim.errors import Mistake, refuse, within

if TYPE_CHECKING:
    from argparse import Namespace

    from reports.comparison import Curve, Territory


def main(args: Namespace) -> int:
    """Play every value, and tell the best."""
    return answered(args, lambda: _found(args), tell=_told, code=lambda _: 0)


def _told(found: list[Curve | Territory]) -> str:
    from reports.comparison import Curve
    from reports.comparison.telling_curves import tell_curve, tell_map

    return "\n".join(tell_curve(one) if isinstance(one, Curve) else tell_map(one) for one in found)


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
