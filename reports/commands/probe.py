"""`driftyard probe`: quality falls 10 % tomorrow. Who sees it first?"""

from __future__ import annotations

import shlex
import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

from reports import folder
from reports.sweeps.conduct import (
    GOES_ON,
    INTERRUPTED,
    UNKNOWN_EXIT,
    Interrupted,
    conducted,
    whole,
)

if TYPE_CHECKING:
    from argparse import Namespace


def main(args: Namespace) -> int:
    """Play a world for each cause, and tell who sees it, and when business feels it."""
    from reports.comparison.telling_probe import tell
    from reports.trials.output import dumped, put
    from reports.trials.probing import probed

    with redirect_stdout(sys.stderr):
        seeds = whole("--seeds", args.seeds)
        try:
            with folder.ready(args.out) as out, conducted(args) as conductor:
                found = probed(conductor, args.policy, seeds=seeds)
                where = put(found, "probe", out, shlex.join(["driftyard", *sys.argv[1:]]))
        except Interrupted:
            print(f"driftyard: {GOES_ON}", file=sys.stderr)
            return INTERRUPTED
    if args.json:
        print(dumped(found, "probe"))
    elif not args.quiet:
        print(tell(found))
        print(f"{where} holds the numbers")
    return UNKNOWN_EXIT if found.failures else 0
