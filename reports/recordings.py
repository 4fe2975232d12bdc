"""What `driftyard replay` prints: the data as they were understood, and how strategies fared."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, sqrt
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Any

from reports.measures.metric import Quality, metric
from reports.table import paragraph, table
from reports.words import duration
from sim.clock import us

if TYPE_CHECKING:
    from reports.result import Result
    from scenarios.replay import Told
    from sim.table import Table

OVER = {
    "bootstrap": "block bootstraps of one history (each {block} is one from its neighbourhood)",
    "faults": "random times of the faults, in one and the same history",
    "delays": "random label delays, in one and the same history",
}


@dataclass(frozen=True)
class Fared:
    """How one strategy fared: its *text* and a *result* for every seed."""

    text: str
    results: list[Result]

    @property
    def qualities(self) -> list[Quality]:
        """The metric of every seed."""
        return [metric(result.run) for result in self.results]


def understood(made: Table, told: Told, path: str) -> list[str]:
    """Return the table of columns, the times, and all that is to be beware of."""
    about, asked = made.about, made.about["asked"]
    rows = [[asked["time"], "time", "", "", "when it was asked"]]
    target = " or ".join(about["classes"][:4]) if about["classes"] else "number"
    if len(about["classes"]) == 2:
        target = f"1 is {about['classes'][1]!r}"
    rows.append(
        [asked["label"], "outcome", _share(about["fates"]["unlabelled"], about), "", target]
    )
    for role, words in (
        ("label_time", "when the label came"),
        ("entity", "who asked: arms are chosen by it"),
        ("segment", f"{len(about['segments'])} segments"),
        ("prediction", "logged score"),
    ):
        if asked[role]:
            rows.append([asked[role], role.replace("_", " "), "", "", words])
    schema = told.scenario.stream.concept.schema
    for feature in about["features"]:
        column = schema.columns[schema.names.index(feature["name"])]
        new = len(feature["categories"]) - len(column.categories)
        values = f"{feature['low']:.4g} to {feature['high']:.4g}"
        if feature["kind"] == "category":
            values = f"{new} of them new after the launch" if new else ""
        distinct = feature["distinct"]
        rows.append(
            [
                feature["name"],
                feature["kind"],
                _share(feature["missing"], about),
                f"{distinct:,}" if distinct <= 1000 else "> 1,000",
                values,
            ]
        )
    rows += [[out["name"], "left out", "", "", out["why"]] for out in about["left_out"]]
    lines = table(["column", "taken as", "missing", "distinct", "values"], rows, right="distinct")
    return [
        f"{path}: {about['file_records']:,} records, {_day(about['first_us'])} to "
        f"{_day(about['last_us'])}",
        "",
        *lines,
        "",
        *_plan(made, told),
        *[line for note in told.notes for line in _note(note)],
    ]


def _plan(made: Table, told: Told) -> list[str]:
    scenario = told.scenario
    live = len(made) - int(made.times_us.searchsorted(told.origin_us))
    labels = f"95 % within {duration(scenario.labels.delay.quantile_us(0.95))}"
    return [
        f"history   {told.history:,} records before {_day(told.origin_us)} train the launch model",
        f"replayed  {live:,} records in {duration(us(scenario.horizon))}, "
        f"{scenario.stream.traffic.rate} on average",
        f"labels    {labels}",
        f"metric    {told.metric.name}: each answer costs {told.metric.loss!r}",
        "",
    ]


def _note(note: str) -> list[str]:
    first, *rest = paragraph(note, indent="  ")
    return ["- " + first.strip(), *rest]


def _share(missing: int, about: dict[str, Any]) -> str:
    return f"{100 * missing / about['file_records']:.1f} %" if missing else ""


def _day(time_us: int) -> str:
    import numpy as np

    return str(np.datetime64(time_us, "us").astype("datetime64[D]"))


def compared(fared: list[Fared], *, vary: str, block: str) -> list[str]:
    """Return how the strategies fared beside each other; intervals name what they are over."""
    seeds = len(fared[0].results)
    quality = fared[0].qualities[0]
    head = ["strategy", quality.name, "excess" if _faulty(fared) else "", "alarms", "trainings",
            "releases", "rollbacks"]  # fmt: skip
    rows = []
    for one in fared:
        results = one.results
        rows.append(
            [
                one.text,
                _interval([q.value for q in one.qualities]),
                _interval([r.loss.excess_mean for r in results]) if _faulty(fared) else "",
                _number([len(r.alarms) for r in results]),
                _number([r.trainings for r in results]),
                _number([r.releases for r in results]),
                _number([r.rollbacks for r in results]),
            ]
        )
    lines = table(head, rows, right="alarms trainings releases rollbacks")
    excess = "; excess: a request's loss because of the faults" if _faulty(fared) else ""
    lines.append(f"({quality.name}: {quality.better} is better{excess})")
    if quality.low is not None and quality.high is not None:
        width = max(q.high - q.low for one in fared for q in one.qualities
                    if q.high is not None and q.low is not None)  # fmt: skip
        lines.append(f"(scores are known in bins: {quality.name} is off by less than {width:.3f})")
    if seeds > 1:
        lines += ["", *_differences(fared, OVER[vary].format(block=block))]
    return lines


def _differences(fared: list[Fared], over: str) -> list[str]:
    seeds = len(fared[0].results)
    first, *others = fared
    lines = [f"± is a 95 % interval over {seeds} {over}: it says nothing of other histories"]
    for other in others:
        gaps = [b.value - a.value for a, b in zip(first.qualities, other.qualities, strict=True)]
        lines.append(f"{other.text} less {first.text}: {_interval(gaps, sign=True)}")
    return [line for text in lines for line in paragraph(text)]


def half_width(values: list[float]) -> float:
    """Return half a 95 % t interval of the mean, NaN for fewer than two values."""
    from scipy.stats import t  # type: ignore[import-untyped]

    if len(values) < 2:
        return float("nan")
    return float(t.ppf(0.975, len(values) - 1)) * stdev(values) / sqrt(len(values))


def _interval(values: list[float], *, sign: bool = False) -> str:
    known = [value for value in values if isfinite(value)]
    if not known:
        return "unavailable"
    mean = f"{fmean(known):+.4g}" if sign else f"{fmean(known):.4g}"
    return mean if len(known) < 2 else f"{mean} ± {half_width(known):.2g}"


def _number(values: list[int]) -> str:
    return f"{fmean(values):,.4g}"


def _faulty(fared: list[Fared]) -> bool:
    return any(result.incidents for one in fared for result in one.results)


def by_quarter(one: Fared) -> list[str]:
    """Return the metric in each quarter of the replay, of the first seed."""
    run = one.results[0].run
    long_us = run.scenario["horizon_us"]
    parts = []
    for k in range(4):
        start_us, stop_us = k * long_us // 4, (k + 1) * long_us // 4
        value = metric(run, start_us=start_us, stop_us=stop_us).value
        parts.append(f"{value:.4g}" if isfinite(value) else "unavailable")
    name = one.qualities[0].name
    return [f"{name:<10}{', '.join(parts)} in the four quarters of the time"]


def document(fared: list[Fared], told: Told, *, vary: str) -> dict[str, Any]:
    """Return what `replay --json` prints."""
    from reports.summary import summary

    return {
        "schema": 1,
        "data": told.scenario.stream.table.about["digest"],  # type: ignore[attr-defined]
        "launch": _day(told.origin_us),
        "notes": told.notes,
        "metric": told.metric.name,
        "intervals": {"over": vary or None, "seeds": len(fared[0].results) if fared else 0},
        "strategies": [
            {
                "strategy": one.text,
                "values": [_known(q.value) for q in one.qualities],
                "mean": _known(fmean([q.value for q in one.qualities])),
                "half_width": _known(half_width([q.value for q in one.qualities])),
                "runs": [summary(result, []) for result in one.results],
            }
            for one in fared
        ],
    }


def _known(value: float) -> float | None:
    return value if isfinite(value) else None
