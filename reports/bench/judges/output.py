"""What the bench of judges leaves: an answer, a page, a picture, tables, JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from reports.bench.judges.picture import draw
from reports.bench.judges.playing import ONCE, PEEKING
from reports.bench.judges.safe import REWORK, Way
from reports.bench.judges.scores import EQUAL, WORSE, Scores
from reports.bench.judges.tables import bound, tables, worst_of
from reports.bench.judges.worlds import FULL, GRADUAL
from reports.bench.page import framed
from reports.bench.tables import Table, as_csv, as_html, as_latex, interval, percent
from reports.figures.picture import Picture
from reports.figures.style import save
from reports.folder import version, whole
from reports.pages.page import drawing
from sim.digest import digest
from strategies.judges.verdict import PROMOTE, ROLL_BACK

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

    from reports.bench.judges.plan import Plan

VERSION = 1


def write(scores: Scores, plan: Plan, out: Path, command: str) -> Path:
    """Write the bench's folder into *out* and return it; equal benches have equal folders."""
    name = f"bench-judges-{identity(plan)}"
    with whole(out, name) as folder:
        found, picture = tables(scores), draw(scores)
        page = _page(scores, found, picture, command)
        (folder / "page.html").write_text(page, encoding="utf-8")
        save(picture, folder / "figures", "bench")
        (folder / "tables").mkdir()
        for table in found:
            (folder / "tables" / f"{table.name}.csv").write_text(as_csv(table), encoding="utf-8")
            (folder / "tables" / f"{table.name}.tex").write_text(as_latex(table), encoding="utf-8")
        (folder / "summary.json").write_text(as_json(scores) + "\n", encoding="utf-8")
    return out / name


def identity(plan: Plan) -> str:
    """Return what tells this bench from another."""
    who = [[entrant.label, repr(entrant.judge), entrant.digest] for entrant in plan.entrants]
    what = [VERSION, who, [family.name for family in plan.families], list(plan.effects)]
    return digest([*what, plan.worlds, plan.requests, plan.a_day])[:8]


def answer(scores: Scores) -> list[str]:
    """Say in a few sentences who keeps the promise, who breaks it, and what that costs."""
    kept, broken = [], []
    for label in scores.labels:
        worst = [worst_of(scores, PEEKING, label, *of) for of in _WRONGS]
        if max(rate.value for rate, _ in worst) <= bound(scores.worlds):
            kept.append(label)
        else:
            broken.append((label, *max(worst, key=lambda pair: pair[0].value)))
    said = []
    if kept:
        said.append(
            f"Looked at {scores.a_day:g} times a day, {_list(kept)} keep{'s' * (len(kept) == 1)} "
            f"the promise of 5 % (here at most {100 * bound(scores.worlds):.1f} %) in all worlds."
        )
    if broken:
        told = [f"{label} errs in {percent(rate)} ({where.name})" for label, rate, where in broken]
        said.append(f"Not so: {'; '.join(told)}.")
    return [*said, *_once(scores), *_safe(scores)]


_WRONGS = ((EQUAL, ROLL_BACK), (WORSE, PROMOTE))


def _once(scores: Scores) -> list[str]:
    """Say what looking costs the judge that loses most by it."""
    plain = [f for f in scores.families if not f.late and f.visits == 1]
    gaps = [
        (
            scores.rate(f, PEEKING, label, EQUAL, ROLL_BACK),
            scores.rate(f, ONCE, label, EQUAL, ROLL_BACK), label, f,
        )
        for f in plain if not f.rollout.by_calendar
        for label in scores.labels
    ]  # fmt: skip
    if not gaps:
        return []
    often, once, label, family = max(gaps, key=lambda gap: gap[0].value - gap[1].value)
    return [
        f"Looking loses most for {label} ({family.rollout.name}): looked at once it rolls back "
        f"{percent(once)} of equal versions, at every look {percent(often)}."
    ]


def _safe(scores: Scores) -> list[str]:
    """Say whether a gradual rollout is faster than a full release that is rolled back."""
    gradual, full = (scores.family(rollout.name) for rollout in (GRADUAL, FULL))
    label = next((label for label in scores.labels if label == "sequential ratio"), None)
    if gradual is None or full is None or label is None:
        return []
    slow, fast = (Way(scores=scores, family=f, way=PEEKING, label=label) for f in (gradual, full))
    again = fast.found().value + REWORK
    return [
        f"A gradual rollout of a good version takes {gradual.rollout.end:g} days. A full release "
        f"that is 3 points worse is rolled back after {interval(fast.found())} ({label}) and has "
        f"then met {interval(fast.people())} people, gradually it would have met "
        f"{interval(slow.people())}. Mended and let out again at once, it is safe "
        f"after {again:.1f} days; let out gradually the second time, after "
        f"{again + gradual.rollout.end:.1f}."
    ]


def _list(labels: list[str]) -> str:
    return " and ".join([", ".join(labels[:-1]), labels[-1]] if len(labels) > 1 else labels)


def _page(scores: Scores, found: list[Table], picture: Figure, command: str) -> str:
    """Return the page; the table of everything is a file only."""
    shown = drawing(Picture(picture, "bench", "Error against days to a decision"))
    told = [as_html(table) for table in found if table.name != "all"]
    title = "Judge bench: which judge of a rollout?"
    return framed(title, command, answer(scores), shown, told)


def as_json(scores: Scores) -> str:
    """Return the bench as one JSON document."""
    rows: list[dict[str, Any]] = []
    all_of = next(table for table in tables(scores) if table.name == "all")
    for row in all_of.rows:
        cells: dict[str, Any] = {}
        for name, cell in zip(all_of.head, row, strict=True):
            key = name.replace(" ", "_")
            if isinstance(cell, str):
                cells[key] = float(cell) if name == "points better" else cell
            else:
                cells[key] = {"mean": cell.value, "low": cell.low, "high": cell.high}
        rows.append(cells)
    document = {
        "version": VERSION,
        "driftyard": version(),
        "bench": "judges",
        "worlds": scores.worlds,
        "looks_a_day": scores.a_day,
        "promise": {"alpha": 0.05, "bound": bound(scores.worlds)},
        "answer": answer(scores),
        "rows": rows,
    }
    return json.dumps(document, ensure_ascii=False, indent=1)
