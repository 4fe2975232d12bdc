"""Operators for tests of the laws: restless, scripted, silent; and monitors for them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.actions import (
    Action,
    Archive,
    Everything,
    Fallback,
    Last,
    Note,
    PageOwner,
    Promote,
    Release,
    Retrain,
    Rollback,
    RolloutNote,
    Shadow,
    SinceAlarm,
)
from sim.duty import Human
from sim.faults import CostChange
from strategies.detectors import ADWIN, DDM, PageHinkley
from strategies.monitors import Contract, OnErrors, Shift, Values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sim.monitoring import DeskSeen, LabelsSeen
    from sim.scenario import Scenario
    from sim.view import View


def coin(*things: object) -> int:
    """Return a number that depends on *things* alone."""
    return int.from_bytes(blake2b(repr(things).encode(), digest_size=8).digest(), "little")


def released(version: str, share: float, *, why: str = "") -> Release:
    """Return a release with all that has to be agreed on before."""
    note = RolloutNote(
        release=version,
        success="fewer errors",
        blast_radius="whoever is chosen",
        stop_rules="more errors than the champion",
        fallback="the champion",
        conditions_to_widen="a week without complaints",
        owner="product",
    )
    return Release(version, share, why=why, note=note)


def choice(view: View, salt: int) -> Action | None:
    """Return something that can be done now, chosen by the moment."""
    toss = coin(view.now_us, view.reason, len(view.history), salt)
    kind, extra = toss % 9, toss // 16
    route, ready = view.route, view.candidate
    lawful = [card for card in view.versions if not view.forbids(card)]
    others = [card.name for card in lawful if card.name != route.champion]
    if kind <= 1 and len(view.versions) + len(view.jobs) < 9:
        windows = (Last(records=150), Last(records=1_000), Everything())
        since = SinceAlarm(at_us=view.all_alarms[-1].at_us) if view.all_alarms else windows[0]
        pick = (*windows, since)[extra % 4]
        return Retrain(window=pick, why="a whim", warm=bool(extra % 8 == 7))
    if kind == 2 and ready:
        return Promote(ready, why="a whim")
    if kind == 3 and others:
        return Promote(others[extra % len(others)], why="a whim")
    if kind == 4 and others:
        share = (0.1, 0.5, 1.0, 0.0)[extra % 4]
        segments = view.segments[:1] if extra % 5 < 2 else ()
        whim = released(others[extra % len(others)], share, why="a whim")
        return replace(whim, segments=segments)
    if kind == 5 and (route.challenger or view.previous is not None):
        return Rollback(why="a whim")
    if kind == 6:
        return Fallback(not route.fallback, why="a whim")
    if kind == 7:
        return PageOwner(("data", "model")[extra % 2], why="a whim")
    if kind == 8 and ready:
        return Archive(ready) if extra % 4 == 0 else Shadow(ready, why="a whim")
    return None


def testimony(view: View) -> Iterator[Note]:
    """Write down what is seen of a rollout, so that it is in the ledger's digest."""
    route = view.route
    if route.challenger or route.shadow:
        for metric in view.metrics:
            seen = view.evidence(metric, since_us=route.since_us, until_us=view.now_us)
            arms = [arm for arm in (seen.champion, seen.challenger, seen.paired) if arm is not None]
            yield Note(
                part=f"testimony on {metric}",
                answer=("yes", "no")[seen.known % 2],
                value=sum(float(arm.total @ np.cos(arm.who)) for arm in arms),
                records=seen.answered,
            )


@dataclass(frozen=True, kw_only=True)
class Restless:
    """Does something possible at one moment in *often*, chosen by the moment and *salt* alone."""

    salt: int = 0
    often: int = 1
    monitors: tuple[Any, ...] = ()
    heartbeat: str | None = None

    def decide(self, view: View) -> Iterator[Action]:
        """Do something, or nothing."""
        whim = coin("whether", view.now_us, len(view.history), self.salt) % self.often == 0
        action = choice(view, self.salt) if whim else None
        yield from testimony(view)
        if action is not None:
            yield action


