"""`driftyard bench judges`: judges of rollouts on equal terms."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING

from reports import folder
from reports.commands.bench import INTERRUPTED, KEPT, Shown, interrupted, listed, workers
from sim.errors import one_of, refuse

if TYPE_CHECKING:
    from argparse import Namespace

    from reports.bench.judges.plan import Plan


def main(args: Namespace) -> int:
    """Let judges decide in worlds where the truth is known; write picture, tables and page."""
    from reports.bench.judges.plan import conduct

    with folder.ready(args.out) as out:
        plan = _plan(args)
        show = Shown(quiet=args.quiet or args.json)
        try:
            scores = conduct(plan, out / KEPT, workers=workers(args.workers), tell=show)
        except KeyboardInterrupt:
            show.clear()
            print(interrupted(out / KEPT), file=sys.stderr)
            return INTERRUPTED
        show.clear()
        from reports.bench.judges.output import answer, as_json, write

        where = write(scores, plan, out, _command(args))
    if args.json:
        print(as_json(scores))
    elif not args.quiet:
        from reports.table import paragraph

        print("\n".join(line for said in answer(scores) for line in paragraph(said)))
        print(f"{where / 'page.html'} shows all of it")
    return 0


def _plan(args: Namespace) -> Plan:
    from reports.bench.judges import entrants
    from reports.bench.judges.plan import Plan
    from reports.bench.judges.worlds import ROLLOUTS

    chosen = [ROLLOUTS[one_of("--rollouts", text, ROLLOUTS)] for text in listed(args.rollouts)]
    if len(set(chosen)) < len(chosen):
        refuse("--rollouts", args.rollouts, "one is there twice; give each once")
    who = [entrants.entrant(text) for text in listed(args.judges)] or entrants.default()
    return Plan(
        entrants=tuple(who),
        rollouts=tuple(chosen) or tuple(ROLLOUTS.values()),
        worlds=args.worlds,
        requests=args.requests,
        a_day=args.looks,
    )


def _command(args: Namespace) -> str:
    """Return the command that makes this bench again."""
    words = ["driftyard bench judges"]
    for name in ("judges", "rollouts", "worlds", "requests", "looks"):
        value = getattr(args, name)
        if value is not None:
            words.append(f"--{name} {shlex.quote(str(value))}")
    return " ".join(words)
