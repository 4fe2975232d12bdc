"""How the command line has many years played: by whom, into which store, seen by whom."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import inf
from typing import TYPE_CHECKING, Any

from reports.progress import Counted
from reports.sparse import sparse
from reports.store import Store
from reports.sweeps.grid import listed, over, places, texts
from reports.sweeps.playing import sign
from reports.sweeps.progress import Progress
from reports.sweeps.sweep import WARM, Sweep, Swept, sweep
from reports.tracking import tracked
from reports.words import count
from sim.clock import SECOND_US, us
from sim.errors import Mistake, refuse

if TYPE_CHECKING:
    from argparse import Namespace

    from reports.sweeps.cast import Cast
    from reports.tracking import Tracker
    from sim.sweeps import Engine

INTERRUPTED, UNKNOWN_EXIT = 130, 3
SHOWN = 5
"""So many failed runs are told; the store holds them all."""
GOES_ON = "interrupted: what was played is kept, the same command goes on from here"


class Interrupted(Exception):
    """Somebody pressed Ctrl-C; what was played lies in the store."""


class Conductor:
    """Plays sweeps, one after another, with the same workers into the same *store*.

    *timeout_s* is how long one run may take; workers that differ from this process are refused
    unless *mixed*. What was asked for is logged by the *tracker* as well, if there is one.
    """

    def __init__(
        self,
        engine: Engine,
        store: Store,
        *,
        timeout_s: float = 3600.0,
        quiet: bool = False,
        mixed: bool = True,
        tracker: Tracker | None = None,
    ) -> None:
        self._engine, self.store = engine, store
        self._timeout_s, self._quiet, self._mixed = timeout_s, quiet, mixed
        self._tracker = tracker
        self._rows: dict[str, dict[str, Any]] = {}
        """what is to be logged, by the keys of the runs"""
        self._told: set[str] = set()

    def sweep(self, asked: Sweep, *, until: float = inf) -> Swept:
        """Play what is missing; say once what of a manifest has no counterpart here."""
        if not self._quiet:
            lines = dict.fromkeys(_worth_knowing(asked.cast))
            for line in (line for line in lines if line not in self._told):
                print(f"driftyard: {line}", file=sys.stderr)
            self._told |= lines.keys()
        swept = sweep(
            asked,
            engine=self._engine,
            store=self.store,
            watcher=Progress(quiet=self._quiet),
            mixed=self._mixed,
            until=until,
        )
        if swept.interrupted and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is ending already
        if self._tracker is not None and not swept.interrupted:
            self._rows |= {row["run"]: row for row in swept.rows()}
        return swept

    def log(self) -> None:
        """Log what MLflow does not have yet; it goes on where it was if that is interrupted."""
        if self._tracker is None or not self._rows:
            return
        rows = list(self._rows.values())
        with Counted("runs into MLflow", quiet=self._quiet) as counted:
            added = self._tracker.put_rows(rows, counted)
        if not self._quiet:
            there = f"{len(rows) - added:,} there already"
            print(f"driftyard: {count(added, 'run')} logged in MLflow, {there}", file=sys.stderr)

    def play(
        self,
        scenarios: Sequence[Any],
        strategies: Sequence[Any],
        seeds: Sequence[int],
        *,
        until: float = inf,
    ) -> Swept:
        """Play what is missing of these; if somebody does not want to wait, say so."""
        asked = Sweep.of(scenarios, strategies, seeds, timeout=self._timeout_s)
        for kind, some in (("scenario", asked.cast.scenarios), ("strategy", asked.cast.strategies)):
            texts = [part.text for part in some]
            for text in texts:
                if texts.count(text) > 1:
                    refuse(kind, text, "two that differ are called so: give one another name")
        swept = self.sweep(asked, until=until)
        if swept.interrupted:
            raise Interrupted
        return swept


@contextmanager
def conducted(args: Namespace) -> Iterator[Conductor]:
    """Give somebody who plays as *args* ask, and log what they played if that is wanted."""
    from sim.sweeps import Kept

    tracker = tracked(args.mlflow)
    timeout_s = us(args.timeout, "--timeout") / SECOND_US
    mixed = args.mixed or not args.cluster
    with _engine(args) as engine, _store(args) as store:
        kept = Kept(engine)
        try:
            conductor = Conductor(
                kept, store, timeout_s=timeout_s, quiet=args.quiet, mixed=mixed, tracker=tracker
            )
            yield conductor
            conductor.log()
        finally:
            kept.close()


def asked(args: Namespace, **how: Any) -> Sweep:
    """Read the cast and the seeds that are asked for."""
    worlds, operators = parts(args)
    seeds = range(whole("--seeds", args.seeds))
    timeout = us(args.timeout, "--timeout") / SECOND_US
    return Sweep.of(worlds, operators, seeds, timeout=timeout, **how)


def parts(args: Namespace) -> tuple[list[str], list[str]]:
    """Read the names of scenarios and strategies, with every value asked for in its place."""
    values = over(args.over)
    operators = [name for text in args.strategies for name in listed(text)]
    used = " ".join([*args.scenarios, *operators])
    for name in values:
        if f"{{{name}}}" not in used:
            remedy = f"""say where it goes, as in "scheduled({name}='{{{name}}}')" """.strip()
            refuse("--over", f"{name}={','.join(values[name])}", remedy)
    named = texts(args.scenarios, values), texts(operators, values)
    for text in (*named[0], *named[1]):
        for name in places(text):
            remedy = f"what does {{{name}}} stand for? Give its values: --over {name}=1d,7d"
            refuse("--over", text, remedy)
    return named


def whole(field: str, text: str) -> int:
    """Read a number that counts something."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        refuse(field, text, "give a whole number from 1 up")
    return number


def _worth_knowing(cast: Cast) -> Iterator[str]:
    """Yield what a manifest says in vain, and who would have too few records to judge."""
    for strategy in cast.strategies:
        yield from strategy.left
    for part in cast.scenarios:
        try:
            scenario = part.found().of_seed(0).value
        except Mistake:
            continue  # the run of this seed will say so
        for strategy in cast.strategies:
            watching = getattr(strategy.found().named.value, "monitors", ())
            yield from (f"{part.text}: {line}" for line in sparse(scenario, watching))


def failures(swept: Swept) -> list[str]:
    """Say which runs have no result, and why."""
    cast = swept.sweep.cast
    return [
        f"{cast.scenarios[task.scenario].text} under {cast.strategies[task.strategy].text}, "
        f"seed {task.seed}: {error}"
        for task, error in swept.errors.items()
    ]


@contextmanager
def _engine(args: Namespace) -> Iterator[Engine]:
    from sim.sweeps import Cluster, Processes, Serial

    if args.cluster:
        if args.workers:
            refuse("--workers", args.workers, "a cluster has the workers that it has")
        cluster = Cluster(address=args.cluster)
        try:
            cluster.check(sign, mixed=args.mixed)
            yield cluster
        finally:
            cluster.close()
        return
    workers = whole("--workers", args.workers) if args.workers else os.cpu_count() or 1
    yield Serial() if workers == 1 else Processes(workers=workers, warm=WARM)


def _store(args: Namespace) -> Store:
    def waiting(who: str) -> None:
        if not args.quiet:
            print(f"driftyard: waiting for {who} to end with {args.store}", file=sys.stderr)

    wait_s = us(args.wait, "--wait") / SECOND_US
    return Store(args.store, wait_s=wait_s, waiting=waiting)
