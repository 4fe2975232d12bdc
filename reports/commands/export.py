"""`driftyard export`: a policy as a manifest for a controller, or as a runbook for people."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from reports import folder, names
from reports.table import paragraph
from sim.errors import refuse

if TYPE_CHECKING:
    from argparse import Namespace

    from strategies.policy import Policy

ARGO, RUNBOOK = "argo", "runbook"
TARGETS = (ARGO, RUNBOOK)


def main(args: Namespace) -> int:
    """Write the policy, and say what could not be expressed."""
    from strategies.policy import Policy as InParts

    policy = names.strategy(args.policy).value
    if not isinstance(policy, InParts):
        told = "export takes policies in parts; driftyard show says which of them are"
        refuse("policy", args.policy, told)
    text, left = _written(policy, args.to)
    if args.output:
        folder.write_file(Path(args.output), text)
    else:
        sys.stdout.write(text)
    if left and not args.quiet:
        print("driftyard: not expressed:", file=sys.stderr)
        lines = (line for said in left for line in paragraph(said, indent="    "))
        print("\n".join(lines), file=sys.stderr)
    return 0


def _written(policy: Policy, target: str) -> tuple[str, tuple[str, ...]]:
    """Return the text, and what it could not say."""
    if target == RUNBOOK:
        from reports.by_hand import markdown

        return markdown(policy), ()
    from strategies.manifests import to_argo

    return to_argo(policy)
