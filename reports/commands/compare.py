"""`driftyard compare`: which strategy is better, and how sure that is."""

from __future__ import annotations

import shlex
import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

from reports import folder
from reports.comparison import expectation, margin, measure, until
from reports.comparison.expectation import FAIL, PASS
from reports.comparison.stopping import Fixed
from reports.comparison.telling import tell
from reports.sweeps.conduct import (
    GOES_ON,
    INTERRUPTED,
    UNKNOWN_EXIT,
    Interrupted,
    conducted,
    parts,
    whole,
)
from reports.sweeps.grid import listed
from reports.trials.comparing import Wanted, compared
from sim.errors import refuse

if TYPE_CHECKING:
    from argparse import Namespace

EXIT = {PASS: 0, FAIL: 1}


def main(args: Namespace) -> int:
    """Play what is missing, and tell who is better."""
    with redirect_stdout(sys.stderr):  # what a plug-in prints is not the answer
        worlds, operators = parts(args)
        if args.against and " ".join(args.against.split()) not in operators:
            operators.append(args.against)
        wanted = _wanted(args)
        try:
            with folder.ready(args.out) as out, conducted(args) as conductor:
                found = compared(conductor, worlds, operators, wanted)
                from reports.trials.output import as_json, write

                where = write(found, out, shlex.join(["driftyard", *sys.argv[1:]]))
        except Interrupted:
            print(f"driftyard: {GOES_ON}", file=sys.stderr)
            return INTERRUPTED
    if args.json:
        print(as_json(found))
    elif not args.quiet:
        print(tell(found, store=args.store))
        print(f"{where} holds report.html, every contrast and the pictures")
    return EXIT.get(found.verdict, UNKNOWN_EXIT)


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
