"""`driftyard ablate`: a policy without each of its controls in turn."""

from __future__ import annotations

import shlex
import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

from reports import folder
from reports.comparison import Fixed, margin, measure
from reports.sweeps.conduct import (
    GOES_ON,
    INTERRUPTED,
    UNKNOWN_EXIT,
    Interrupted,
    conducted,
    whole,
)
from reports.sweeps.grid import listed

if TYPE_CHECKING:
    from argparse import Namespace


def main(args: Namespace) -> int:
    """Play the policy whole and in parts, and tell what each control is worth."""
    from reports.comparison.telling_ablation import tell
    from reports.trials.ablating import ablated
    from reports.trials.output import dumped, put

    with redirect_stdout(sys.stderr):
        rule = Fixed(seeds=whole("--seeds", args.seeds))
        by = [measure(name, "--by") for text in args.by for name in listed(text)]
        matters = margin(args.margin)
        try:
            with folder.ready(args.out) as out, conducted(args) as conductor:
                found = ablated(
                    conductor, args.scenario, args.strategy, rule=rule, margin=matters, by=by
                )
                where = put(found, "ablate", out, shlex.join(["driftyard", *sys.argv[1:]]))
        except Interrupted:
            print(f"driftyard: {GOES_ON}", file=sys.stderr)
            return INTERRUPTED
    if args.json:
        print(dumped(found, "ablate"))
    elif not args.quiet:
        print(tell(found))
        print(f"{where} holds the numbers")
    return UNKNOWN_EXIT if found.failures else 0
