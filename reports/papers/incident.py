"""What a team writes after an incident: whose it was, what was handed over, what changed course."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.papers.markdown import table, text
from reports.words import count, duration
from sim.facts import Acted, Alarm, Answered, Built, Ended, Paged, Routed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.measures import Incident
    from reports.result import Result
    from sim.facts import Fact

MOST_ROWS = 60


def report(result: Result) -> str:
    """Return the papers of all incidents as Markdown."""
    run = result.run
    lines = [f"# Incidents of {text(run.scenario['name'])}, seed {run.seed}", ""]
    if result.stopped:
        lines += [f"The run was stopped: {text(result.stopped)}", ""]
    if not result.incidents:
        lines += ["There was none.", ""]
    for one in result.incidents:
        lines += _incident(result, one)
    return "\n".join(lines)


def _incident(result: Result, one: Incident) -> list[str]:
    stop_us = one.recovered_us or one.ended_us or result.run.scenario["horizon_us"]
    during = [fact for fact in result.run.facts if one.onset_us <= fact.at_us <= stop_us]
    return [
        f"## {text(one.name)}",
        "",
        f"- **What**: {text(one.kind)} at {duration(one.onset_us)}"
        + (f", columns {text(', '.join(one.columns))}" if one.columns else ""),
        f"- **Harm**: {_harm(one)}",
        f"- **Whose it was**: {_owner(one, during)}",
        f"- **Handed over**: {_handed_over(during)}",
        f"- **What changed the course**: {_turn(one, during)}",
        f"- **Over**: {_over(one, during)}",
        "",
        *_course(during),
        "",
    ]


def _harm(one: Incident) -> str:
    if one.harmless:
        return "none that counts" + (" (too late in the year to tell)" * one.censored)
    harmed = "an unknown number of records" if one.harmed is None else count(one.harmed, "record")
    return f"{harmed} harmed"


def _owner(one: Incident, during: Sequence[Fact]) -> str:
    """Say who answers for the first alarm, and who took it up."""
    taken = next((fact for fact in during if isinstance(fact, Paged)), None)
    if one.first is None:
        return (
            "nobody's: nobody saw it" if taken is None else f"nobody's alarm; {taken.by} was called"
        )
    said = f"{one.first.owner}, who owns {text(one.first.monitor)}"
    return said + (f"; {taken.by} took the call" if taken and taken.by != one.first.owner else "")


def _handed_over(during: Sequence[Fact]) -> str:
    told = []
    for fact in during:
        if isinstance(fact, Paged):
            to = fact.by if fact.by == fact.owner else f"{fact.by}, for {fact.owner}"
            told.append(f"to {to} at {duration(fact.at_us)}")
        elif isinstance(fact, Answered):
            told.append(f"back by {fact.owner} at {duration(fact.at_us)} ({text(fact.text)})")
    shown = "; ".join(told[:8]) + (f"; and {len(told) - 8} more" if len(told) > 8 else "")
    return shown or "nothing: no owner was called"


def _turn(one: Incident, during: Sequence[Fact]) -> str:
    """Name the signal after which somebody did something."""
    alarms = [fact for fact in during if isinstance(fact, Alarm)]
    for fact in during:
        if isinstance(fact, Acted):
            before = [alarm for alarm in alarms if alarm.at_us <= fact.at_us]
            signal = f"{before[-1].monitor} ({before[-1].layer})" if before else "no alarm"
            why = f", because {text(fact.why)}" if fact.why else ""
            return f"{text(signal)}, then {text(fact.action)} at {duration(fact.at_us)}{why}"
    return (
        "nothing: nobody did anything" if one.first is None else "nothing was done after the alarm"
    )


def _over(one: Incident, during: Sequence[Fact]) -> str:
    ended = next((f for f in during if isinstance(f, Ended) and f.name == one.name), None)
    undone = f"; its cause was undone: {text(ended.why)}" if ended else ""
    if one.harmless:
        return f"no harm to get over{undone}"
    if one.recovered_us is None:
        return f"not by the end of the year{undone}"
    return f"well again after {duration(one.recovered_us - one.onset_us)}{undone}"


def _course(during: Sequence[Fact]) -> list[str]:
    """Return what was seen and done, in order."""
    rows = []
    for fact in during:
        match fact:
            case Alarm():
                rows.append([duration(fact.at_us), fact.owner, f"alarm of {text(fact.monitor)}",
                             text(fact.text)])  # fmt: skip
            case Acted():
                rows.append([duration(fact.at_us), "policy", text(f"{fact.action} {fact.detail}"),
                             text(fact.why)])  # fmt: skip
            case Paged():
                rows.append([duration(fact.at_us), fact.by, f"called for {fact.owner}", ""])
            case Answered():
                rows.append(
                    [duration(fact.at_us), fact.owner, "has dealt with it", text(fact.text)]
                )
            case Built():
                rows.append([duration(fact.at_us), "model", f"{fact.version} is built", ""])
            case Routed():
                rows.append([duration(fact.at_us), "platform", text(fact.cause), ""])
    if not rows:
        return ["Nothing was seen and nothing done."]
    lines = table(["when", "who", "what", "why"], rows[:MOST_ROWS])
    return [*lines, *([f"and {len(rows) - MOST_ROWS} more"] if len(rows) > MOST_ROWS else [])]
