"""`driftyard probe`: quality falls 10 % tomorrow. Who sees it first?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.commands.answering import answered
from reports.sweeps.conduct import UNKNOWN_EXIT, conducted, whole

if TYPE_CHECKING:
    from argparse import Namespace

    from reports.comparison import Probe


def main(args: Namespace) -> int:
    """Play a world for each cause, and tell who sees it, and when business feels it."""
    from reports.comparison.telling_probe import tell
    from reports.trials.probing import probed

    def find() -> Probe:
        seeds = whole("--seeds", args.seeds)
        with conducted(args) as conductor:
            return probed(conductor, args.policy, seeds=seeds)

    return answered(args, find, tell=tell, code=lambda found: UNKNOWN_EXIT if found.failures else 0)
