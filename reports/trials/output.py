"""A comparison as JSON, tables and pictures; the schema is published in schemas/compare.json."""

from __future__ import annotations

import csv
import json
from dataclasses import fields, is_dataclass
from io import StringIO
from math import isfinite
from typing import TYPE_CHECKING, Any

from reports.comparison.comparison import Comparison
from reports.comparison.measure import measure
from reports.comparison.telling import sentence, short
from reports.folder import version, whole
from reports.intervals import Figure
from sim.digest import digest

if TYPE_CHECKING:
    from pathlib import Path

    from reports.comparison.comparison import Cell
    from reports.comparison.contrast import Contrast

VERSION = 1
"""It grows when a key goes or changes its meaning; keys may be added without."""


def document(found: Comparison) -> dict[str, Any]:
    """Return what `compare --json` prints."""
    return {
        "schema": VERSION,
        "driftyard": version(),
        "scenarios": list(found.scenarios),
        "strategies": list(found.strategies),
        "seeds": found.seeds,
        "rule": found.rule.words,
        "measures": [one.text for one in found.measures],
        "currency": found.currency,
        "verdict": found.verdict,
        "stopped": found.stopped or None,
        "findings": {
            scenario: said for scenario in found.scenarios if (said := short(found, scenario))
        },
        "rows": [_row(cell) for cell in found.cells],
        "contrasts": [_contrast(one, found) for one in found.contrasts],
        "expectations": [
            {
                "expectation": one.expected.text,
                "scenario": one.scenario,
                "strategy": one.strategy,
                "verdict": one.verdict,
                "held": one.held,
                "seeds": one.seeds,
                "share": figure(one.share),
                "enough": one.expected.enough,
                "worst": one.worst,
            }
            for one in found.tallies
        ],
        "break_even": [
            {
                "scenario": one.scenario,
                "busy": one.busy,
                "idle": one.idle,
                "price": figure(one.price),
                "unit": one.unit,
                "saved": one.saved,
                "trainings": one.trainings,
                "words": one.words,
            }
            for one in found.break_evens
        ],
        "pareto": [
            {
                "scenario": one.scenario,
                "strategy": one.strategy,
                "loss": figure(one.loss),
                "effort": figure(one.effort),
                "unit": one.unit,
                "dominated": one.dominated,
            }
            for one in found.points
        ],
        "claims": [
            {
                "scenario": one.scenario,
                "strategy": one.strategy,
                "versions": one.versions,
                "claimed": figure(one.claimed),
                "lived": figure(one.lived),
                "short": figure(one.short),
                "furthest": one.furthest and vars(one.furthest),
            }
            for one in found.claims
        ],
        "hindsight": [
            {
                "scenario": one.scenario,
                "loss": figure(one.loss),
                "effort": figure(one.effort),
                "unit": one.unit,
            }
            for one in found.corners
        ],
        "regrets": [_contrast(one, found) for one in found.regrets],
        "unknown": list(found.unknown),
        "failures": list(found.failures),
    }


def as_json(found: Comparison) -> str:
    """Return the document as text."""
    return json.dumps(document(found), indent=2, ensure_ascii=False, allow_nan=False)


def figure(one: Figure) -> dict[str, float | None]:
    """Return a number with its interval; null for what is unknown."""
    names = {"mean": one.value, "low": one.low, "high": one.high}
    return {name: value if isfinite(value) else None for name, value in names.items()}


def _row(cell: Cell) -> dict[str, Any]:
    return {
        "scenario": cell.scenario,
        "strategy": cell.strategy,
        "seeds": cell.seeds,
        "broken": cell.broken,
        **{name: figure(one) for name, one in cell.figures.items()},
    }


def _contrast(one: Contrast, found: Comparison) -> dict[str, Any]:
    known = (*found.measures, measure("spent"))
    by = next(asked for asked in known if asked.text == one.measure)
    return {
        "scenario": one.scenario or None,
        "measure": one.measure,
        "one": one.one,
        "other": one.other,
        "seeds": one.seeds,
        "difference": figure(one.difference),
        "alpha": one.alpha,
        "wins": one.wins,
        "ties": one.ties,
        "losses": one.losses,
        "beats": figure(one.beats),
        "verdict": one.verdict,
        "margin": one.margin if isfinite(one.margin) else None,
        "more_seeds": one.more,
        "words": sentence(one, by),
    }


def _tables(found: Comparison, folder: Path) -> None:
    """Write the rows, the contrasts and the years as CSV."""
    told = document(found)
    (folder / "rows.csv").write_text(_csv(told["rows"]), encoding="utf-8")
    (folder / "contrasts.csv").write_text(_csv(told["contrasts"]), encoding="utf-8")
    years = [{"seed": year.seed, **year.run} for year in found.years]
    (folder / "years.csv").write_text(_csv(years), encoding="utf-8")


def dumped(found: Any, command: str) -> str:
    """Return what a command prints: its findings, field by field."""
    if isinstance(found, Comparison):
        return as_json(found)
    told = {"schema": VERSION, "driftyard": version(), "command": command, "found": _plain(found)}
    return json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False)


def put(found: Any, command: str, out: Path, asked: str) -> Path:
    """Write the folder of a command into *out*, and return it; equal findings have equal ones."""
    from reports.pages.trial import leave

    text = dumped(found, command)
    name = f"{command}-{digest(text)[:8]}"
    with whole(out, name) as folder:
        (folder / "summary.json").write_text(text + "\n", encoding="utf-8")
        (folder / "command.txt").write_text(asked + "\n", encoding="utf-8")
        if isinstance(found, Comparison):
            _tables(found, folder)
        leave(found, folder, asked)
    return out / name


def _plain(value: Any) -> Any:
    """Return findings as what JSON has: fields and verdicts by their names, figures as such."""
    if isinstance(value, Figure):
        return figure(value)
    if isinstance(value, Comparison):
        return document(value)
    if is_dataclass(value) and not isinstance(value, type):
        told = {f.name: _plain(getattr(value, f.name)) for f in fields(value) if f.repr}
        more = ("verdict", "finding", "optimum", "first")
        return told | {name: _plain(getattr(value, name)) for name in more if hasattr(value, name)}
    if isinstance(value, dict):
        return {key: _plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(held) for held in value]
    if isinstance(value, float) and not isfinite(value):
        return None
    return value


def _csv(rows: list[dict[str, Any]]) -> str:
    """Return rows with a column for each number of each figure."""
    flat = [
        {
            (key if inner is None else f"{key}_{inner}"): value
            for key, held in row.items()
            for inner, value in (held.items() if isinstance(held, dict) else [(None, held)])
        }
        for row in rows
    ]
    text = StringIO()
    if flat:
        writer = csv.DictWriter(text, list(flat[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(flat)
    return text.getvalue()
