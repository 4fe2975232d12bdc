"""Those who watch labels and requests: they read ahead of the present, and are taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.lockstep import Sighting
from sim.sights import requests_seen

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.arrivals import Arrivals
    from sim.monitoring import LabelsSeen
    from sim.sheet import Sheet
    from sim.watchers import Watcher


class Lookout:
    """The *watchers* of the page in flight, each by its clock: of labels or of requests."""

    def __init__(self, watchers: list[Watcher]) -> None:
        self._watchers = watchers

    def open(self) -> None:
        """A page begins."""
        for watcher in self._watchers:
            watcher.open()

    def read(self, sheet: Sheet, labels: Arrivals, seen_of: Callable[[], LabelsSeen]) -> None:
        """Let the monitors read what is foreseen."""
        seen: dict[str, Any] = {}
        for watcher in self._watchers:
            clock = watcher.monitor.clock
            of_labels = clock == "label"
            if clock not in seen:
                whole = slice(0, sheet.count)
                seen[clock] = seen_of() if of_labels else requests_seen(sheet, whole)
            watcher.read(seen[clock], labels.keys if of_labels else sheet.keys)

    def rewind(self, row: int, label: int) -> None:
        """Nothing from this request and this label on has been seen."""
        for watcher in self._watchers:
            watcher.rewind(label if watcher.monitor.clock == "label" else row)

    def look(self, row: int, label: int) -> None:
        """Scan ahead up to this request and this label."""
        for watcher in self._watchers:
            watcher.look(label if watcher.monitor.clock == "label" else row)

    def next_alarm(self, sheet: Sheet, labels: Arrivals) -> Sighting | None:
        """Return the next alarm in sight."""
        best: Sighting | None = None
        for watcher in self._watchers:
            if watcher.alarm is not None:
                clock = watcher.monitor.clock
                keys = labels.keys if clock == "label" else sheet.keys
                key = int(keys[watcher.alarm])
                if best is None or (key, watcher.alarm) < (best.key, best.item):
                    best = Sighting(key, clock, watcher.alarm)
        return best

    def raised(
        self, sighting: Sighting, served_us: NDArray[Any]
    ) -> list[tuple[Watcher, float, int]]:
        """Return who raised an alarm that is told now, its value and its evidence.

        *served_us* is when the requests were served that its clock counts.
        """
        return [
            (watcher, watcher.delivered(), watcher.newest_us(served_us, sighting.item + 1))
            for watcher in self._watchers
            if watcher.alarm == sighting.item and watcher.monitor.clock == sighting.clock
        ]

    def turn(self, labels: Arrivals, seen: int) -> None:
        """The page is over: let those who watch labels remember how new these were."""
        for watcher in self._watchers:
            if watcher.monitor.clock == "label":
                watcher.turn(labels.get("served_us"), seen)
