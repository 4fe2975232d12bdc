"""What a bench leaves: a page, a picture, tables as CSV and LaTeX, raw alarms as Parquet."""

from __future__ import annotations

import json
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.bench import page as pages
from reports.bench.calibration import written
from reports.bench.optimum import Optimising
from reports.bench.picture import draw
from reports.bench.tables import as_csv, as_latex, tables
from reports.folder import version, whole
from reports.intervals import Figure
from sim.digest import digest

if TYPE_CHECKING:
    from reports.bench.scores import Scores

VERSION = 1


def write(scores: Scores, out: Path, command: str) -> Path:
    """Write the bench's folder into *out* and return it; equal benches have equal folders."""
    name = f"bench-detectors-{identity(scores)}"
    with whole(out, name) as folder:
        found, picture = tables(scores), draw(scores)
        optima = {
            Optimising(normal=stream.normal, run_length=best.run_length).name: best
            for stream in scores.plan.streams
            for best in scores.optima.get(stream.name, {}).values()
        }
        (folder / "page.html").write_text(
            pages.page(scores, found, picture, command), encoding="utf-8"
        )
        if picture is not None:
            from reports.figures.style import save

            save(picture, folder / "figures", "bench")
        (folder / "tables").mkdir()
        for table in found:
            (folder / "tables" / f"{table.name}.csv").write_text(as_csv(table), encoding="utf-8")
            (folder / "tables" / f"{table.name}.tex").write_text(as_latex(table), encoding="utf-8")
        (folder / "summary.json").write_text(as_json(scores) + "\n", encoding="utf-8")
        settings = [s for of in scores.settings.values() for s in of.values()]
        (folder / "calibration.json").write_text(written(settings, optima), encoding="utf-8")
        _alarms(scores, folder / "alarms.parquet")
    return out / name


def identity(scores: Scores) -> str:
    """Return what tells this bench from another."""
    plan = scores.plan
    entries = [[e.label, " ".join(repr(e.detector).split()), e.told] for e in plan.entries]
    streams = [digest(stream) for stream in plan.streams]
    return digest([VERSION, entries, streams, plan.period, plan.target, plan.runs])[:8]


def _alarms(scores: Scores, path: Path) -> None:
    """Write one row per alarm."""
    import pyarrow as pa
    from pyarrow import parquet

    columns: dict[str, list[Any]] = {
        name: [] for name in ("stream", "detector", "way", "run", "alarm", "drift", "known_at")
    }
    for stream, labels in scores.heard.items():
        for label, ways in labels.items():
            for way, score in ways.items():
                for number, run in enumerate(score.runs):
                    starts = [start for start, _ in run.drifts]
                    for alarm in run.alarms:
                        last = max((start for start in starts if start <= alarm), default=-1)
                        row = (stream, label, way, number, alarm, last, alarm + run.late)
                        for column, value in zip(columns.values(), row, strict=True):
                            column.append(value)
    kinds = [pa.string()] * 3 + [pa.int64()] * 4
    arrays = [pa.array(c, k) for c, k in zip(columns.values(), kinds, strict=True)]
    parquet.write_table(pa.table(dict(zip(columns, arrays, strict=True))), path)


def as_json(scores: Scores) -> str:
    """Return the bench as one JSON document."""
    plan, stream = scores.plan, scores.main
    rows = []
    for other in plan.streams:
        for label in scores.labels:
            score = scores.of(other.name, label)
            row: dict[str, Any] = {"stream": other.name, "detector": label}
            if score is None:
                rows.append({**row, "why": scores.why_not(other, label)})
                continue
            row["runs"] = len(score.runs)
            row["false_alarms"] = _figure(score.false_per(plan.period))
            if score.drifts:
                row["missed"] = _figure(score.missed)
                row["median_delay"] = _figure(scores.median_delay(other, label))
                row["mean_delay"] = _figure(scores.mean_delay(other, label))
                row["efficiency"] = _figure(scores.efficiency(other, label))
            rows.append(row)
    optimum = None if stream is None else scores.optima.get(stream.name, {}).get(plan.target)
    document = {
        "version": VERSION,
        "driftyard": version(),
        "bench": "detectors",
        "period": plan.period,
        "target": plan.target,
        "runs": plan.runs,
        "answer": pages.answer(scores),
        "optimum": None if optimum is None else {"delay": optimum.delay},
        "rows": rows,
        "ranks": {label: _figure(rank) for label, rank in scores.ranks().items()},
        "worth": {
            label: dict(
                zip(
                    ("saved", "alarms", "per_alarm"),
                    map(_figure, scores.worth(label)),
                    strict=True,
                )
            )
            for label in scores.earned
        },
        "refused": scores.refused,
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _figure(found: Figure) -> dict[str, float | None]:
    """Return a figure; what is infinite or unknown is null."""
    parts = {"mean": found.value, "low": found.low, "high": found.high}
    return {name: (value if isfinite(value) else None) for name, value in parts.items()}
