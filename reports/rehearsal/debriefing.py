"""The page of a debrief: one HTML file to keep and to share."""

from __future__ import annotations

import io
from html import escape
from typing import TYPE_CHECKING

from reports.words import duration
from sim.clock import text

if TYPE_CHECKING:
    from reports.measures import Incident
    from reports.rehearsal.debrief import Debrief
    from reports.rehearsal.others import Other
    from reports.rehearsal.skin import Skin

STYLE = """
:root { color-scheme: light dark; --paper: #fbfaf7; --ink: #1d2329; --quiet: #5c6670;
  --rule: #dfdcd3; --card: #fff; --main: #1f5fa8; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181c; --ink: #e8e6e1; --quiet: #a2acb5;
  --rule: #323a42; --card: #1c2228; --main: #6fa8e8; } img.plot { background: #fff; } }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; margin: 0; background: var(--paper);
  color: var(--ink); }
main { max-width: 62rem; margin: 0 auto; padding: 1.6rem 1rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .5rem; }
.quiet { color: var(--quiet); }
.score { font-size: 3.2rem; font-weight: 700; line-height: 1; color: var(--main); }
.top { display: flex; gap: 1.4rem; align-items: center; flex-wrap: wrap; }
.top p { flex: 1 1 18rem; margin: 0; }
.cards { display: grid; gap: .7rem; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); }
.cards div { background: var(--card); border: 1px solid var(--rule); border-radius: 10px;
  padding: .6rem .8rem; }
.cards strong { display: block; font-size: 1.25rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem;
  font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--rule);
  vertical-align: top; }
td.n, th.n { text-align: right; }
tr.you td { font-weight: 700; }
th { color: var(--quiet); font-weight: 500; }
img.plot { width: 100%; border-radius: 8px; }
.bar { display: flex; height: 1.3rem; border-radius: 6px; overflow: hidden; }
li { margin: .25rem 0; overflow-wrap: anywhere; }
@media print { body { background: #fff; color: #000; } }
"""
COLOURS = {
    "detection": "#d55e00",
    "labels": "#e69f00",
    "people": "#cc79a7",
    "training": "#56b4e9",
    "rollout": "#0072b2",
    "aftermath": "#999999",
}


def page(told: Debrief, skin: Skin) -> str:
    """Return the page."""
    title = f"{told.title}{f' at {skin.service}' if skin.service else ''}"
    body = [
        f"<p class='quiet'>Debrief</p><h1>{escape(title)}</h1>",
        f"<div class='top'><span class='score'>{told.score.points}</span>"
        f"<p>{escape(told.verdict)}<br><span class='quiet'>0 is what comes of doing nothing, "
        "100 the best of all who played this year.</span></p></div>",
        f"<p>{escape(told.result.finding)}.</p>",
        _cards(told),
        "<h2>What it was</h2>",
        *(f"<p>{escape(line)}</p>" for line in told.story.split("\n")),
        f"<p>{escape(told.cause)}</p>",
        "<h2>What happened, what was seen, what was done</h2>",
        _picture(told),
        _incidents(told),
        "<h2>Where the loss went</h2>",
        _split(told),
        "<h2>Wrong turns</h2>",
        _list([f"{text(t.at_us)}: {t.words}" for t in told.turns], "None that the record shows."),
        "<h2>Rules that would have helped, checked by playing the year again</h2>",
        _list(
            [
                f"{lesson.policy}: {lesson.rule} {lesson.worth}; {lesson.saved:,.0f} less in all"
                for lesson in told.lessons
            ],
            "No preset would have done better.",
        ),
        "<h2>The same year, played by others</h2>",
        _others(told),
        _earlier(told),
        "<h2>Your moves</h2>",
        _list(
            [f"{text(at)}, {by or 'somebody'}: {words}" for at, by, words in told.moves],
            "You let the year go by.",
        ),
        "<h2>To take home</h2>",
        f"<p>{escape(told.expect)}</p><p><strong>{escape(told.lesson)}</strong></p>",
    ]
    return (
        "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        "<link rel='icon' href='data:,'>"
        f"<title>Debrief: {escape(title)}</title><style>{STYLE}</style></head><body><main>"
        + "\n".join(body)
        + "</main></body></html>\n"
    )