@dataclass(frozen=True, kw_only=True)
class Silent:
    """Watches and does nothing."""

    monitors: tuple[Any, ...] = ()
    heartbeat: str | None = None

    def decide(self, view: View) -> tuple[Action, ...]:
        """Do nothing."""
        return ()


@dataclass(frozen=True, kw_only=True)
class Switching:
    """Changes who answers at every alarm, at once."""

    monitors: tuple[Any, ...] = ()
    heartbeat: str | None = "0"

    def decide(self, view: View) -> Iterator[Action]:
        """Switch to the fallback or back; build now and then."""
        if view.reason == "alarm":
            yield Fallback(not view.route.fallback, why="alarm")
        if view.candidate:
            yield Promote(view.candidate, why="ready")
        elif view.reason == "alarm" and not view.jobs and len(view.versions) < 6:
            yield Retrain(window=Last(records=200), why="alarm")


# -- detectors -------------------------------------------------------------------------------


@dataclass
class UpdateOnly:
    """Alarms at every *nth* value; takes one value at a time, as River's detectors do."""

    nth: int = 1
    count: int = field(default=0, repr=False)

    @property
    def drift_detected(self) -> bool:
        """Whether the last value raised an alarm."""
        return self.count > 0 and self.count % self.nth == 0

    def update(self, x: float) -> None:
        """Consume one value."""
        self.count += 1


@dataclass(frozen=True)
class EveryNth:
    """Alarms at every *nth* value; scans arrays."""

    nth: int = 1

    def start(self) -> RunningEveryNth:
        """Return a fresh one."""
        return RunningEveryNth(self.nth)


class RunningEveryNth:
    """Counts values, in blocks."""

    def __init__(self, nth: int) -> None:
        self.nth, self.count = nth, 0

    def scan(self, values: NDArray[np.float64]) -> int:
        """Consume values up to and with the first alarm."""
        index = self.nth - 1 - self.count % self.nth
        if index < len(values):
            self.count += index + 1
            return index
        self.count += len(values)
        return -1

    def snapshot(self) -> int:
        """Return the count."""
        return self.count

    def restore(self, snapshot: int) -> None:
        """Take the count back."""
        self.count = snapshot


@dataclass(frozen=True)
class Tally:
    """Alarms when the running sum of values passes a multiple of *step*: it forgets nothing.

    What it reads twice, or not at all, shifts all its later alarms.
    """

    step: float

    def start(self) -> RunningTally:
        """Return a fresh one."""
        return RunningTally(self.step)


class RunningTally:
    """A sum at work, value by value."""

    def __init__(self, step: float) -> None:
        self.step, self.total = step, 0.0

    def scan(self, values: NDArray[np.float64]) -> int:
        """Consume values up to and with the first alarm."""
        for i, value in enumerate(values.tolist()):
            before = self.total // self.step
            self.total += value
            if self.total // self.step != before:
                return i
        return -1

    def snapshot(self) -> float:
        """Return the sum."""
        return self.total

    def restore(self, snapshot: float) -> None:
        """Take the sum back."""
        self.total = snapshot


@dataclass(frozen=True, kw_only=True)
class OnLosses:
    """Reads the loss of every label, whoever answered."""

    detector: Any
    name: str
    layer: str = "performance"
    owner: str = "model"
    clock: str = "label"
    installed_at: str = "0"

    def read(self, seen: LabelsSeen) -> NDArray[np.float64]:
        """Return the losses."""
        return seen.loss


def river(name: str, **parameters: Any) -> Any:
    """Return one of River's own detectors."""
    from river import drift

    return getattr(drift, name)(**parameters)


def watch(*, classes: int, column: str = "x0") -> tuple[Any, ...]:
    """Return three monitors of labels and two of requests, some compiled and some River's."""
    third = OnErrors(name="ddm", detector=DDM(warm_start=10, drift_threshold=1.0))
    if not classes:
        third = OnErrors(name="tally", detector=Tally(13.0))
    return (
        OnErrors(name="adwin", detector=ADWIN(delta=0.3, clock=4, grace_period=5)),
        OnErrors(name="river", detector=river("PageHinkley", min_instances=15, threshold=4.0)),
        third,
        Values(of=column, detector=PageHinkley(min_instances=20, threshold=8.0)),
        Values(of="score", detector=river("ADWIN", delta=0.3, clock=8)),
    )


