"""What watches: a monitor reads a signal, a detector scans it, an alarm names who owns it.

There are four clocks. *label* monitors see each label as it arrives, *request* monitors each
request as it is answered, *tick* monitors what came in since the last tick, *desk* monitors what
was answered in it, by whom, and what labels, users and the business said.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field, is_dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from sim.clock import positive_us
from sim.errors import Mistake, one_of, whole
from sim.people import LAYERS, OWNERS, SOMEBODY
from sim.ticks import ticks_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.artifacts import Examples
    from sim.ticks import Ticks
    from sim.timeline import Told
    from sim.wire import Wire

    Floats = NDArray[np.float64]

BINS = 10
CLOCKS = ("label", "request", "tick", "desk")


@dataclass(frozen=True)
class Baseline:
    """What the feed looked like in training: quantile edges (d, 9), shares (d, 10), ranges (d)."""

    names: tuple[str, ...]
    edges: Floats
    shares: Floats
    low: Floats
    high: Floats
    count: NDArray[np.int64]
    """of how many values (d)"""
    repeats: Floats
    """what share of a column's values occurred before (d)"""
    answers: AnswerBaseline | None = None
    """None where a model cannot be tried out"""

    def __post_init__(self) -> None:
        _fix(self)

    @cached_property
    def typical(self) -> Floats:
        """The median magnitude of each column's deciles (d)."""
        typical = np.asarray(np.median(np.abs(self.edges), axis=1))
        typical.flags.writeable = False
        return typical

    @classmethod
    def of(cls, examples: Examples, answers: AnswerBaseline | None = None) -> Baseline:
        """Measure the examples."""
        size = examples.x.shape[1]
        edges, shares = np.zeros((size, BINS - 1)), np.full((size, BINS), 1 / BINS)
        low, high = np.zeros(size), np.zeros(size)
        count, repeats = np.zeros(size, dtype=np.int64), np.zeros(size)
        for column, values in enumerate(np.sort(examples.x.T, axis=1)):
            known = values[: values.searchsorted(np.nan)]
            if len(known):
                edges[column] = known[len(known) * np.arange(1, BINS) // BINS]
                bounds = [0, *known.searchsorted(edges[column]), len(known)]
                shares[column] = np.diff(bounds) / len(known)
                low[column], high[column] = known[0], known[-1]
                count[column] = len(known)
                repeats[column] = np.count_nonzero(known[1:] == known[:-1]) / len(known)
        return cls(examples.names, edges, shares, low, high, count, repeats, answers)


@dataclass(frozen=True)
class AnswerBaseline:
    """What a version answered to labelled records that it was not fitted on (*count* of them).

    Of the scores: quantile *edges* (9) and the *shares* between them (10), and in *loss* how
    wrong it was in each of these bins (10). Of the answers: the *classes* and their *mix* (k).
    *label_mix* is the classes of the labels; both are empty where the outcome is a number.
    """

    count: int
    edges: Floats
    shares: Floats
    loss: Floats
    classes: Floats
    mix: Floats
    label_mix: Floats
    mean_loss: float

    def __post_init__(self) -> None:
        _fix(self)

    @classmethod
    def of(
        cls, score: Floats, answer: Floats, label: Floats, loss: Floats, classes: int
    ) -> AnswerBaseline | None:
        """Measure what was answered (shape n each); None for too few to say anything."""
        known = np.isfinite(score)
        if known.sum() < 2 * BINS:
            return None
        score, answer, label, loss = score[known], answer[known], label[known], loss[known]
        total = len(score)
        edges = np.sort(score)[total * np.arange(1, BINS) // BINS]
        bins = np.searchsorted(edges, score, side="right")
        held = np.bincount(bins, minlength=BINS)
        mean = float(loss.mean())
        lost = np.bincount(bins, loss, minlength=BINS)
        names = np.arange(float(classes))
        mix, label_mix = (
            np.array([np.count_nonzero(said == name) for name in names]) / total
            for said in (answer, label)
        )
        by_bin = np.where(held, lost / np.maximum(held, 1), mean)
        return cls(total, edges, held / total, by_bin, names, mix, label_mix, mean)


def _fix(thing: object) -> None:
    """Let nobody write to the arrays of *thing*: all monitors are shown the same."""
    if isinstance(thing, np.ndarray):
        thing.flags.writeable = False
    elif isinstance(thing, dict | tuple):
        for inner in thing.values() if isinstance(thing, dict) else thing:
            _fix(inner)
    elif is_dataclass(thing):
        for inner in vars(thing).values():
            _fix(inner)


@dataclass(frozen=True)
class LabelsSeen:
    """Labels that arrived, in order (arrays of shape n), with the answers that they judge."""

    label: Floats
    answer: Floats
    score: Floats
    loss: Floats
    arm: NDArray[np.int8]
    segment: NDArray[np.int8] | None = None
    """the number of each user's segment, None if there are no segments"""
    names: tuple[str, ...] = field(default=(), kw_only=True)
    signals: Floats | None = field(default=None, kw_only=True)
    """what else was measured of each answer (n × k), by the *names* of the signals"""

    def signal(self, name: str) -> Floats:
        """Return one signal (shape n), NaN where it was not measured."""
        one_of("signal", name, self.names)
        assert self.signals is not None
        return self.signals[:, self.names.index(name)]

    def first(self, count: int) -> LabelsSeen:
        """Return the first *count* of them."""
        return self.between(0, count)

    def between(self, start: int, stop: int) -> LabelsSeen:
        """Return those from *start* to *stop*."""
        rows = slice(start, stop)
        arrays = self.label[rows], self.answer[rows], self.score[rows], self.loss[rows]
        signals = None if self.signals is None else self.signals[rows]
        segment = None if self.segment is None else self.segment[rows]
        return LabelsSeen(*arrays, self.arm[rows], segment, names=self.names, signals=signals)


@dataclass(frozen=True)
class RequestsSeen:
    """Requests that were answered, in order: features as they arrived (n, d), and answers (n)."""

    names: tuple[str, ...]
    x: Floats
    score: Floats
    answer: Floats
    arm: NDArray[np.int8]
    segment: NDArray[np.int8] | None = None
    vital_names: tuple[str, ...] = field(default=(), kw_only=True)
    vitals: Floats | None = field(default=None, kw_only=True)
    """what was seen of each answer at once (n × k), by *vital_names*"""

    def vital(self, name: str) -> Floats:
        """Return what was seen of each answer (shape n): latency, accepted, completed, …"""
        one_of("vital", name, self.vital_names)
        assert self.vitals is not None
        return self.vitals[:, self.vital_names.index(name)]

    def first(self, count: int) -> RequestsSeen:
        """Return the first *count* of them."""
        score, answer, arm = self.score[:count], self.answer[:count], self.arm[:count]
        segment = None if self.segment is None else self.segment[:count]
        part = RequestsSeen(self.names, self.x[:count], score, answer, arm, segment)
        if self.vitals is None:
            return part
        return replace(part, vital_names=self.vital_names, vitals=self.vitals[:count])


@dataclass(frozen=True)
class TicksSeen:
    """What came in over several ticks from *first_tick* on.

    The records of the k-th of them are bounds[k] to bounds[k + 1] of the *wire*.
    """

    wire: Wire
    bounds: NDArray[np.int64]
    baseline: Baseline
    first_tick: int
    tick_us: int


@dataclass(frozen=True)
class DeskSeen:
    """What was observed of several ticks from *first_tick* on, as they were answered.

    The *requests* of the k-th of them are bounds[k] to bounds[k + 1], the *labels* that arrived
    in it label_bounds[k] to label_bounds[k + 1]. *observed* holds sums by tick, by the names of
    a timeline's arrays; *ticks* is the same as an operator sees it.
    """

    requests: RequestsSeen
    bounds: NDArray[np.int64]
    labels: LabelsSeen
    label_bounds: NDArray[np.int64]
    observed: dict[str, NDArray[Any]]
    told: Told
    baseline: Baseline
    first_tick: int
    tick_us: int
    passed_us: NDArray[np.int64]
    """how much of each tick is shown: a tick may come in parts (shape ticks)"""

    @cached_property
    def ticks(self) -> Ticks:
        """The observed sums."""
        ticks = ticks_of(self.told, self.observed, self.first_tick, self.tick_us)
        _fix(ticks)
        return ticks

    def first(self, ticks: int) -> DeskSeen:
        """Return the first so many *ticks* of it."""
        return replace(
            self,
            requests=self.requests.first(int(self.bounds[ticks])),
            bounds=self.bounds[: ticks + 1],
            labels=self.labels.first(int(self.label_bounds[ticks])),
            label_bounds=self.label_bounds[: ticks + 1],
            observed={name: array[:ticks] for name, array in self.observed.items()},
            passed_us=self.passed_us[:ticks],
        )


class StreamMonitor(Protocol):
    """Watches values that come one by one, on the *clock* label or request."""

    name: str
    layer: str
    owner: str
    clock: str
    detector: Any

    def read(self, seen: Any) -> Floats:
        """Return a value for each item of *seen*, NaN for none."""


class TickMonitor(Protocol):
    """Watches what the last *window* brought: a number of ticks, or a duration.

    The *clock* tick shows what came in (`TicksSeen`), the clock desk what was answered
    (`DeskSeen`). One that compares with its own past says `summed = False`: it gets the ticks of
    its window one by one (ticks, window, m), NaN before the first, and a new champion does not
    make it begin anew.
    """

    name: str
    layer: str
    owner: str
    clock: str
    detector: Any
    window: Any

    def summarise(self, seen: Any) -> NDArray[Any]:
        """Return counts (ticks, m) that add up over ticks."""

    def judge(self, counts: NDArray[Any], baseline: Baseline) -> Floats:
        """Return a value for each row of summed counts (ticks, m), NaN for too few records."""

    def explain(self, counts: NDArray[Any], baseline: Baseline) -> tuple[tuple[str, ...], str]:
        """Say of one row of counts which columns are concerned, and a sentence."""


def window_ticks(window: Any, tick_us: int, field: str) -> int:
    """Return how many ticks a *window* has; a duration is rounded up."""
    if isinstance(window, str):
        return -(-positive_us(window, field) // tick_us)
    return whole(field, window, 1)


@runtime_checkable
class Scanner(Protocol):
    """A detector at work on arrays."""

    def scan(self, values: Floats) -> int:
        """Consume values up to and with the first alarm; its index, or -1 if there was none."""

    def snapshot(self) -> Any:
        """Return all that is needed to come back to this state."""

    def restore(self, snapshot: Any) -> None:
        """Come back to the state of *snapshot*."""


@runtime_checkable
class Updater(Protocol):
    """A detector that takes one value at a time, as River's do."""

    @property
    def drift_detected(self) -> bool:
        """Whether the last value raised an alarm."""

    def update(self, x: float) -> object:
        """Consume one value."""


def running(detector: Any, field: str) -> Scanner | Updater:
    """Return a fresh running detector made from a description, or from one of River's."""
    if hasattr(detector, "start"):
        started = detector.start()
        if isinstance(started, Scanner | Updater):
            return started
    if isinstance(detector, type):
        raise Mistake(f"{field} is the class {detector.__name__}: give an instance of it")
    if not isinstance(detector, Updater):
        raise Mistake(
            f"{field} is {detector!r}: a detector has update(x) and drift_detected, or start()"
        )
    clone = getattr(detector, "clone", None)
    return clone() if callable(clone) else deepcopy(detector)


def checked(monitors: Any) -> tuple[Any, ...]:
    """Return the monitors if each has all that one needs, and a name of its own."""
    try:
        listed = tuple(monitors)
    except TypeError:
        raise Mistake(f"strategy.monitors is {monitors!r}: give a tuple of monitors") from None
    names = []
    for i, monitor in enumerate(listed):
        for attribute in ("name", "layer", "owner", "clock", "detector"):
            if not hasattr(monitor, attribute):
                raise Mistake(f"strategy.monitors[{i}] is {monitor!r}: it has no {attribute}")
        one_of(f"monitor {monitor.name}.layer", monitor.layer, LAYERS)
        one_of(f"monitor {monitor.name}.owner", monitor.owner, OWNERS)
        one_of(f"monitor {monitor.name}.clock", monitor.clock, CLOCKS)
        running(monitor.detector, f"monitor {monitor.name}.detector")
        if monitor.name == SOMEBODY:
            raise Mistake(f"monitor name is {SOMEBODY!r}: that name is taken; give another")
        names.append(monitor.name)
    if len(set(names)) != len(names):
        raise Mistake(f"strategy.monitors has names {names}: each needs a name of its own")
    return listed
