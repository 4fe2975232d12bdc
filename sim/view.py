"""What an operator can know now, and nothing else.

The world writes what it observes onto a `Desk`; a `View` is the desk at one moment. Neither
holds a reference to the world, its truth, its seed or its future.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from struct import Struct
from types import MappingProxyType
from typing import TYPE_CHECKING

from sim.clock import DAY_US, Calendar, us
from sim.findings import LABELS, Log
from sim.ticks import Tally, Ticks, ticks_of
from sim.timeline import Told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sim.cards import JobCard, VersionCard
    from sim.facts import Alarm, Decided, Fact
    from sim.findings import Exposure, Findings
    from sim.label_count import LabelCount
    from sim.schema import Schema
    from sim.timeline import Row


@dataclass(frozen=True, kw_only=True)
class Route:
    """Who answers: *share* of the users meet the *challenger*; *shadow* answers unseen.

    Of *segments* only, if some are named. *stage* is the number of the stage in whoever's plan, and
    *since_us* when it began. Columns that are *quarantined* are used by none of them. Whoever
    decides is asked once *most_users* or *most_requests* have met the challenger.
    """

    champion: str
    challenger: str = ""
    share: float = 0.0
    shadow: str = ""
    fallback: bool = False
    release: int = 0
    quarantined: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    stage: int = 0
    since_us: int = 0
    most_users: int = 0
    most_requests: int = 0

    @property
    def plan(self) -> tuple[str, str, float, tuple[str, ...], int]:
        """What makes a stage of a rollout: another one begins when this changes."""
        return self.challenger, self.shadow, self.share, self.segments, self.stage


_FIRST = Struct("=12d")
"""count, labels and label_loss of the four arms: how a row of `OBSERVED` begins."""


@dataclass
class Desk:
    """Everything observed so far; the world appends, operators read."""

    schema: Schema
    calendar: Calendar
    tick_us: int
    route: Route
    told: Told
    labelled: LabelCount
    """labels since the first alarm, by the tick in which their request was served"""
    previous: str = ""
    rows: list[Row] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    readings: dict[str, float] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    versions: dict[str, VersionCard] = field(default_factory=dict)
    jobs: list[JobCard] = field(default_factory=list)
    by_hand: list[JobCard] = field(default_factory=list)
    """work that waits for no training: thresholds, calibrations, refreshes, rebuilds"""
    inquiries: dict[str, int] = field(default_factory=dict)
    """what is being looked into, and since when"""
    acknowledged: dict[str, int] = field(default_factory=dict)
    """by monitor: until when its alarms are closed"""
    pages: dict[str, int] = field(default_factory=dict)
    labels_arrived: int = 0
    labels_at_build: int = 0
    last_build_us: int = 0
    changing: str = ""
    banned: tuple[str, ...] = ()
    """columns that nobody may use, by a rule that is in force"""
    quarantined: tuple[str, ...] = ()
    """columns that trainings do without from now on; `Route` says what answers do without"""
    spent: float = 0.0
    serving_us: int = 0
    """when the champion went into service"""
    asked_us: list[int] = field(default_factory=list)
    """when trainings were asked for"""
    decided: dict[tuple[str, str], Decided] = field(default_factory=dict)
    """the newest word of each part of a policy, about each version"""
    log: Log = field(default_factory=Log)
    """who met the rollout that runs, and how that went"""
    maturity_us: int = 0
    """how long 95 % of the labels take, as a rule"""
    totals: list[tuple[float, float, float]] = field(default_factory=list)
    """requests, labels and label loss of the champion's arm up to each tick; see `total`"""

    def total(self, ticks: int) -> tuple[float, float, float]:
        """Return what the first *ticks* add up to."""
        totals = self.totals
        while len(totals) < ticks:
            seen = _FIRST.unpack_from(self.rows[len(totals)])
            requests, labels, loss = totals[-1] if totals else (0.0, 0.0, 0.0)
            totals.append((requests + seen[0], labels + seen[4], loss + seen[8]))
        return totals[ticks - 1] if ticks else (0.0, 0.0, 0.0)


