"""The post-mortem in Markdown: a draft that the facts have filled in."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from reports.words import count, duration
from sim.clock import text

if TYPE_CHECKING:
    from reports.measures import Incident
    from reports.rehearsal.debrief import Debrief
    from reports.rehearsal.skin import Skin


def postmortem(told: Debrief, skin: Skin) -> str:
    """Return the text."""
    result = told.result
    parts = [
        [f"# Post-mortem: {told.title}{f' ({skin.service})' if skin.service else ''}"],
        [told.verdict, "", f"In short: {result.finding}."],
        ["## What happened", "", *told.story.split("\n"), "", f"Cause: {told.cause}"],
        ["## Impact", "", *(_impact(incident) for incident in result.incidents)],
        [
            f"Lost to incidents: {result.loss.excess:,.0f} "
            f"(a request: {result.loss.excess_mean:.5f}). "
            f"Cost of the year: {told.score.yours:,.0f}.",
        ],
        ["## Timeline", "", *_timeline(told)],
        ["## What went wrong on our side", "", *(f"- {t.words}" for t in told.turns)]
        if told.turns
        else ["## What went wrong on our side", "", "Nothing that the record shows."],
        ["## Action items, checked by playing the year again", "", *_items(told, skin)],
        ["## What to take home", "", told.lesson],
    ]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _impact(incident: Incident) -> str:
    first = incident.first
    seen = (
        f"seen by {first.monitor} after {duration(first.lag_us)}"
        if first is not None and first.lag_us is not None
        else "seen by no monitor"
    )
    over = (
        f"over after {duration(incident.recovered_us - incident.onset_us)}"
        if incident.recovered_us is not None
        else "not over at the end of the year"
    )
    harmed = "" if incident.harmed is None else f"; {count(incident.harmed, 'request')} harmed"
    if incident.harmless:
        over = "harmless"
    return f"- **{incident.name}** ({incident.kind}): {seen}, {over}{harmed}"


def _timeline(told: Debrief) -> list[str]:
    events = [(i.onset_us, f"*{i.name} begins*") for i in told.result.incidents]
    events += [
        (j.alarm.at_us, f"alarm: {j.alarm.monitor} ({j.alarm.layer}), {j.verdict}")
        for j in told.result.alarms
    ]
    events += [
        (at, escape(f"{by or 'somebody'}: {words}", quote=False)) for at, by, words in told.moves
    ]
    events += [
        (i.recovered_us, f"*{i.name} is over*")
        for i in told.result.incidents
        if i.recovered_us is not None and not i.harmless
    ]
    return [f"- {text(at)}: {words}" for at, words in sorted(events, key=lambda event: event[0])]


def _items(told: Debrief, skin: Skin) -> list[str]:
    links = [f"- runbook of the {layer} layer: {link}" for layer, link in skin.runbooks.items()]
    if not told.lessons:
        return ["- no preset would have done better: keep what you do", *links]
    items = [
        f"- [ ] {lesson.rule.rstrip('.')} (`{lesson.policy}`): {lesson.worth}; "
        f"the year costs {lesson.saved:,.0f} less"
        for lesson in told.lessons
    ]
    return items + links
