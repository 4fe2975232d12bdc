"""`driftyard replay`: a team's own history, under any strategy, with any fault on top."""

from __future__ import annotations

import re
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports import expressions, folder, names
from reports.progress import Progress
from reports.recordings import Fared, by_quarter, compared, document, understood
from reports.result import FAIL, PASS, Result
from reports.sparse import ON_THE_LINE, sparse
from reports.summary import as_json
from reports.telling import tell
from sim.clock import us
from sim.errors import Mistake, one_of, refuse

if TYPE_CHECKING:
    from argparse import Namespace

    from reports.models import Model
    from scenarios.replay import Asked, Terms, Told
    from sim.faults import Fault
    from sim.table import Table

EXIT = {PASS: 0, FAIL: 1}
UNKNOWN_EXIT = 3
OUTCOMES_UP_TO = 1_000_000
"""Beyond this many records a row per request is kept only if it is asked for."""
_DATE = re.compile(r"\b(at|until)\s*=\s*(['\"])(\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?)\2")


def main(args: Namespace) -> int:
    """Show how the data are understood, replay them, and tell how the strategies fared."""
    from scenarios.replay import table

    answer = sys.stdout
    with redirect_stdout(sys.stderr):  # what a plug-in prints is not the answer
        seeds = _seeds(args)
        made = table(asked(args), Path(args.cache) if args.cache else None)
        terms, model = _terms(args, made)
        told = _told(made, terms, 0)
        named = [names.strategy(text) for text in args.strategy]
        monitors = [m for one in named for m in getattr(one.value, "monitors", ())]
        told.notes.extend(sparse(told.scenario, monitors, setting=ON_THE_LINE))
        if not args.quiet:
            for line in dict.fromkeys(line for one in named for line in one.left):
                print(f"driftyard: {line}", file=sys.stderr)
        if not args.quiet and not args.json:
            print("\n".join(understood(made, told, args.data)), file=answer, flush=True)
        fared: list[Fared] = []
        folders: list[Path] = []
        for strategy in named:
            results = []
            for seed in seeds:
                one = told if seed == 0 else _told(made, terms, seed)
                result = _play(one, strategy, seed, quiet=args.quiet, outcomes=args.outcomes)
                results.append(result)
                if seed == seeds[0]:
                    folders.append(_written(args, one, strategy, model, result))
            fared.append(Fared(strategy.text, results))
    if args.json:
        print(as_json(_document(fared, told, args.vary)))
    elif not args.quiet:
        print("\n".join(_said(fared, folders, told, args)))
    verdicts = {result.verdict for one in fared for result in one.results} or {PASS}
    return EXIT[FAIL] if FAIL in verdicts else 0 if verdicts == {PASS} else UNKNOWN_EXIT


