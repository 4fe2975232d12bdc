"""Where the loop is closed: what was served in an epoch moves the loops of the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.loops import Served, after

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.loops import Effects
    from sim.sheet import Sheet
    from sim.source import Source


class Epochs:
    """Keeps what the loops of a stream have observed in the present epoch."""

    def __init__(self, source: Source, effects: Effects) -> None:
        self._source, self._effects = source, effects
        self._sums: list[NDArray[np.float64]] = []

    def close(self, sheet: Sheet, row: int) -> None:
        """Let the loops learn what was served of a page; after an epoch's last one they move."""
        stream, schema = self._source.stream, self._source.stream.concept.schema
        if not stream.loops:
            return
        number = sheet.page.number
        epoch, states = self._source.epoch(number), self._effects.states
        truth = sheet.page.truth
        served = Served(number, truth.x[:row], truth.y[:row], sheet.answer[:row])
        known = states.get(epoch) or tuple(loop.rest(schema) for loop in stream.loops)
        seen = [
            loop.observe(self._source.luck, state, served, schema)
            for loop, state in zip(stream.loops, known, strict=True)
        ]
        if self._sums:
            seen = [sums + more for sums, more in zip(self._sums, seen, strict=True)]
        self._sums = seen
        if self._source.epoch(number + 1) != epoch:
            states[epoch + 1] = after(stream.loops, epoch, stream.epoch_us, known, seen, schema)
            self._sums = []
