"""`driftyard run`: one year, beside the same year without its incidents."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from dataclasses import replace
from typing import TYPE_CHECKING

from reports import folder, names
from reports.progress import Counted, Progress
from reports.result import FAIL, PASS, Result
from reports.sparse import sparse
from reports.summary import as_json, summary
from reports.telling import tell
from reports.tracking import tracked
from sim.clock import us
from sim.errors import refuse

if TYPE_CHECKING:
    from argparse import Namespace


EXIT = {PASS: 0, FAIL: 1}
UNKNOWN_EXIT = 3
LARGEST_SEED = 2**63 - 1


def main(args: Namespace) -> int:
    """Play the year, write its folder and tell what happened."""
    seed, drawn = _seed(args)
    with redirect_stdout(sys.stderr):  # what a plug-in prints is not the answer
        scenario = names.scenario(args.scenario, seed)
        recipe = folder.Recipe(scenario, names.strategy(args.strategy), seed)
        recipe.check()
        tracker = tracked(args.mlflow)
        if not args.quiet:
            watching = getattr(recipe.strategy.value, "monitors", ())
            for line in (*recipe.strategy.left, *sparse(scenario.value, watching)):
                print(f"driftyard: {line}", file=sys.stderr)
        if drawn and (args.quiet or args.json):
            print(f"driftyard: seed {seed}", file=sys.stderr)
        with folder.ready(args.out) as out:
            result = play(recipe, quiet=args.quiet, hindsight=args.hindsight)
            if args.apart:
                result = told_apart(result, recipe, quiet=args.quiet)
            written = folder.write(result, recipe, out, outcomes=args.outcomes)
        logged = tracker.put(result, written, args.strategy) if tracker else ""
    if args.json:
        print(as_json(summary(result, recipe.plugged)))
    elif not args.quiet:
        from sim.hindsight import unknown

        title = f"{args.scenario} under {args.strategy}, seed {seed}"
        print(tell(result, title=title, drawn=drawn, folder=str(written)))
        if args.hindsight and result.hindsight is None:
            print(f"regret    unknown: {unknown(scenario.value)}")
        if logged:
            print(logged)
    return EXIT.get(result.verdict, UNKNOWN_EXIT)


def play(recipe: folder.Recipe, *, quiet: bool, hindsight: bool = False) -> Result:
    """Run the scenario and its calm twin, and look for the best schedule of builds if asked to."""
    from reports import references
    from sim.run import run
    from sim.workshop import Fits

    scenario, strategy = recipe.scenario.value, recipe.strategy.value
    fits, seed = Fits(), recipe.seed
    best = None
    with Progress(us(scenario.horizon), quiet=quiet) as progress:
        part = 0.25 if hindsight else 0.5
        tell_run = progress.of("the year", 0.0, part)
        mine = run(scenario, strategy, seed=seed, fits=fits, outcomes=True, progress=tell_run)
        tell_calm = progress.of("its calm twin", part, 2 * part)
        twin = run(
            scenario.calm(), strategy, seed=seed, fits=fits, outcomes=True, progress=tell_calm
        )
        if hindsight:
            tell_best = progress.of("the best schedule of builds", 0.5, 1.0)
            best = references.hindsight(recipe, fits=fits, progress=tell_best)
    return Result(recipe.sign(mine), recipe.sign(twin), best)


def told_apart(result: Result, recipe: folder.Recipe, *, quiet: bool) -> Result:
    """Play the years that tell incidents and stages apart."""
    from reports import references

    with Counted("years played that tell incidents and stages apart", quiet=quiet) as counted:
        return replace(result, apart=references.apart(recipe, result, tell=counted))


def _seed(args: Namespace) -> tuple[int, bool]:
    """Return the seed, and whether it was drawn; a drawn one is put into *args* for reports."""
    if args.seed is None:
        import secrets

        args.seed = str(secrets.randbelow(2**31))
        return int(args.seed), True
    try:
        seed = int(args.seed)
    except ValueError:
        seed = -1
    if not 0 <= seed <= LARGEST_SEED:
        refuse("--seed", args.seed, "give a whole number from 0 up")
    return seed, False
