"""Monitors at work: each scans ahead to its first alarm and can be taken back."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import Mistake, PluginFault
from sim.monitoring import DeskSeen, Scanner, running, window_ticks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sim.monitoring import Baseline, StreamMonitor, TickMonitor, TicksSeen

    Floats = NDArray[np.float64]


@contextmanager
def _plugin(monitor: Any) -> Iterator[None]:
    """Whatever a user's monitor or detector raises is told with its name."""
    try:
        yield
    except Mistake:
        raise
    except Exception as error:
        first = str(error).strip().split("\n")[0]
        raise PluginFault(
            f"monitor {monitor.name} raised {type(error).__name__}: {first}"
        ) from error


class Watcher:
    """A stream monitor over the items (labels or requests) of the page in flight.

    A detector that can scan and be restored looks ahead; one that only updates is *locked*: it
    is given a value no sooner than the value has come.
    """

    def __init__(self, monitor: StreamMonitor, *, stepwise: bool = False) -> None:
        self.monitor = monitor
        self.detector: Any = running(monitor.detector, f"monitor {monitor.name}.detector")
        self._scans = isinstance(self.detector, Scanner)
        self.locked = stepwise or not self._scans
        self._stepwise = stepwise
        self.values: Floats = np.empty(0)
        self._full = True
        self.at = 0
        self.alarm: int | None = None
        self.from_key = 0
        """the moment before which it was not on duty"""
        self._base: Any = None
        self._base_at = 0
        self._checks = 3
        self._newest_us = 0

    def open(self) -> None:
        """Begin a new page."""
        self.at, self.alarm, self.values = 0, None, np.empty(0)
        self.hold()

    def hold(self) -> None:
        """Remember the present state as the place to come back to."""
        if not self.locked:
            self._base, self._base_at = self.detector.snapshot(), self.at

    def read(self, seen: Any, keys: NDArray[np.int64]) -> None:
        """Take the values of the page's items, which come at *keys*, as they are now foreseen."""
        with _plugin(self.monitor):
            self.values = np.asarray(self.monitor.read(seen), dtype=np.float64)
            self._check(seen)
        if self._stepwise:  # to be written to item by item
            self.values = self.values.copy()
        if len(keys) and keys[0] < self.from_key:
            self.values = np.where(keys < self.from_key, np.nan, self.values)
        self._full = not np.isnan(self.values).any()

    def _check(self, seen: Any) -> None:
        """Refuse, on the first pages, values that depend on items which come later."""
        count = len(seen.arm)
        if self.values.shape != (count,):
            shape = self.values.shape
            raise ValueError(f"read gave an array of shape {shape} for {count} items")
        if self._checks and count > 1:
            self._checks -= 1
            half = seen.first(count // 2)
            if not np.array_equal(
                self.monitor.read(half), self.values[: count // 2], equal_nan=True
            ):
                raise ValueError("the value of an item depends on items that come after it")

    def read_one(self, seen: Any, item: int, key: int) -> None:
        """Take the value of one item that has just become known, at *key*."""
        if key < self.from_key:
            return
        with _plugin(self.monitor):
            self.values[item] = self.monitor.read(seen)[0]

    def look(self, stop: int) -> None:
        """Scan ahead to item *stop* or to the first alarm before it."""
        if self.locked or self.alarm is not None or self.at >= stop:
            return
        values = self.values[self.at : stop]
        with _plugin(self.monitor):
            if self._full:
                found = self.detector.scan(values)
            else:
                places = np.flatnonzero(~np.isnan(values))
                found = self.detector.scan(values[places])
                found = int(places[found]) if found >= 0 else -1
        if found >= 0:
            self.alarm = self.at + found
            self.at = self.alarm + 1
        else:
            self.at = stop

    def rewind(self, stop: int) -> None:
        """Take the scan back to item *stop*: what came after it never happened."""
        if self.locked or self.at <= stop:
            return
        self.detector.restore(self._base)
        self.at, self.alarm = self._base_at, None
        self.look(stop)
        assert self.alarm is None, "a repeated scan must not find what the first one did not"

    def feed(self, item: int) -> bool:
        """Give one value to a locked detector; say whether it raises an alarm."""
        self.at = item + 1
        value = float(self.values[item])
        if value != value:
            return False
        try:  # as `_plugin`, at the price of a try
            if self._scans:
                found = bool(self.detector.scan(self.values[item : item + 1]) == 0)
            else:
                self.detector.update(value)
                found = bool(self.detector.drift_detected)
        except Exception:
            with _plugin(self.monitor):
                raise
        if found:
            self.alarm = item
        return found

    def newest_us(self, served_us: NDArray[np.int64], stop: int) -> int:
        """Return when the latest was served of all values that it has read up to item *stop*.

        Where delays are random, the one that came last need not be it.
        """
        read = ~np.isnan(self.values[:stop])
        return max(self._newest_us, int(served_us[:stop][read].max(initial=0)))

    def turn(self, served_us: NDArray[np.int64], stop: int) -> None:
        """The page is over after item *stop*: remember how new its values were."""
        self._newest_us = self.newest_us(served_us, stop)

    def delivered(self) -> float:
        """The alarm was told; return its value."""
        assert self.alarm is not None
        value = float(self.values[self.alarm])
        self.alarm = None
        self.hold()
        return value


class TickWatcher:
    """A tick or desk monitor: counts are summed over its window, judged, scanned tick by tick.

    Ticks are known a page ahead, those of a desk as today's routing has them; an alarm waits
    until its tick is *told*. It looks at every tick, or every *every_us*.
    """

    def __init__(self, monitor: TickMonitor, tick_us: int, every_us: int = 0) -> None:
        self.monitor = monitor
        self.window = window_ticks(monitor.window, tick_us, f"monitor {monitor.name}.window")
        self.from_us: int | None = 0
        """when it came on duty, None if it has not yet"""
        self._tick_us, self._every = tick_us, max(1, -(-every_us // tick_us))
        self._summed = getattr(monitor, "summed", True)
        self._checks = 3
        self.detector: Any = running(monitor.detector, f"monitor {monitor.name}.detector")
        self.locked = not isinstance(self.detector, Scanner)
        self._first = 0
        self._counts: NDArray[np.int64] | None = None
        self._part: NDArray[np.int64] | None = None
        self._carried: tuple[int, NDArray[np.int64] | None] = 0, None
        self._values: Floats = np.empty(0)
        self._told = 0
        self._since = 0
        self._scanned = 0
        self._base: Any = None
        self._base_at = 0
        self.alarm: int | None = None

    @property
    def told(self) -> int:
        """How many ticks it was told of."""
        return self._told

    def add(self, seen: TicksSeen | DeskSeen, *, whole: bool) -> None:
        """Take the counts of further ticks; not *whole*: the last one goes on with more."""
        if len(seen.bounds) < 2:
            return
        with _plugin(self.monitor):
            counts = self.monitor.summarise(seen)
            self._check(seen, counts)
        self._carried = seen.first_tick, self._part
        if self._part is not None:
            counts = counts.copy()
            counts[0] += self._part
            self._part = None
        if not whole:
            counts, self._part = counts[:-1], counts[-1]
        if not len(counts):
            return
        spare = 0
        if self._counts is not None:
            needed = self._told - self.window + 1
            if self.alarm is not None:  # it may be taken back: keep what is to be scanned again
                needed = min(needed, self._base_at)
            spare = max(0, needed - self._first)
            counts = np.concatenate([self._counts[spare:], counts])
        self._first += spare
        known = len(self._values) - spare
        self._counts = counts
        self._values = np.concatenate([self._values[spare:], self._judged(known, seen.baseline)])
        self._look()

    def _check(self, seen: TicksSeen | DeskSeen, counts: NDArray[Any]) -> None:
        """Refuse, on the first pages, counts of a tick that depend on later ones."""
        ticks = len(seen.bounds) - 1
        if counts.shape[:1] != (ticks,):
            raise ValueError(f"summarise gave an array of shape {counts.shape} for {ticks} ticks")
        if self._checks and ticks > 1 and isinstance(seen, DeskSeen):
            self._checks -= 1
            half = self.monitor.summarise(seen.first(ticks // 2))
            if not np.array_equal(half, counts[: ticks // 2], equal_nan=True):
                raise ValueError("the counts of a tick depend on ticks that come after it")

    def _judged(self, start: int, baseline: Baseline) -> Floats:
        """Return the value of each tick from place *start* on, NaN where it does not look."""
        assert self._counts is not None
        ends = self._first + np.arange(start, len(self._counts)) + 1
        looks = ends % self._every == 0
        if self.from_us is None:
            looks[:] = False
        else:
            looks &= ends * self._tick_us > self.from_us
        values = np.full(len(ends), np.nan)
        if looks.any():
            with _plugin(self.monitor):
                sums = self._sums(start, self._since - self._first)
                values[looks] = self.monitor.judge(sums[looks], baseline)
        return values

    def _sums(self, start: int, since: int) -> NDArray[Any]:
        """Return the counts summed over the window for each tick from place *start* on.

        No window reaches back beyond place *since*, where a new baseline began. What is not
        *summed* comes tick by tick (ticks, window, m).
        """
        assert self._counts is not None
        window = self.window
        if not self._summed:
            return self._rows(start)
        if window == 1:
            return self._counts[start:]
        first = max(0, start - window + 1, min(since, start))
        total = np.cumsum(self._counts[first:], axis=0)
        sums = total.copy()
        sums[window:] -= total[:-window]
        return np.asarray(sums[start - first :])

    def _rows(self, start: int) -> Floats:
        """Return the window of each tick from place *start* on, NaN before the first tick."""
        assert self._counts is not None
        first = start - self.window + 1
        rows = self._counts[max(first, 0) :].astype(np.float64)
        if first < 0:
            rows = np.concatenate([np.full((-first, rows.shape[1]), np.nan), rows])
        return np.moveaxis(np.lib.stride_tricks.sliding_window_view(rows, self.window, 0), 1, 2)

    def _look(self) -> None:
        """Scan the ticks that are known to the first alarm; a locked detector waits."""
        if self.locked or self.alarm is not None:
            return
        values = self._values[self._scanned - self._first :]
        places = np.flatnonzero(~np.isnan(values))
        self._base, self._base_at = self.detector.snapshot(), self._scanned
        with _plugin(self.monitor):
            found = self.detector.scan(values[places]) if len(places) else -1
        self._scanned += len(values)
        if found >= 0:
            self.alarm = self._base_at + int(places[found])
            self._scanned = self.alarm + 1

    def tell(self, tick: int) -> float | None:
        """Tick *tick* is over: return the value if the monitor raises an alarm, else None."""
        self._told = tick + 1
        if self.locked:
            value = float(self._values[tick - self._first])
            if value == value:
                with _plugin(self.monitor):
                    self.detector.update(value)
                    if self.detector.drift_detected:
                        return value
            return None
        if self.alarm != tick:
            return None
        self.alarm = None
        self._look()
        return float(self._values[tick - self._first])

    @property
    def reading(self) -> float:
        """What it made of the last tick that it was told of; NaN if it did not look."""
        place = self._told - 1 - self._first
        return float(self._values[place]) if 0 <= place < len(self._values) else float("nan")

    def explain(self, tick: int, baseline: Baseline) -> tuple[tuple[str, ...], str]:
        """Say which columns the alarm of *tick* concerns, and why."""
        place = tick - self._first
        since = self._since - self._first
        with _plugin(self.monitor):
            return self.monitor.explain(
                self._sums(place, since if since <= place else 0)[0], baseline
            )

    def again(self, seen: TicksSeen | DeskSeen, *, whole: bool, same_baseline: bool) -> None:
        """Count the ticks of *seen* again, as they are now; a new baseline starts a new window.

        Ticks before them keep their counts, those among them that were not told yet as well.
        """
        known = seen.first_tick - self._first
        if self._counts is not None:
            self._counts, self._values = self._counts[:known], self._values[:known]
        tick, part = self._carried
        self._part = part if same_baseline and tick == seen.first_tick else None
        if not same_baseline:
            self._since = seen.first_tick
        if not self.locked and self._base is not None:
            self.detector.restore(self._base)
            self._scanned = self._base_at
        self.alarm = None
        self._look()
        self.add(seen, whole=whole)
