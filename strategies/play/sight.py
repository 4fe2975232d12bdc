"""A view as plain data and as words: what a page shows, and what a language model reads."""

from __future__ import annotations

from dataclasses import asdict
from math import isfinite
from typing import TYPE_CHECKING, Any

from sim.clock import DAY_US, text
from sim.facts import TRUTH, Alarm
from sim.timeline import ARMS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.cards import VersionCard
    from sim.facts import Fact
    from sim.ticks import Ticks
    from sim.view import View

NEWEST = 20
"""So many alarms and log lines the words repeat."""


def sight(view: View, *, last: str = "1d") -> dict[str, Any]:
    """Return all of a view that a person needs to act, as data that JSON can hold.

    *last* is how far back the figures under 'lately' reach.
    """
    return {
        "now_us": view.now_us,
        "day": view.now,
        "weekday": view.weekday,
        "in_office": view.in_office,
        "reason": view.reason,
        "route": asdict(view.route),
        "previous": view.previous.name if view.previous else "",
        "candidate": view.candidate,
        "changing": view.changing,
        "versions": [card(version) for version in view.versions],
        "trainings": [asdict(job) for job in view.jobs],
        "paged": view.pages,
        "spent": view.spent,
        "labels_arrived": view.labels_arrived,
        "since_build": view.since_build,
        "columns": list(view.schema.names),
        "segments": list(view.segments),
        "signals": list(view.signals),
        "news": lines(view.news),
        "lately": figures(view.ticks(last)),
    }


def card(version: VersionCard) -> dict[str, Any]:
    """Return what the registry says of a version."""
    return {
        "name": version.name,
        "stage": version.stage,
        "begun_us": version.begun_us,
        "ready_us": version.ready_us,
        "rows": version.rows,
        "claim": version.claim,
        "digest": version.digest,
        "report": version.evaluation.described() if version.evaluation else {},
    }


def figures(ticks: Ticks) -> dict[str, Any]:
    """Return what was observed of some ticks, all together: counts, errors, vitals, business."""
    count = {arm: int(ticks.count[:, place].sum()) for place, arm in enumerate(ARMS)}
    known = {
        "requests": sum(count.values()),
        "by_arm": count,
        "labels": int(ticks.labels.sum()),
        "error": {arm: _number(ticks.error(place)) for place, arm in enumerate(ARMS[:2])},
        "disagreement": _number(ticks.disagreement()),
        "shadow_error": _number(ticks.shadow_error()),
        "signals": {name: _number(ticks.signal(name)) for name in ticks.signals},
        "vitals": {name: _number(ticks.vital(name)) for name in ticks.vitals},
        "business": {
            name: _number(float(value.mean()) if len(value) else float("nan"))
            for name, value in ticks.business.items()
        },
    }
    if ticks.latency.size:
        known["latency_ms"] = {
            name: _number(ticks.latency_ms(share)) for name, share in (("p50", 0.5), ("p99", 0.99))
        }
    return known


def lines(facts: Iterable[Fact]) -> list[dict[str, Any]]:
    """Return facts as data, those alone that an operator may read: truth is none of them."""
    return [
        {"role": fact.role, **fact.row(), "words": said(fact)}
        for fact in facts
        if fact.role != TRUTH
    ]


def said(fact: Fact) -> str:
    """Say in one line what happened."""
    row = fact.row()
    match row.pop("kind"):
        case "Alarm":
            return f"{row['monitor']} ({row['layer']}) asks to {row['level']}: {row['text']}"
        case "TrainingBegun":
            return f"training {row['job']} begins on {row['rows']:,} records"
        case "TrainingFailed":
            return f"training {row['job']} failed: {row['why']}"
        case "Built":
            made = f" by {row['made']}" if row["made"] != "training" else ""
            return f"{row['version']} is built{made}; it claims a loss of {row['claim']:.3f}"
        case "Rebuilt":
            same = "the same" if row["same"] else f"another one: {row['why']}"
            return f"{row['version']} was built again: it is {same}"
        case "Labelled":
            return f"people were asked to label {row['records']:,} requests"
        case "Found":
            return f"{row['by']} looked into {row['what']}: {row['text'] or row['cause']}"
        case "Routed":
            return f"{_routed(row)} ({row['cause']})"
        case "Paged":
            by = "" if row["by"] == row["owner"] else f", {row['by']} takes it up"
            return f"the {row['owner']} owner was called{by}"
        case "Announced" | "Answered" | "Refreshed":
            who = f"the {row['owner']} owner: " if "owner" in row else ""
            return f"{who}{row['text']}"
        case "Acted":
            why = f" because {row['why']}" if row["why"] else ""
            return f"{row['action']} {row['detail']}".strip() + why
        case "Decided":
            return f"{row['part']} says {row['answer']}: {row['why']}"
        case "Lineage":
            return f"{row['stage']} of {row['version']} is written ({row['owner']})"
        case kind:
            told = ", ".join(f"{k} {v}" for k, v in row.items() if k != "at_us" and v != "")
            return f"{kind.lower()}: {told}"


def words(view: View) -> str:
    """Return a view as text: what somebody on call reads before they answer.

    It ends with the orders that are possible; see `strategies.play.orders`.
    """
    now = sight(view)
    lately, route = now["lately"], now["route"]
    office = "in the office" if now["in_office"] else "out of office"
    told = [
        f"Day {now['day']:.2f} ({now['weekday']}, people are {office}); asked for: {now['reason']}",
        f"In service: {_routed(route)}"
        + (f"; under way: {now['changing']}" if now["changing"] else ""),
        f"Last day: {lately['requests']:,} requests, {lately['labels']:,} labels"
        + "".join(f", {arm} loss {e:.3f}" for arm, e in lately["error"].items() if e is not None),
    ]
    for kind in ("signals", "vitals", "business"):
        known = [f"{name} {value:.4g}" for name, value in lately[kind].items() if value is not None]
        if known:
            told.append(f"{kind.capitalize()}: {', '.join(known)}")
    told += [
        f"Version {v['name']}: {v['stage']}, built on {v['rows']:,} records, "
        f"claims {v['claim']:.3f}"
        for v in now["versions"][-5:]
    ]
    told += [f"Training {job['job']} on {job['window']}" for job in now["trainings"]]
    told += [
        f"The {owner} owner was called on day {day:.2f}" for owner, day in now["paged"].items()
    ]
    told += ["News:"] if now["news"] else ["No news."]
    told += [f"- {line['words']}" for line in now["news"] if line["kind"] != "Lineage"][-NEWEST:]
    earlier = [a for _, a in zip(range(NEWEST), view.newest_alarms, strict=False)]
    told += [f"Alarms so far: {len(view.all_alarms)}"] if earlier else []
    told += [_alarm(alarm) for alarm in earlier[:5]]
    return "\n".join(told)


def _alarm(alarm: Alarm) -> str:
    return f"- day {alarm.at_us / DAY_US:.2f}, {text(alarm.at_us)}: {alarm.monitor} ({alarm.layer})"


def _routed(route: dict[str, Any]) -> str:
    if route["fallback"]:
        return f"the fallback answers everybody; {route['champion']} waits"
    told = f"{route['champion']} answers"
    if route["challenger"]:
        of = f" of {', '.join(route['segments'])}" if route["segments"] else " of the users"
        told += f", {route['challenger']} answers {route['share']:.0%}{of}"
    if route["shadow"]:
        told += f", {route['shadow']} answers unseen"
    if route["quarantined"]:
        told += f", without {', '.join(route['quarantined'])}"
    return told


def _number(value: float) -> float | None:
    return value if isfinite(value) else None