def _cards(told: Debrief) -> str:
    harmful = [incident for incident in told.result.incidents if not incident.harmless]
    worst = max(harmful, key=lambda i: i.harmed or 0, default=None)
    facts = [("lost to incidents", f"{told.result.loss.excess:,.0f}")]
    if worst is not None:
        facts = [
            ("to detect", _since(worst, worst.first.at_us if worst.first else None)),
            ("to mitigate", _since(worst, _mitigated(told, worst))),
            ("to recover", _since(worst, worst.recovered_us)),
            ("requests harmed", "?" if worst.harmed is None else f"{worst.harmed:,}"),
            *facts,
        ]
    facts.append(("cost of the year", f"{told.score.yours:,.0f}"))
    cells = "".join(
        f"<div><span class='quiet'>{escape(name)}</span><strong>{escape(value)}</strong></div>"
        for name, value in facts
    )
    return f"<div class='cards'>{cells}</div>"


def _since(incident: Incident, at_us: int | None) -> str:
    return "never" if at_us is None else duration(max(0, at_us - incident.onset_us))


def _mitigated(told: Debrief, incident: Incident) -> int | None:
    """Return when something was done about it first: the first move after its onset."""
    after = [at for at, _, _ in told.moves if at >= incident.onset_us]
    return after[0] if after else None


def _picture(told: Debrief) -> str:
    from base64 import b64encode

    from reports.figures.style import DPI, styled
    from reports.figures.timeline import draw

    with styled():
        figure = draw(told.result)
        out = io.BytesIO()
        figure.savefig(out, format="png", dpi=DPI, metadata={"Software": None})
    data = b64encode(out.getvalue()).decode()
    said = "Timeline: quality, incidents, alarms, trainings and who answered"
    return f"<img class='plot' alt='{said}' src='data:image/png;base64,{data}'>"


def _incidents(told: Debrief) -> str:
    if not told.result.incidents:
        return "<p>Nothing went wrong this year.</p>"
    rows = []
    for i in told.result.incidents:
        first = i.first
        seen = "nobody" if first is None else f"{first.monitor} ({first.layer})"
        lag = "–" if first is None or first.lag_us is None else duration(first.lag_us)
        over = "harmless" if i.harmless else _since(i, i.recovered_us)
        harmed = "?" if i.harmed is None else f"{i.harmed:,}"
        rows.append([i.name, i.kind, text(i.onset_us), seen, lag, over, harmed])
    head = ["incident", "kind", "began", "seen first by", "after", "over after", "harmed"]
    return _table(head, rows)


def _split(told: Debrief) -> str:
    parts = {name: max(0.0, value) for name, value in told.result.split.parts.items()}
    known = {name: value for name, value in parts.items() if name in COLOURS}
    total = sum(known.values())
    if total <= 0:
        return "<p>Nothing was lost to incidents.</p>"
    bar = "".join(
        f"<span style='width:{100 * value / total:.2f}%;background:{COLOURS[name]}'></span>"
        for name, value in known.items()
    )
    from reports.measures.split import WORDS

    rows = [
        [WORDS[name], f"{value:,.0f}", f"{100 * value / total:.0f} %"]
        for name, value in known.items()
        if value > 0
    ]
    return f"<div class='bar'>{bar}</div>" + _table(["what", "lost", "share"], rows)


def _others(told: Debrief) -> str:
    def row(name: str, other: Other | Debrief) -> list[str]:
        result = other.result
        first = [i.first for i in result.incidents if not i.harmless]
        lags = [f.lag_us for f in first if f is not None and f.lag_us is not None]
        seen = duration(min(lags)) if lags else ("–" if not first else "never")
        cost = result.money.total
        return [name, seen, f"{result.loss.excess:,.0f}", str(result.trainings), f"{cost:,.0f}"]

    rows = [row("you", told), *(row(other.name, other) for other in told.others)]
    rows.sort(key=lambda cells: float(cells[-1].replace(",", "")))
    head = ["who", "first alarm after", "lost to incidents", "trainings", "cost of the year"]
    return _table(head, rows, bold="you")


def _earlier(told: Debrief) -> str:
    if not told.earlier:
        return ""
    rows = [
        [str(kept["when"]), str(kept["points"]), f"{kept['yours']:,.0f}"] for kept in told.earlier
    ]
    return "<h2>Earlier games of this scene</h2>" + _table(["when", "points", "cost"], rows)


def _table(head: list[str], rows: list[list[str]], bold: str = "") -> str:
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(
        f"<tr{' class=you' if bold and row[0] == bold else ''}>"
        + "".join(f"<td>{escape(cell)}</td>" for cell in row)
        + "</tr>"
        for row in rows
    )
    return f"<div class='scroll'><table><tr>{top}</tr>{body}</table></div>"


def _list(items: list[str], nothing: str) -> str:
    if not items:
        return f"<p>{escape(nothing)}</p>"
    return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"
