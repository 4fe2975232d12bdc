"""Sources that repeat themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.faults.feed import FeedFault

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.faults.scene import Hit, Scene
    from sim.wire import Wire


@dataclass(frozen=True, kw_only=True)
class FrozenFeed(FeedFault):
    """Each source goes on sending the values of its last record before it froze.

    A source that had not sent anything lately, over three pages, sends nothing but empty cells.
    """

    kind: ClassVar[str] = "frozen feed"
    looks_back: ClassVar[int] = 3

    def apply(self, wire: Wire, hit: Hit) -> Wire:
        """Repeat the cells."""
        places = [wire.schema.names.index(name) for name in self.columns]
        scene = hit.scene
        known = scene.memory(self)
        if "held" not in known:
            known["held"] = np.full((len(places), scene.feeds), np.nan)
            known["left"] = set(np.flatnonzero(scene.order(self) < self.share).tolist())
        held: NDArray[np.float64] = known["held"]
        if known["left"]:
            self._find(scene, known["left"], places, held)
        for place, values in zip(places, held, strict=True):
            wire.put(hit.rows, place, scene.of_sources(values))
        return wire

    def _find(
        self, scene: Scene, missing: set[int], places: list[int], held: NDArray[np.float64]
    ) -> None:
        """Enter among what is *held* (columns, sources) by those *missing* that have frozen.

        They are missing no more.
        """
        late = scene.order(self) / max(self.share, 1e-12) * self.width_us
        froze_us = self.at_us + np.floor(late).astype(np.int64) + (self.width_us > 0)
        frozen = [s for s in missing if froze_us[s] <= scene.truth.times_us[-1]]
        missing.difference_update(frozen)
        pages: dict[int, list[int]] = {}
        for source in frozen:
            pages.setdefault(scene.page_at(int(froze_us[source])), []).append(source)
        for first, sources in pages.items():
            left = set(sources)
            for number in range(first, first - self.looks_back - 1, -1):
                past = scene.past(self, number)
                rows = np.flatnonzero(past.times_us < froze_us[past.sources])
                last = np.full(scene.feeds, -1)
                last[past.sources[rows]] = rows  # the last of equal places stays
                for source in [s for s in left if last[s] >= 0]:
                    held[:, source] = past.wire.x[last[source], places]
                    left.remove(source)
                if not left:
                    break
