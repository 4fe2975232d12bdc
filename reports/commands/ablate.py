"""`driftyard ablate`: a policy without each of its controls in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.commands.answering import answered
from reports.comparison import Fixed, margin, measure
from reports.sweeps.conduct import UNKNOWN_EXIT, conducted, whole
from reports.sweeps.grid import listed

if TYPE_CHECKING:
    from argparse import Namespace

    from reports.comparison import Ablation


def main(args: Namespace) -> int:
    """Play the policy whole and in parts, and tell what each control is worth."""
    from reports.comparison.telling_ablation import tell
    from reports.trials.ablating import ablated

    def find() -> Ablation:
        rule = Fixed(seeds=whole("--seeds", args.seeds))
        by = [measure(name, "--by") for text in args.by for name in listed(text)]
        matters = margin(args.margin)
        with conducted(args) as conductor:
            return ablated(
                conductor, args.scenario, args.strategy, rule=rule, margin=matters, by=by
            )

    return answered(args, find, tell=tell, code=lambda found: UNKNOWN_EXIT if found.failures else 0)
