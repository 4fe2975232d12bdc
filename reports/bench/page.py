"""The page of a bench: one HTML file that needs nothing else."""

from __future__ import annotations

import io
from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING

from reports.bench.complete import in_occurrences
from reports.bench.roster import NOTHING, ORACLE, WHAT_IS_NORMAL
from reports.bench.tables import Table, as_html, counted, interval, words_of
from reports.figures.style import DPI

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawn

    from reports.bench.scores import Scores

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #22262b; background: #fcfcfa;
       max-width: 1180px; margin: 2.5em auto; padding: 0 1.2em; }
h1 { font-size: 1.6em; margin-bottom: .2em; } h2 { font-size: 1.15em; margin: 2em 0 .2em; }
.answer { border-left: 4px solid #0072b2; background: #eef4f8; padding: .8em 1.1em; }
.answer p { margin: .3em 0; } .note { color: #6d737a; margin: 0 0 .5em; max-width: 60em; }
img { width: 100%; margin: 1.2em 0; } .wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .87em; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .28em .8em .28em 0; border-bottom: 1px solid #d9dce0;
         vertical-align: top; }
th { color: #6d737a; font-weight: 600; } tr.best td { font-weight: 650; background: #eef4f8; }
tr.dummy td { color: #8a9097; } tr.oracle td { font-style: italic; }
code { font-size: .9em; }
"""


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
    head = framed("Detector bench", "Which drift detector?", command, answer(scores))
    shown = [] if picture is None else [drawn(picture, "Operating curves and delays")]
    parts = [head, *shown, *(as_html(table, bold=best) for table in tables)]
    refused = [
        f"{label} on {name}: {said}"
        for name, found in scores.refused.items()
        for label, said in sorted(found.items())
    ]
    if refused:
        parts.append("<h2>Who would not take which value</h2><ul>")
        parts += [f"<li>{escape(line)}</li>" for line in refused]
        parts.append("</ul>")
    return "\n".join([*parts, "</body></html>\n"])


def framed(title: str, question: str, command: str, said: list[str]) -> str:
    """Return how a bench's page begins: the question, the command and the answer."""
    answered = "".join(f"<p>{escape(line)}</p>" for line in said)
    return (
        "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
        f"<title>{title}</title><style>{_STYLE}</style></head><body>\n<h1>{question}</h1>\n"
        f"<p class='note'><code>{escape(command)}</code></p>\n<div class='answer'>{answered}</div>"
    )


def drawn(picture: Drawn, words: str) -> str:
    """Return a picture as part of the page; *words* say what it is."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(picture)
    out = io.BytesIO()
    picture.savefig(out, format="png", dpi=DPI, metadata={"Software": None})
    data = b64encode(out.getvalue()).decode()
    return f"<img alt='{words}' src='data:image/png;base64,{data}'>"