class View:
    """The desk at the moment *now_us*; *news* is what happened since the operator last looked."""

    __slots__ = ("_desk", "news", "now_us", "reason")

    def __init__(self, desk: Desk, now_us: int, reason: str, news: Sequence[Fact]) -> None:
        self._desk = desk
        self.now_us = now_us
        self.reason = reason
        self.news = tuple(news)

    @property
    def now(self) -> float:
        """Days since the launch."""
        return self.now_us / DAY_US

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """Alarms raised since the operator last looked."""
        return tuple(fact for fact in self.news if type(fact).__name__ == "Alarm")  # type: ignore[misc]

    @property
    def all_alarms(self) -> tuple[Alarm, ...]:
        """All alarms so far, oldest first."""
        return tuple(self._desk.alarms)

    @property
    def newest_alarms(self) -> Iterator[Alarm]:
        """All alarms so far, newest first."""
        return reversed(self._desk.alarms)

    @property
    def readings(self) -> Mapping[str, float]:
        """What the monitors of ticks made of the last one, by name; NaN where one did not look.

        Kept for people and agents who look at charts (`World(readings=True)`): a tick costs more.
        """
        return MappingProxyType(self._desk.readings)

    @property
    def history(self) -> tuple[Fact, ...]:
        """All that was observed and done so far, oldest first."""
        return tuple(self._desk.facts)

    @property
    def newest(self) -> Iterator[Fact]:
        """The same, newest first, without a copy."""
        return reversed(self._desk.facts)

    @property
    def schema(self) -> Schema:
        """The columns that were agreed on."""
        return self._desk.schema

    @property
    def segments(self) -> tuple[str, ...]:
        """The groups that users belong to, empty if none are told apart."""
        return self._desk.told.segments

    @property
    def signals(self) -> tuple[str, ...]:
        """What else answers are measured by when their labels arrive."""
        return self._desk.told.signals

    @property
    def route(self) -> Route:
        """Who answers now."""
        return self._desk.route

    @property
    def champion(self) -> VersionCard:
        """The version in production."""
        return self._desk.versions[self._desk.route.champion]

    @property
    def challenger(self) -> VersionCard | None:
        """The version that a share of the users meets, if any."""
        return self._desk.versions.get(self._desk.route.challenger)

    @property
    def previous(self) -> VersionCard | None:
        """The champion before this one, kept and loadable."""
        return self._desk.versions.get(self._desk.previous)

    @property
    def versions(self) -> tuple[VersionCard, ...]:
        """All versions in the registry, oldest first."""
        return tuple(self._desk.versions.values())

    def card(self, name: str) -> VersionCard:
        """Return what the registry says of the version *name*."""
        return self._desk.versions[name]

    @property
    def candidate(self) -> str:
        """The newest version that is ready, never released and not forbidden; '' if none is."""
        for card in reversed(self._desk.versions.values()):
            if card.stage == "candidate" and not self.forbids(card):
                return card.name
        return ""

    def forbids(self, card: VersionCard) -> tuple[str, ...]:
        """Return the banned columns with which a version was built: then it may not answer."""
        held = card.evaluation.columns if card.evaluation else ()
        return tuple(name for name in held if name in self._desk.banned)

    @property
    def banned(self) -> tuple[str, ...]:
        """Columns that nobody may use, by a rule that is in force."""
        return self._desk.banned

    @property
    def jobs(self) -> tuple[JobCard, ...]:
        """Trainings under way and waiting, and what else is being made by hand."""
        return (*self._desk.jobs, *self._desk.by_hand)

    @property
    def inquiries(self) -> dict[str, float]:
        """What is being looked into, with the day on which that was asked for."""
        return {what: at_us / DAY_US for what, at_us in self._desk.inquiries.items()}

    def is_open(self, alarm: Alarm) -> bool:
        """Say whether an alarm is about the present champion and nobody has acknowledged it."""
        desk = self._desk
        return alarm.at_us > max(desk.serving_us, desk.acknowledged.get(alarm.monitor, -1))

    @property
    def changing(self) -> str:
        """The change of routing that is under way ('promote v2'), '' if there is none."""
        return self._desk.changing

    @property
    def since_build(self) -> float:
        """Days since a training was last asked for; since the launch if never."""
        return (self.now_us - self._desk.last_build_us) / DAY_US

    @property
    def labels_arrived(self) -> int:
        """How many labels have arrived since the launch."""
        return self._desk.labels_arrived

    @property
    def labels_since_build(self) -> int:
        """How many labels have arrived since a training was last asked for."""
        return self._desk.labels_arrived - self._desk.labels_at_build

    @property
    def pages(self) -> dict[str, float]:
        """Owners who were paged and have not answered yet, with the day of the page."""
        return {owner: at_us / DAY_US for owner, at_us in self._desk.pages.items()}

    @property
    def spent(self) -> float:
        """What trainings have cost so far."""
        return self._desk.spent

    @property
    def serving_us(self) -> int:
        """When the champion went into service."""
        return self._desk.serving_us

    @property
    def decided(self) -> Mapping[tuple[str, str], Decided]:
        """What each part of the policy said last, by (part, version that it was about)."""
        return MappingProxyType(self._desk.decided)

    @property
    def last_asked_us(self) -> int | None:
        """When a training was last asked for; None if never."""
        asked = self._desk.asked_us
        return asked[-1] if asked else None

    def asked(self, last: str) -> int:
        """Return how many trainings were asked for in the *last* while."""
        asked = self._desk.asked_us
        return len(asked) - bisect_left(asked, self.now_us - us(last))

    def tally(self, since_us: int) -> Tally:
        """Return what labels that arrived since *since_us* said of the champion, by whole ticks.

        It is what `ticks` adds up to, kept as running sums: cheap at every heartbeat.
        """
        desk = self._desk
        over = len(desk.rows)
        first = min(over, max(0, -(-since_us // desk.tick_us)))
        requests, labels, loss = desk.total(over)
        if first:
            before = desk.total(first)
            requests, labels, loss = requests - before[0], labels - before[1], loss - before[2]
        return Tally(int(requests), int(labels), loss)

    def labels_of(self, alarm: Alarm) -> int:
        """Return how many labels of requests served since *alarm* have arrived, by whole ticks."""
        desk = self._desk
        first = -(-alarm.at_us // desk.tick_us)
        return sum(count for tick, count in desk.labelled.counts().items() if tick >= first)

    @property
    def maturity_us(self) -> int:
        """How long labels take as a rule: 95 % of them have come by then."""
        return self._desk.maturity_us

    @property
    def exposure(self) -> Exposure:
        """How many requests the challenger was given in this rollout, and of how many users."""
        return self._desk.log.exposure()

    @property
    def metrics(self) -> Mapping[str, str]:
        """What a rollout can be judged by, and whether 'labels' or a 'proxy' tell it."""
        return MappingProxyType(self._desk.log.metrics())

    def evidence(self, metric: str = "quality", *, since_us: int, until_us: int = -1) -> Findings:
        """Return what the rollout that runs has shown of *metric*, summed for each user and arm.

        It is about the requests served from *since_us* to *until_us* (by default now, or, where
        labels tell it, so long ago that most labels have come). 'quality' is 1 minus the loss.
        """
        log = self._desk.log
        if until_us < 0:
            late = log.metrics().get(metric) == LABELS
            until_us = self.now_us - self.maturity_us * late
        return log.findings(metric, since_us, until_us, self.now_us)

    @property
    def weekday(self) -> str:
        """The name of today."""
        return self._desk.calendar.weekday(self.now_us)

    def next_office_us(self, time_us: int) -> int:
        """Return the first office moment at or after *time_us*."""
        return self._desk.calendar.next_office_us(time_us)

    @property
    def in_office(self) -> bool:
        """Whether people are at their desks."""
        return self._desk.calendar.in_office(self.now_us)

    def ticks(self, last: str = "1d") -> Ticks:
        """Return the observed sums of the whole ticks of the *last* while."""
        told = self._desk.told
        rows = self._desk.rows[-max(1, us(last) // self._desk.tick_us) :]
        first = len(self._desk.rows) - len(rows)
        return ticks_of(told, told.unpacked(rows), first, self._desk.tick_us)