def asked(args: Namespace) -> Asked:
    """Return what the command line says of the data."""
    from scenarios.replay import Asked

    numbers = args.metric.lower() in ("mae", "mse")
    classes = bool(args.metric) and not numbers
    return Asked(
        path=args.data,
        time=args.time,
        label=args.label,
        label_time=args.label_time,
        features=_listed(args.features),
        ignore=_listed(args.ignore),
        entity=args.entity,
        segment=args.segment,
        prediction=args.prediction,
        positive=args.positive,
        outcome="number" if numbers else "class" if classes or args.positive else "",
        time_format=args.time_format,
        encoding=args.encoding,
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _seeds(args: Namespace) -> list[int]:
    try:
        count = int(args.seeds)
    except ValueError:
        count = 0
    if count < 1:
        refuse("--seeds", args.seeds, "give a whole number from 1 up")
    if count > 1 and not args.vary:
        raise Mistake(
            f"--seeds is {count}: one history is one sample; say what differs from seed to seed "
            "with --vary bootstrap, faults or delays"
        )
    return list(range(count))


def replay_terms(args: Namespace) -> Terms:
    """Return what a command line without strategies says."""
    from scenarios.replay import Terms

    return Terms(
        launch_after=args.launch_after,
        label_delay=args.label_delay,
        metric=args.metric,
        name=f"replay of {Path(args.data).stem}",
    )


def _terms(args: Namespace, made: Table) -> tuple[Terms, Model | None]:
    from scenarios.replay import Terms
    from scenarios.replay.story import origin_us

    model = None
    if args.model:
        from reports.models import model as load

        model = load(args.model)
    every = {"": "", "nightly": "1d", "hourly": "1h"}.get(args.batch, args.batch)
    if every:
        us(every, "--batch")
    plain = Terms(launch_after=args.launch_after, tick=args.tick, every=every)
    faults = tuple(fault(text, origin_us(made, plain)) for text in args.fault)
    terms = Terms(
        launch_after=args.launch_after,
        label_delay=args.label_delay,
        metric=args.metric,
        model=model.value if model else None,
        model_digest=model.digest if model else "",
        ready=model.ready if model else False,
        faults=faults,
        every=every,
        tick=args.tick,
        vary=args.vary,
        name=f"replay of {Path(args.data).stem}",
    )
    return terms, model


def fault(text: str, launch_us: int) -> Fault:
    """Return the fault that *text* says; a date in it counts from the launch."""
    from scenarios.replay.story import launch_us as read
    from scenarios.replay.story import text_exactly

    def since(found: re.Match[str]) -> str:
        at_us = read(found[3], 0) - launch_us
        if at_us < 0:
            refuse("--fault", text, f"{found[3]} lies before the launch")
        return f"{found[1]}={found[2]}{text_exactly(at_us)}{found[2]}"

    found = expressions.parse(_DATE.sub(since, text), "--fault")
    parts = re.split(r"[-_]", found.name)
    name = "".join(p[:1].upper() + p[1:] for p in parts)
    known = expressions.faults()
    return expressions.call(known[one_of("--fault", name, known)], found.arguments or {}, name)  # type: ignore[no-any-return]


def _told(made: Table, terms: Terms, seed: int) -> Told:
    from scenarios.replay import told

    return told(made, terms, seed=seed)


def _play(told: Told, strategy: names.Named, seed: int, *, quiet: bool, outcomes: bool) -> Result:
    """Replay with the faults and, if there are any, without."""
    from sim.run import run
    from sim.workshop import Fits

    scenario, fits = told.scenario, Fits()
    keep = outcomes or len(scenario.stream.table) <= OUTCOMES_UP_TO  # type: ignore[attr-defined]
    share = 0.5 if scenario.faults else 1.0
    with Progress(us(scenario.horizon), quiet=quiet) as progress:
        tell_run = progress.of(strategy.text, 0.0, share)
        mine = run(scenario, strategy.value, seed=seed, fits=fits, outcomes=keep, progress=tell_run)
        if not scenario.faults:
            return Result(mine, mine)
        tell_calm = progress.of("without the faults", share, 1.0)
        twin = run(
            scenario.calm(), strategy.value, seed=seed, fits=fits, outcomes=keep,
            progress=tell_calm,
        )  # fmt: skip
    return Result(mine, twin)


def _written(
    args: Namespace, told: Told, strategy: names.Named, model: Model | None, result: Result
) -> Path:
    plugin = model.plugin if model else None
    scenario = names.Named(args.data, told.scenario, "", plugin)
    recipe = folder.Recipe(scenario, strategy, 0, command=" ".join(["replay", *_options(args)]))
    recipe.check()
    with folder.ready(args.out) as out:
        return folder.write(result, recipe, out, outcomes=args.outcomes)


def _options(args: Namespace) -> list[str]:
    """Return the command line again, without what only concerns printing."""
    from shlex import quote

    words = [quote(args.data)]
    left_out = ("data", "command", "module", "debug", "out", "json", "quiet", "strategy", "cache")
    for name, value in vars(args).items():
        if name in left_out or value in ("", False, [], None):
            continue
        for one in value if isinstance(value, list) else [value]:
            option = f"--{name.replace('_', '-')}"
            words += [option] if one is True else [option, quote(str(one))]
    return words


def _document(fared: list[Fared], told: Told, vary: str) -> dict[str, Any]:
    return document(fared, told, vary=vary)


def _said(fared: list[Fared], folders: list[Path], told: Told, args: Namespace) -> list[str]:
    if not fared:
        return ["", "add --strategy never, on-alarm, scheduled … to replay them"]
    lines = [""]
    if len(fared) == 1 and len(fared[0].results) == 1:
        title = f"{args.data} under {fared[0].text}"
        lines += [tell(fared[0].results[0], title=title, drawn=False, folder=str(folders[0])), ""]
        return lines + by_quarter(fared[0])
    block = str(getattr(told.scenario.stream, "block", ""))
    lines += compared(fared, vary=args.vary, block=block)
    which = " (seed 0)" if len(fared[0].results) > 1 else ""
    return [*lines, "", *(f"folder    {path}{which}" for path in folders)]
