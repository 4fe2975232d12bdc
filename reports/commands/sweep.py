"""`driftyard sweep`: scenarios × strategies × seeds, into a store that knows what is done."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from math import sqrt
from statistics import mean, stdev
from typing import TYPE_CHECKING, Any

from reports.store import Store
from reports.sweeps import Sweep, Swept, over, sweep, texts
from reports.sweeps.grid import listed
from reports.sweeps.playing import sign
from reports.sweeps.progress import Progress
from reports.sweeps.sweep import WARM
from reports.table import table
from reports.words import count
from sim.clock import SECOND_US, us
from sim.errors import refuse

if TYPE_CHECKING:
    from argparse import Namespace

    from sim.sweeps import Engine

INTERRUPTED, UNKNOWN_EXIT = 130, 3
SHOWN = 5
"""So many failed runs are told; the store holds them all."""


def main(args: Namespace) -> int:
    """Play what is missing and tell how the strategies fared."""
    with redirect_stdout(sys.stderr):  # what a plug-in prints is not the answer
        asked = _asked(args)
        with _engine(args) as engine, _store(args) as store:
            progress = Progress(quiet=args.quiet)
            mixed = args.mixed or not args.cluster
            swept = sweep(asked, engine=engine, store=store, watcher=progress, mixed=mixed)
            if swept.interrupted:
                signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is ending already
            lines = _told(swept, args.store)
    if not args.quiet:
        print("\n".join(lines))
    if swept.interrupted:
        return INTERRUPTED
    return UNKNOWN_EXIT if swept.errors else 0


def _asked(args: Namespace) -> Sweep:
    values = over(args.over)
    operators = [name for text in args.strategies for name in listed(text)]
    used = " ".join([*args.scenarios, *operators])
    for name in values:
        if f"{{{name}}}" not in used:
            remedy = f"""say where it goes, as in "scheduled({name}='{{{name}}}')" """.strip()
            refuse("--over", f"{name}={','.join(values[name])}", remedy)
    return Sweep.of(
        texts(args.scenarios, values),
        texts(operators, values),
        range(_whole("--seeds", args.seeds)),
        timeout=us(args.timeout, "--timeout") / SECOND_US,
        ledgers=args.ledgers,
    )


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
    workers = _whole("--workers", args.workers) if args.workers else os.cpu_count() or 1
    yield Serial() if workers == 1 else Processes(workers=workers, warm=WARM)


def _store(args: Namespace) -> Store:
    def waiting(who: str) -> None:
        if not args.quiet:
            print(f"driftyard: waiting for {who} to end with {args.store}", file=sys.stderr)

    wait_s = us(args.wait, "--wait") / SECOND_US
    return Store(args.store, wait_s=wait_s, waiting=waiting)


def _whole(field: str, text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        refuse(field, text, "give a whole number from 1 up")
    return number


def _told(swept: Swept, store: str) -> list[str]:
    """Return how each strategy fared, and what kept runs from having a result."""
    cells: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in swept.rows():
        cells.setdefault((row["asked_scenario"], row["asked_strategy"]), []).append(row)
    head = ["scenario", "strategy", "runs", "excess a request", "missed", "false alarms", "cost"]
    lines = table(head, [_cell(*names, rows) for names, rows in cells.items()]) if cells else []
    known = len(swept.tasks) - swept.played - len(swept.errors)
    summary = f"{count(swept.played, 'run')} played"
    if known and not swept.interrupted:
        summary += f", {known:,} known already"
    if swept.errors:
        summary += f", {count(len(swept.errors), 'run')} without a result"
    lines += ["", f"{summary}; store {store}"]
    for task, error in list(swept.errors.items())[:SHOWN]:
        cast = swept.sweep.cast
        names = f"{cast.scenarios[task.scenario].text} under {cast.strategies[task.strategy].text}"
        lines.append(f"failed    {names}, seed {task.seed}: {error}")
    if len(swept.errors) > SHOWN:
        lines.append("          all of them: driftyard results 'FROM failures'")
    if swept.interrupted:
        lines.append("interrupted: what was played is kept, the same command goes on from here")
    return lines


def _cell(scenario: str, strategy: str, rows: list[dict[str, Any]]) -> list[str]:
    excess = [row["excess_mean"] for row in rows if row["excess_mean"] is not None]
    spread = f" ± {stdev(excess) / sqrt(len(excess)):.2g}" if len(excess) > 1 else ""
    incidents = sum(row["incidents"] for row in rows)
    return [
        scenario,
        strategy,
        f"{len(rows):,}",
        f"{mean(excess):.4g}{spread}" if excess else "unknown",
        f"{sum(row['missed'] for row in rows):,} of {incidents:,}",
        f"{mean(row['false_alarms'] for row in rows):.2f}",
        f"{mean(row['cost'] or 0.0 for row in rows):,.0f} {rows[0]['currency']}".strip(),
    ]
