"""People who look into a matter: it takes them time, and they can name the wrong cause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sim.clock import HOUR_US, Phase, us
from sim.errors import Refused, one_of
from sim.facts import Found
from sim.faults import (
    ArchiveFault,
    Ban,
    BuildFault,
    CostChange,
    FeedFault,
    LabelFault,
    Outage,
    SignOffRule,
    Surge,
)
from sim.people import CAUSES, LAYERS, OWNERS

if TYPE_CHECKING:
    from sim.actions import Investigate
    from sim.stage import Stage

SEEN_IN = {
    "input": ("feed", "world"),
    "output": ("feed", "training", "service", "rule", "world"),
    "performance": ("feed", "labels", "training", "rule", "world"),
    "business": CAUSES[1:],
    "review": ("feed", "labels", "training", "rule", "world"),
}
"""Which causes can be found in which layer."""

WORDS = {
    "nothing": "found nothing",
    "feed": "the feed is broken",
    "labels": "the labels are wrong or do not come",
    "training": "trainings are not what they were",
    "service": "the service does not answer as it should",
    "rule": "a rule or a price is another one",
    "world": "the world has changed",
}


class Cause(NamedTuple):
    """What is amiss: its kind, and which columns it concerns if it concerns some."""

    kind: str
    columns: tuple[str, ...] = ()


class Inquiries:
    """Lets owners look into things, one after the other, and tells what they find."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._busy_us: dict[str, int] = {}
        self._begun: dict[tuple[str, int], int] = {}

    def investigate(self, action: Investigate) -> None:
        """Let an owner look into it; what is being looked into already is not asked again."""
        stage, what = self._stage, action.what
        self._check(action)
        if what in stage.desk.inquiries:
            return
        scenario, now_us = stage.scenario, stage.now_us
        people = scenario.people
        slot = now_us // HOUR_US
        nth = self._begun[what, slot] = self._begun.get((what, slot), 0) + 1
        by, from_us = people.takes_up(action.owner, now_us), now_us
        if by != action.owner:
            from_us += us(people.passed_on)
        from_us = max(from_us, self._busy_us.get(by, 0))
        if people.office:
            from_us = scenario.calendar.next_office_us(from_us)
        took_us = stage.luck.lognormal(
            f"inquiry into {what}", slot, nth, median=us(people.looks), sigma=people.sigma
        )
        ends_us = self._busy_us[by] = from_us + round(took_us)
        stage.desk.inquiries[what] = now_us
        stage.desk.spent += scenario.prices.page
        cause, others = self._cause(action)
        stage.agenda.at(
            ends_us, Phase.JOBS, lambda: self._found(action, by, cause, others, (slot, nth))
        )

    def _check(self, action: Investigate) -> None:
        stage = self._stage
        one_of("investigate.owner", action.owner, OWNERS)
        named = [n for n in ("layer", "column", "segment", "stage") if getattr(action, n)]
        if len(named) > 1:
            raise Refused(f"investigate: {' and '.join(named)} are given; name one of them")
        if action.layer:
            one_of("investigate.layer", action.layer, LAYERS)
        if action.column:
            stage.desk.schema.index(action.column, "investigate.column")
        if action.segment:
            one_of("investigate.segment", action.segment, stage.desk.told.segments)
        if action.stage:
            stages = getattr(stage.scenario.artifact, "stages", ())
            one_of("investigate.stage", action.stage, stages)

    def _found(
        self, action: Investigate, by: str, cause: Cause, others: int, at: tuple[int, int]
    ) -> None:
        stage, what = self._stage, action.what
        luck, people = stage.luck, stage.scenario.people
        if luck.uniform(f"inquiry into {what} errs", *at) < people.mistaken:
            wrong = [kind for kind in CAUSES if kind != cause.kind]
            draw = luck.uniform(f"wrong answer on {what}", *at)
            cause, others = Cause(wrong[int(draw * len(wrong))]), 0
        del stage.desk.inquiries[what]
        named = f" ({', '.join(cause.columns)})" if cause.columns else ""
        more = f", and {others} more" if others else ""
        stage.tell(
            Found(
                at_us=stage.now_us,
                what=what,
                owner=action.owner,
                by=by,
                cause=cause.kind,
                columns=cause.columns,
                text=f"{by} looked into {what}: {WORDS[cause.kind]}{named}{more}",
                cost=stage.scenario.prices.page,
            )
        )
        stage.ask("finding")

    # -- the truth ---------------------------------------------------------------------------

    def _cause(self, action: Investigate) -> tuple[Cause, int]:
        """Return what really is amiss in what is looked into, the nearest first, and how much."""
        found = [cause for cause in self._amiss(action) if self._within(action, cause)]
        found.sort(key=lambda cause: CAUSES.index(cause.kind))
        return (found[0], len(found) - 1) if found else (Cause("nothing"), 0)

    def _within(self, action: Investigate, cause: Cause) -> bool:
        if action.layer:
            return cause.kind in SEEN_IN[action.layer]
        return not action.column or action.column in cause.columns

    def _amiss(self, action: Investigate) -> list[Cause]:
        stage = self._stage
        scenario, now_us = stage.scenario, stage.now_us
        repaired_us = stage.flight.effects.repaired_us
        learned_us = stage.desk.versions[stage.desk.route.champion].begun_us
        found = []
        for fault in scenario.faults:
            concerned = action.segment in ("", fault.segment) or not fault.segment
            if concerned and not action.stage and fault.acts(now_us, repaired_us.get(fault.label)):
                found.append(Cause(_kind(fault), fault.columns))
        for drift in scenario.stream.drifts:
            if action.segment and getattr(drift, "segment", "") not in ("", action.segment):
                continue
            columns = tuple(getattr(drift, "columns", ()))
            if action.stage and not any(name.startswith(action.stage) for name in columns):
                continue
            times = drift.occurrences(now_us + 1)
            if any(t.full_us > learned_us and _lasts(t, now_us) for t in times):
                found.append(Cause("world", columns))
        return found


def _lasts(time: Any, now_us: int) -> bool:
    return time.ends_us is None or now_us < time.ends_us


def _kind(fault: Any) -> str:
    """Return what kind of cause a fault is."""
    kinds: tuple[tuple[str, tuple[type, ...]], ...] = (
        ("rule", (Ban, SignOffRule, CostChange)),
        ("labels", (LabelFault, ArchiveFault)),
        ("training", (BuildFault,)),
        ("service", (Surge, Outage)),
        ("feed", (FeedFault,)),
    )
    return next(name for name, classes in kinds if isinstance(fault, classes))
