"""What happened, line by line: every alarm, decision and action with its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.pages.html import Html, joined, plain, table, tag
from reports.words import duration
from sim.facts import (
    Acted,
    Alarm,
    Announced,
    Answered,
    Built,
    Decided,
    Ended,
    Fact,
    Onset,
    Paged,
    Routed,
    Stopped,
    TrainingBegun,
    TrainingFailed,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.ledger import Ledger

TRUTH, ALARM, DECISION, ACTION, EVENT = "truth", "alarm", "decision", "action", "event"
KINDS = {
    ACTION: "actions",
    ALARM: "alarms",
    DECISION: "decisions of parts",
    EVENT: "what came of them",
    TRUTH: "the truth",
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line: when, of which *kind*, *what* it was, *why*, and its *numbers*."""

    at_us: int
    kind: str
    what: str
    why: str = ""
    value: float | None = None
    threshold: float | None = None
    records: int | None = None


def lines(run: Ledger) -> list[Line]:
    """Return the lines of a run, in order; artifacts have a place of their own."""
    return [line for fact in run.facts if (line := _line(fact)) is not None]


def _line(fact: Fact) -> Line | None:
    at_us = fact.at_us
    match fact:
        case Acted():
            what = f"{fact.action} {fact.detail}".strip()
            return Line(at_us=at_us, kind=ACTION, what=what, why=fact.why)
        case Decided():
            about = f" ({fact.about})" if fact.about else ""
            waits = f"; waits for {fact.waits_for}" if fact.waits_for else ""
            return Line(
                at_us=at_us, kind=DECISION, what=f"{fact.answer}: {fact.part}{about}",
                why=fact.why + waits, value=fact.value, threshold=fact.threshold,
                records=fact.records or None,
            )  # fmt: skip
        case Alarm():
            return Line(
                at_us=at_us, kind=ALARM, what=f"{fact.monitor} ({fact.layer}, {fact.owner})",
                why=fact.text, value=fact.value, records=fact.records,
            )  # fmt: skip
        case Onset():
            columns = f"; columns {', '.join(fact.columns)}" if fact.columns else ""
            why = f"{fact.incident}{columns}; severity {fact.severity:.3g}"
            return Line(at_us=at_us, kind=TRUTH, what=f"{fact.name} begins", why=why)
        case Ended():
            return Line(at_us=at_us, kind=TRUTH, what=f"{fact.name} ends", why=fact.why)
        case _:
            return _event(fact)


def _event(fact: Fact) -> Line | None:
    at_us = fact.at_us
    what, why, value, records = "", "", None, None
    match fact:
        case TrainingBegun():
            what, records = f"training {fact.job} begins", fact.rows
        case TrainingFailed():
            what, why, value = f"training {fact.job} failed", fact.why, fact.cost
        case Built():
            what, why = (
                f"{fact.version} is built",
                f"its evaluation claims a loss of {fact.claim:.4g}",
            )
            value = fact.claim
        case Routed():
            what, why = _routing(fact), fact.cause
        case Paged():
            what, why = f"{fact.owner} is called", f"{fact.by} takes it up"
        case Answered():
            what, why = f"{fact.owner} has dealt with it", fact.text
        case Announced():
            what, why = "a new rule", fact.text
        case Stopped():
            what, why = f"the run is stopped: {fact.verdict}", fact.why
        case _:
            return None
    return Line(at_us=at_us, kind=EVENT, what=what, why=why, value=value, records=records)


def _routing(fact: Routed) -> str:
    if fact.fallback:
        return "the fallback answers"
    said = f"{fact.champion} answers"
    if fact.challenger:
        said += f", {fact.challenger} {100 * fact.share:.3g} % of it"
    if fact.shadow:
        said += f", {fact.shadow} in the shadow"
    if fact.quarantined:
        said += f"; without {', '.join(fact.quarantined)}"
    return said


def searchable(told: Iterable[Line]) -> Html:
    """Return all lines as a table with a search above it."""
    told = list(told)
    kinds = [kind for kind in KINDS if any(line.kind == kind for line in told)]
    options = [tag("option", "everything", value="")]
    options += [tag("option", KINDS[kind], value=kind) for kind in kinds]
    find = tag(
        "div",
        tag("input", type="search", placeholder="Search: a version, a monitor, a word",
            aria_label="Search the decisions"),
        tag("select", *options, aria_label="Which lines"),
        tag("output", f"{len(told):,} in all"),
        class_="find", data_of="log",
    )  # fmt: skip
    head = ["when", "kind", "what", "why", "value", "against", "records"]
    top = table(head, [], numbers=head[4:], class_="log")
    rows = joined([_row(line) for line in told])
    body = Html(top.replace("<tbody></tbody>", f"<tbody>\n{rows}</tbody>"))
    return joined(find, tag("div", body, id="log"))


def _row(line: Line) -> Html:
    numbers = [_number(line.value), _number(line.threshold),
               "" if line.records is None else f"{line.records:,}"]  # fmt: skip
    return tag(
        "tr",
        tag("td", when(line.at_us)), tag("td", line.kind), tag("td", plain(line.what)),
        tag("td", plain(line.why)), *(tag("td", number, class_="number") for number in numbers),
        "\n", data_kind=line.kind,
    )  # fmt: skip


def when(at_us: int) -> str:
    """Return a moment as people say it."""
    return duration(at_us) if at_us > 0 else "launch"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"
