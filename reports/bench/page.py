"""The page of a bench: one HTML file that needs nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.bench.complete import in_occurrences
from reports.bench.roster import NOTHING, ORACLE, WHAT_IS_NORMAL
from reports.bench.tables import Table, as_html, counted, interval, words_of
from reports.figures.picture import Picture
from reports.pages.html import tag
from reports.pages.page import drawing, section
from reports.pages.page import page as whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawn

    from reports.bench.scores import Scores


def answer(scores: Scores) -> list[str]:
    """Say in a few sentences which detector one would take, and how far it is from the best."""
    stream, plan = scores.main, scores.plan
    if stream is None:
        return ["No stream has a drift: only false alarms were counted."]
    best, ties = scores.choice(told=(NOTHING, WHAT_IS_NORMAL))
    if not best:
        return ["No detector could be set to the rate of false alarms asked for."]
    rate = f"{counted(plan.target)} per {plan.period:,} values"
    said = [
        f"For {words_of(stream)}, labels {stream.late:,} late, {rate}: take {best}."
        + (f" Not told apart from it: {', '.join(ties)}." if ties else "")
    ]
    alone, alone_ties = scores.choice(told=(NOTHING,))
    for label in dict.fromkeys((best, alone)):
        if not label:
            continue
        median = scores.median_delay(stream, label)
        score = scores.of(stream.name, label)
        assert score is not None
        occurred = in_occurrences(median, stream.late)
        lead = label
        if label == alone and label != best:
            tied = f" (not told apart: {', '.join(alone_ties)})" if alone_ties else ""
            lead = f"If it may not be told what is normal: {label}{tied}"
        elif label == best and best != alone:
            lead = f"{label} (told what is normal)"
        said.append(
            f"{lead} hears it after a median of {interval(median)} labels, "
            f"{interval(occurred)} records after it happened, and misses "
            f"{100 * score.missed.value:.1f} % ({100 * score.missed.low:.1f}–"
            f"{100 * score.missed.high:.1f}) within {score.restricted_to:,.0f}."
        )
        efficiency = scores.efficiency(stream, label)
        if efficiency.known:
            said[-1] += (
                f" That is {100 * efficiency.value:.0f} % ({100 * efficiency.low:.0f}–"
                f"{100 * efficiency.high:.0f}) of the oracle's speed, which is told the change."
            )
    first = scores.of(stream.name, best)
    if first is not None and len(first.runs) == 1:
        said.append("It is one run: how much of this is luck cannot be told from it.")
    oracle = scores.mean_delay(stream, ORACLE)
    optimum = scores.optima.get(stream.name, {}).get(plan.target)
    if oracle.known and optimum is not None:
        said.append(
            f"The best possible: the oracle's mean delay is {interval(oracle)} labels; Lorden's "
            f"optimum, the least worst-case delay that anything can have, is {optimum.delay:.0f}."
        )
    return said


def page(scores: Scores, tables: list[Table], picture: Drawn | None, command: str) -> str:
    """Return the page."""
    best, _ = scores.choice(told=(NOTHING, WHAT_IS_NORMAL))
    shown = None
    if picture is not None:
        shown = drawing(Picture(picture, "bench", "Operating curves and delays"))
    refused = [
        tag("li", f"{label} on {name}: {said}")
        for name, found in scores.refused.items()
        for label, said in sorted(found.items())
    ]
    return framed(
        "Detector bench: which drift detector?",
        command,
        answer(scores),
        shown,
        [as_html(table, bold=best) for table in tables],
        section("Who would not take which value", tag("ul", refused)) if refused else None,
    )


def framed(title: str, command: str, said: list[str], *parts: object) -> str:
    """Return a bench's page: the answer, its details, the command, and *parts*."""
    details = [tag("p", line) for line in said[1:]]
    return whole(
        title,
        tag("p", title, class_="eyebrow"),
        tag("h1", said[0]),
        tag("div", details, class_="claim said") if details else None,
        tag("pre", command),
        *parts,
    )
