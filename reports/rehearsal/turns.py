"""Wrong turns: moves that cost something, each with what the record says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.measures.alarms import FALSE
from reports.words import duration
from sim.clock import DAY_US
from sim.facts import Acted, Paged, Routed, TrainingBegun

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.measures import Incident
    from reports.result import Result
    from sim.scenario import Scenario

SLOW_US = 2 * DAY_US


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What went wrong at *at_us*, in *words*."""

    at_us: int
    words: str


def wrong_turns(result: Result, scenario: Scenario) -> list[Turn]:
    """Return every wrong turn, in order."""
    found = [
        *_late(result),
        *_trained_on_broken_data(result, scenario),
        *_worse_versions(result),
        *_called_in_vain(result, scenario),
        *_acted_on_nothing(result),
    ]
    return sorted(found, key=lambda turn: turn.at_us)


def _harmful(result: Result) -> list[Incident]:
    return [incident for incident in result.incidents if not incident.harmless]


def _late(result: Result) -> Iterator[Turn]:
    """An incident did harm, an alarm had told of it, and nobody did anything for days."""
    acts = [fact.at_us for fact in result.run.of(Acted)]
    for incident in _harmful(result):
        first = incident.first
        if first is None:
            yield Turn(
                at_us=incident.onset_us,
                words=f"{incident.name} began, and no monitor of the team ever told of it",
            )
            continue
        assert first.at_us is not None
        after = [at for at in acts if at >= first.at_us]
        waited = (after[0] if after else int(result.run.scenario["horizon_us"])) - first.at_us
        if waited > SLOW_US:
            did = "was done" if after else "was ever done"
            yield Turn(
                at_us=first.at_us,
                words=f"{first.monitor} told of {incident.name}, and nothing {did} "
                + (f"for {duration(waited)}" if after else "about it"),
            )


def _trained_on_broken_data(result: Result, scenario: Scenario) -> Iterator[Turn]:
    """A training began while a fault of the feed was at work in what it learned from."""
    broken = {
        f.label for f in scenario.faults if f.columns and getattr(f, "reach", "") != "service"
    }
    for begun in result.run.of(TrainingBegun):
        for incident in result.incidents:
            open_ = incident.onset_us <= begun.at_us and (
                incident.ended_us is None or begun.at_us < incident.ended_us
            )
            if open_ and incident.name in broken:
                yield Turn(
                    at_us=begun.at_us,
                    words=f"training {begun.job} learned from data that {incident.name} had spoilt",
                )


def _worse_versions(result: Result) -> Iterator[Turn]:
    """A version came to answer everybody whose lived loss was above that of the one before."""
    lived = {one.version: one for one in result.lived if one.loss is not None}
    champion = ""
    for routed in result.run.of(Routed):
        before, champion = champion, routed.champion
        if not before or before == champion or before not in lived or champion not in lived:
            continue
        old, new = lived[before], lived[champion]
        assert old.loss is not None
        assert new.loss is not None
        if new.loss > old.loss + 0.02 and not routed.cause.startswith("roll back"):
            yield Turn(
                at_us=routed.at_us,
                words=f"{champion} came to answer everybody and lived to a loss of {new.loss:.3f}, "
                f"where {before} had {old.loss:.3f} (it claimed {new.claim:.3f})",
            )


def _called_in_vain(result: Result, scenario: Scenario) -> Iterator[Turn]:
    """An owner was called who could mend nothing that was wrong at the time."""
    mends = {f.label: f.fixed_by for f in scenario.faults}
    for page in result.run.of(Paged):
        wrong = [
            incident.name
            for incident in result.incidents
            if incident.onset_us <= page.at_us
            and (incident.ended_us is None or page.at_us < incident.ended_us)
        ]
        if not any(mends.get(name) == page.by for name in wrong):
            why = f"{' and '.join(wrong)} was not theirs to mend" if wrong else "nothing was wrong"
            yield Turn(at_us=page.at_us, words=f"the {page.owner} owner was called, but {why}")


def _acted_on_nothing(result: Result) -> Iterator[Turn]:
    """The service was changed within a day of a false alarm, with no incident open."""
    false = [judged.alarm for judged in result.alarms if judged.verdict == FALSE]
    for alarm in false:
        for act in result.run.of(Acted):
            if 0 <= act.at_us - alarm.at_us < DAY_US and act.action in ("rollback", "fallback"):
                yield Turn(
                    at_us=act.at_us,
                    words=f"{act.action} after an alarm of {alarm.monitor} that was false",
                )
                break