def watch_of(scenario: Scenario) -> tuple[Any, ...]:
    """Return such monitors for the classes and the first column of a world."""
    concept = scenario.stream.concept
    priced = any(isinstance(fault, CostChange) for fault in scenario.faults)
    return watch(classes=0 if priced else concept.classes, column=concept.schema.names[0])


def ticking() -> tuple[Any, ...]:
    """Return monitors of ticks: one of a threshold, one of a window, one that only updates."""
    return (
        Contract(minimum=5, limit=0.01),
        Shift(minimum=20, limit=0.3, window=3),
        _UpdatingContract(minimum=5, limit=0.01, window=2, name="by update"),
        Sums(name="sums", detector=Tally(40.0)),
        Sums(name="sums of three, by update", window=3, detector=UpdateOnly(4)),
        Sums(name="rises", window=4, summed=False, detector=Tally(25.0)),
        Sums(
            name="a looker's",
            every="2h",
            quiet="3h",
            seen_by=Human(every="5h", office=False),
            detector=Tally(30.0),
        ),
        Sums(name="later", installed_at="1h after the first incident", detector=Tally(30.0)),
        OnLosses(name="later losses", installed_at="after the first incident", detector=Tally(9.0)),
    )


@dataclass(frozen=True, kw_only=True)
class Sums:
    """Adds up all that was answered and observed: whatever is counted otherwise shows."""

    detector: Any
    name: str
    window: int = 1
    summed: bool = True
    every: str = "0"
    quiet: str = "0"
    installed_at: str = "0"
    seen_by: Human | None = None
    layer: str = "output"
    owner: str = "model"
    clock: str = "desk"

    def summarise(self, seen: DeskSeen) -> NDArray[np.float64]:
        """Count and add up, weighing arms, answers and losses differently."""
        requests, labels = seen.requests, seen.labels
        values = requests.answer + 1.7 * requests.arm + np.tanh(requests.score)
        judged = labels.loss + 0.3 * labels.arm + 0.01
        pairs = (values, seen.bounds), (judged, seen.label_bounds)
        sums = [[part.sum() for part in np.split(array, bounds[1:-1])] for array, bounds in pairs]
        seen_sums = [array.sum(axis=1) for array in seen.observed.values()]
        return np.stack([*sums, *seen_sums], axis=1)

    def judge(self, counts: NDArray[np.float64], baseline: Any) -> NDArray[np.float64]:
        """Return a wild mixture, bounded."""
        whole = counts if self.summed else np.nan_to_num(counts[:, -1] - counts[:, 0])
        return np.asarray(np.abs(np.sin(whole)).sum(axis=1))

    def explain(self, counts: Any, baseline: Any) -> tuple[tuple[str, ...], str]:
        """Tell the sums themselves."""
        return (), f"sums are {np.asarray(counts).ravel()[-12:].tolist()}"


@dataclass(frozen=True, kw_only=True)
class _UpdatingContract(Contract):
    """A contract under a detector that takes one value at a time."""

    @property
    def detector(self) -> Any:
        """Every fifth judged tick."""
        return UpdateOnly(5)


def always(*columns: str) -> tuple[Any, ...]:
    """Return monitors that alarm all the time, in the ways in which a detector can work.

    Two of them read the first two *columns*, if there are so many.
    """
    first, second = (*columns, "x0", "x1")[:2] if len(columns) != 1 else columns * 2
    return (
        OnLosses(name="always", detector=EveryNth(1)),
        OnLosses(name="every third, by update", detector=UpdateOnly(3)),
        OnLosses(name="a sum", detector=Tally(2.5)),
        Values(name="every fifth", of=first, detector=EveryNth(5)),
        Values(name="every seventh, by update", of=second, detector=UpdateOnly(7)),
    )
