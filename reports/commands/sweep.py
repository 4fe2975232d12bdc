"""`driftyard sweep`: scenarios × strategies × seeds, into a store that knows what is done."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from math import sqrt
from statistics import mean, stdev
from typing import TYPE_CHECKING, Any

from reports.sweeps.conduct import (
    GOES_ON,
    INTERRUPTED,
    SHOWN,
    UNKNOWN_EXIT,
    asked,
    conducted,
    failures,
)
from reports.table import table
from reports.words import count

if TYPE_CHECKING:
    from argparse import Namespace

    from reports.sweeps import Swept


def main(args: Namespace) -> int:
    """Play what is missing and tell how the strategies fared."""
    with redirect_stdout(sys.stderr):  # what a plug-in prints is not the answer
        wanted = asked(args, ledgers=args.ledgers)
        with conducted(args) as conductor:
            swept = conductor.sweep(wanted)
            lines = _told(swept, args.store)
    if not args.quiet:
        print("\n".join(lines))
    if swept.interrupted:
        return INTERRUPTED
    return UNKNOWN_EXIT if swept.errors else 0


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
    broken = [line for names, rows in cells.items() for line in _broken(*names, rows)]
    lines += broken[:SHOWN]
    if len(broken) > SHOWN:
        lines.append("            all: driftyard results \"FROM runs WHERE verdict = 'fail'\"")
    lines += [f"failed    {line}" for line in failures(swept)[:SHOWN]]
    if len(swept.errors) > SHOWN:
        lines.append("          all of them: driftyard results 'FROM failures'")
    if swept.interrupted:
        lines.append(GOES_ON)
    return lines


def _broken(scenario: str, strategy: str, rows: list[dict[str, Any]]) -> list[str]:
    """Return in how many years a strategy broke down, and why in the first; nothing if in none."""
    why = [row["stopped"] for row in rows if row["stopped"]]
    if not why:
        return []
    of = f"{len(why):,} of {count(len(rows), 'year')}"
    return [f"broke down  {strategy} in {of} of {scenario}: {why[0]}"]


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
