"""What a run leaves for people in its folder: the page, the pictures, tables and papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from reports.pages.log import lines
from reports.pages.run import pictures, render
from reports.papers.filing import file

if TYPE_CHECKING:
    from pathlib import Path

    from reports.result import Result


def leave(result: Result, folder: Path, config: Mapping[str, Any]) -> None:
    """Write report.html, figures/, tables/ and papers/ into *folder*."""
    drawn = pictures(result)
    page = render(result, drawn, again=config, papers=True)
    (folder / "report.html").write_text(page, encoding="utf-8")
    for picture in drawn.values():
        picture.save(folder / "figures")
    (folder / "tables").mkdir(exist_ok=True)
    for name, (head, rows) in tables(result).items():
        text = as_csv(head, rows)
        (folder / "tables" / f"{name}.csv").write_text(text, encoding="utf-8")
    file(result, folder / "papers")


Rows = tuple[list[str], list[list[Any]]]


def tables(result: Result) -> dict[str, Rows]:
    """Return what the page tells as tables of plain numbers; times are seconds."""
    incidents = [
        [one.name, one.kind, one.onset_us / 1e6, d.monitor, d.layer, d.owner,
         None if d.lag_us is None else d.lag_us / 1e6, d.records, d.harmed, d.missed,
         None if one.recovered_us is None else one.recovered_us / 1e6, one.harmed]
        for one in result.incidents
        for d in one.detections
    ]  # fmt: skip
    return {
        "detections": (
            ["incident", "kind", "onset_s", "monitor", "layer", "owner", "lag_s", "records",
             "harmed", "missed", "recovered_s", "harmed_until_over"], incidents,
        ),
        "decisions": (
            ["at_s", "kind", "what", "why", "value", "against", "records"],
            [[line.at_us / 1e6, line.kind, line.what, line.why, line.value, line.threshold,
              line.records] for line in lines(result.run)],
        ),
        "versions": (
            ["version", "claim", "lived", "requests"],
            [[one.version, one.claim, one.loss, one.requests] for one in result.lived],
        ),
        "loss": (["cause", "loss"], [[k, v] for k, v in result.split.parts.items()]),
        "calibration": (
            ["start_s", "stop_s", "answers", "said", "came_true", "error", "by_chance", "brier"],
            [[one.start_us / 1e6, one.stop_us / 1e6, one.answers, one.said, one.came, one.error,
              one.by_chance, one.brier]
             for one in (result.calibration.stretches if result.calibration else ())],
        ),
    }  # fmt: skip


def as_csv(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return a table as CSV."""
    import csv
    from io import StringIO

    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()
