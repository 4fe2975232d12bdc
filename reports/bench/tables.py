"""The tables of a bench, and how they are written: CSV, LaTeX, HTML."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from math import inf, isinf, isnan

from reports.bench.complete import Complete, in_occurrences
from reports.bench.plan import AS_GIVEN, MATCHED
from reports.bench.roster import ORACLE, THE_CHANGE
from reports.bench.scores import MAX_DELAY, Scores, published
from reports.intervals import UNKNOWN, Figure
from reports.pages.html import Html
from reports.pages.html import table as html_table
from reports.pages.page import section

Cell = str | Figure


@dataclass(frozen=True, kw_only=True)
class Table:
    """A *name* for its files, a *title*, what to know (*note*), a head and rows."""

    name: str
    title: str
    note: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def tables(scores: Scores) -> list[Table]:
    """Return all tables that the bench has something for."""
    found = []
    if scores.main is not None:
        found += [_main(scores), _streams(scores), _ranks(scores)]
    if scores.earned:
        found.append(_worth(scores))
    if scores.main is not None:
        found.append(_published(scores))
    found += [_as_given(scores), _settings(scores)]
    return found


def _main(scores: Scores) -> Table:
    stream, plan = scores.main, scores.plan
    assert stream is not None
    rows: list[tuple[Cell, ...]] = []
    for entry in plan.entries:
        score, why = scores.of(stream.name, entry.label), scores.why_not(stream, entry.label)
        if score is None or why:
            alone = _without_setting(scores, entry.label)
            if alone is None:
                rows.append((entry.label, entry.told, why, *[""] * 7))
                continue
            why, score, way = f"{why}: as it is", alone, AS_GIVEN
        else:
            way = MATCHED
        median = scores.median_delay(stream, entry.label, way)
        rows.append(
            (
                entry.label,
                entry.told if way == MATCHED else f"{entry.told}; {why}",
                scores.false_alarms(stream, entry.label, way),
                median,
                f"{place(score.delay(0.25).value)}–{place(score.delay(0.75).value)}",
                scores.mean_delay(stream, entry.label, way),
                percent(score.missed),
                in_occurrences(median, stream.late),
                scores.efficiency(stream, entry.label) if way == MATCHED else UNKNOWN,
                str(len(score.runs)),
            )
        )
    best = scores.optima.get(stream.name, {}).get(plan.target)
    if best is not None:
        note = f"lattice: {best.difference:+.2g}" if best.difference else ""
        worst = (f"worst case {best.delay:.0f}", note)
        rows.append(("Lorden's optimum", THE_CHANGE, f"{plan.target:g}", *worst, *[""] * 5))
    to = next(s.restricted_to for ways in scores.heard[stream.name].values() for s in ways.values())
    return Table(
        name="delay",
        title=f"Delay on {words_of(stream)}, at {counted(plan.target)} "
        f"per {plan.period:,} values",
        note=f"Delay in label arrivals after the first changed one; a label comes {stream.late:,} "
        f"values after its record, so in occurrences it is longer. The mean is restricted to "
        f"{to:,.0f}. Efficiency: the oracle's mean delay over the detector's; above 1 can occur, "
        "since the CUSUM is best in the worst case only. Intervals hold 95 %, the calibration's "
        "error included; false alarms are counted on fresh seeds.",
        head=("detector", "told", "false alarms", "median delay", "quartiles", "mean delay",
              "missed", "median in occurrences", "efficiency", "runs"),
        rows=tuple(rows),
    )  # fmt: skip


def _without_setting(scores: Scores, label: str) -> Complete | None:
    """Return the scores as given of what cannot be set, if it alarms by itself."""
    stream = scores.main
    assert stream is not None
    setting = scores.setting(stream, label)
    if setting is not None and setting.why.startswith("nothing makes"):
        return scores.of(stream.name, label, AS_GIVEN)
    return None


def _streams(scores: Scores) -> Table:
    rows = []
    for entry in scores.plan.entries:
        cells: list[Cell] = [entry.label]
        for stream in scores.drifting:
            score = scores.of(stream.name, entry.label)
            if score is None:
                cells.append(scores.why_not(stream, entry.label))
                continue
            mean, missed = scores.mean_delay(stream, entry.label), score.missed.value
            cells.append(f"{interval(mean)}, {100 * missed:.0f} % missed")
        rows.append(tuple(cells))
    return Table(
        name="streams",
        title="Mean delay and missed share on every stream with drifts, false alarms matched",
        note="Means are restricted to the time for which every drift of the stream was watched.",
        head=("detector", *(stream.name for stream in scores.drifting)),
        rows=tuple(rows),
    )


def _ranks(scores: Scores) -> Table:
    ranks = scores.ranks()
    order = sorted(ranks, key=lambda label: ranks[label].value)
    return Table(
        name="ranks",
        title="Mean rank over the streams, by mean delay at matched false alarms",
        note="1 is the fastest; who cannot take part on a stream is last there. The interval "
        "resamples whole runs and says nothing about other streams. Friedman's test that all "
        f"are alike over these {len(scores.drifting)} streams: p = {scores.friedman():.2g}.",
        head=("detector", "mean rank"),
        rows=tuple((label, ranks[label]) for label in order),
    )


def _worth(scores: Scores) -> Table:
    rows = []
    for label in scores.earned:
        saved, alarms, per_alarm = scores.worth(label)
        rows.append((label, saved, alarms, per_alarm))
    rows.sort(key=lambda row: -row[1].value)
    seeds = len(next(iter(scores.earned.values())))
    return Table(
        name="worth",
        title="What it is worth: errors saved when one retraining policy listens to it",
        note="The same policy (rebuild on the labels since the alarm) against never rebuilding, "
        f"in 20,000 requests to a model whose world turns after 5,000, {seeds} seeds, paired.",
        head=("detector", "errors saved a run", "alarms a run", "errors saved per alarm"),
        rows=tuple(rows),
    )


MEASURES = (
    ("windowed f1", "windowed: F1"),
    ("windowed mdt", "MDT"),
    ("windowed false_alarms_per_1000", "FA/1000"),
    ("complete f1", "windowed_complete: F1"),
    ("complete delay", "delay"),
    ("complete false_alarms_per_1000", "FA/1000 "),
    ("complete mtr", "MTR"),
    ("sequential mtd", "sequential: MTD"),
    ("sequential mtfa", "MTFA"),
    ("sequential mdr", "MDR"),
    ("sequential mtr", "MTR "),
)


def _published(scores: Scores) -> Table:
    stream = next(
        (s for s in scores.drifting if getattr(s, "shape", "") == "recurring"), scores.main
    )
    assert stream is not None
    rows: list[tuple[Cell, ...]] = []
    for label in scores.labels:
        score = scores.of(stream.name, label, AS_GIVEN)
        if score is None:
            continue
        found = published(score)
        rows.append((label, *(found.get(key, UNKNOWN) for key, _ in MEASURES)))
    return Table(
        name="published",
        title=f"The three published conventions on {words_of(stream)}, detectors as given",
        note=f"Hits within {MAX_DELAY:,} values. Means over the runs in which a measure is "
        "defined; what they hide is told in docs/detectors.md.",
        head=("detector", *(name for _, name in MEASURES)),
        rows=tuple(rows),
    )


def _as_given(scores: Scores) -> Table:
    rows = []
    streams = [s for s in scores.plan.streams if getattr(s, "shape", "") != "stationary"]
    for label in scores.labels:
        for stream in streams:
            score = scores.of(stream.name, label, AS_GIVEN)
            if score is None:
                continue
            rows.append(
                (
                    label,
                    stream.name,
                    scores.false_alarms(stream, label, AS_GIVEN),
                    score.false_per(scores.plan.period),
                    score.delay(),
                    score.mean_delay(),
                    percent(score.missed),
                )
            )
    return Table(
        name="as-given",
        title="With their parameters as given: our complete convention",
        note=f"False alarms per {scores.plan.period:,} values: on the stationary control, and on "
        "the stream itself while no drift was open (tail included).",
        head=("detector", "stream", "false alarms, control", "false alarms, stream",
              "median delay", "mean delay", "missed"),
        rows=tuple(rows),
    )  # fmt: skip


def _settings(scores: Scores) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for stream in {s.family: s for s in scores.plan.streams}.values():
        for entry in scores.plan.entries:
            setting = scores.setting(stream, entry.label)
            if setting is None:
                continue
            knob = entry.knob.field if entry.knob else ""
            how = f"{knob} = {setting.first:.6g}"
            if setting.share < 1:
                how += f" (share {setting.share:.3g}), else {setting.second:.6g}"
            found = Figure(
                value=setting.found,
                low=setting.found - 1.96 * setting.error,
                high=setting.found + 1.96 * setting.error,
            )
            if not setting.reachable:
                rows.append((entry.label, stream.family, f"not reachable: {setting.why}", "", ""))
            else:
                rows.append((entry.label, stream.family, how, found, str(setting.runs)))
    return Table(
        name="settings",
        title="How they were set",
        note="Found by simulation on seeds of their own. Neighbouring settings that jump over the "
        "target are taken in turn, at each start with the share that is shown.",
        head=("detector", "for", "setting", "false alarms when calibrated", "runs"),
        rows=tuple(rows),
    )


def words_of(stream: object) -> str:
    """Say what a stream is."""
    normal = stream.normal  # type: ignore[attr-defined]
    name = stream.name  # type: ignore[attr-defined]
    if normal.kind == "bernoulli":
        return f"'{name}' (error rate {100 * normal.before:g} % → {100 * normal.after:g} %)"
    return f"'{name}' (mean {normal.before:g} → {normal.after:g}, sd {normal.spread:g})"


def counted(target: float) -> str:
    """Write a number of false alarms."""
    return f"{target:g} false alarm{'' if target == 1 else 's'}"


def place(value: float) -> str:
    """Write a delay."""
    return "never" if isinf(value) else f"{value:,.0f}"


def percent(found: Figure) -> str:
    """Write a share."""
    if not found.known:
        return ""
    return f"{100 * found.value:.1f} % ({100 * found.low:.1f}–{100 * found.high:.1f})"


def interval(found: Figure) -> str:
    """Write a number with its interval."""
    if isnan(found.value):
        return ""
    if not found.known:
        return f"{_number(found.value)} (no interval)" if not isinf(found.value) else "never"
    return f"{_number(found.value)} ({_number(found.low)}–{_number(found.high)})"


def _number(value: float) -> str:
    if isinf(value):
        return "never" if value > 0 else "?"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def as_csv(table: Table) -> str:
    """Return a table as CSV; a figure is three columns: value, low, high."""
    wide = [any(isinstance(row[i], Figure) for row in table.rows) for i in range(len(table.head))]
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    head: list[str] = []
    for name, is_wide in zip(table.head, wide, strict=True):
        head += [name.strip(), f"{name.strip()} low", f"{name.strip()} high"] if is_wide else [name]
    write.writerow(head)
    for row in table.rows:
        cells: list[str] = []
        for cell, is_wide in zip(row, wide, strict=True):
            if isinstance(cell, Figure):
                cells += [_plain(cell.value), _plain(cell.low), _plain(cell.high)]
            else:
                cells += [cell, "", ""] if is_wide else [cell]
        write.writerow(cells)
    return out.getvalue()


def _plain(value: float) -> str:
    return "" if isnan(value) or value == -inf else repr(value)


def as_latex(table: Table) -> str:
    """Return a table as LaTeX, with booktabs."""
    lines = [
        r"\begin{table}",
        rf"\caption{{{_tex(table.title)}. {_tex(table.note)}}}",
        rf"\begin{{tabular}}{{{'l' * len(table.head)}}}",
        r"\toprule",
        " & ".join(_tex(name) for name in table.head) + r" \\",
        r"\midrule",
    ]
    lines += [" & ".join(_tex(written(cell)) for cell in row) + r" \\" for row in table.rows]
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}", r"\end{table}", ""])


def _tex(words: str) -> str:
    for sign in "&%$#_":
        words = words.replace(sign, f"\\{sign}")
    return words.replace("→", r"$\to$").replace("≤", r"$\le$").replace("–", "--")


def as_html(table: Table, *, bold: str = "") -> Html:
    """Return a table as HTML; the row that begins with *bold* stands out."""
    kinds = []
    for row in table.rows:
        first = str(row[0])
        kind = "marked" if bold and first == bold else ""
        if first == ORACLE or first.startswith("Lorden"):
            kind = "oracle"
        elif first.endswith("(dummy)"):
            kind = "dummy"
        kinds.append(kind)
    cells = [[written(cell) for cell in row] for row in table.rows]
    return section(table.title, html_table(table.head, cells, kinds=kinds), note=table.note)


def written(cell: Cell) -> str:
    """Write a cell for people."""
    return interval(cell) if isinstance(cell, Figure) else cell
