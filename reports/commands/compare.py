"""`driftyard compare`: which strategy is better, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.commands.answering import answered
from reports.comparison import expectation, margin, measure, until
from reports.comparison.expectation import FAIL, PASS
from reports.comparison.stopping import Fixed
from reports.comparison.telling import tell
from reports.sweeps.conduct import UNKNOWN_EXIT, conducted, parts, whole
from reports.sweeps.grid import listed
from reports.trials.comparing import Wanted, compared
from sim.errors import refuse

if TYPE_CHECKING:
    from argparse import Namespace

    from reports.comparison import Comparison

EXIT = {PASS: 0, FAIL: 1}


def main(args: Namespace) -> int:
    """Play what is missing, and tell who is better."""

    def find() -> Comparison:
        worlds, operators = parts(args)
        if args.against and " ".join(args.against.split()) not in operators:
            operators.append(args.against)
        wanted = _wanted(args)
        with conducted(args) as conductor:
            return compared(conductor, worlds, operators, wanted)

    return answered(
        args,
        find,
        tell=lambda found: tell(found, store=args.store),
        code=lambda found: EXIT.get(found.verdict, UNKNOWN_EXIT),
    )


def _wanted(args: Namespace) -> Wanted:
    most = whole("--max-seeds", args.max_seeds)
    rule = until(args.until, seeds=whole("--seeds", args.seeds), most=most)
    if not isinstance(rule, Fixed) and args.seeds != "30":
        refuse("--seeds", args.seeds, "--until says how many seeds; give one of the two")
    return Wanted(
        by=tuple(measure(name, "--by") for text in args.by for name in listed(text)),
        expected=tuple(expectation(text, enough=args.enough) for text in args.expect),
        against=args.against,
        margin=margin(args.margin),
        rule=rule,
        most=most,
        hindsight=whole("--hindsight", args.hindsight) if args.hindsight else 0,
    )
