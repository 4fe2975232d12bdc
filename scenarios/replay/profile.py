"""What the columns of a file look like: the first of two passes over it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from scenarios.replay.moments import Times
from scenarios.replay.reading import numbers, texts
from sim.errors import Mistake

if TYPE_CHECKING:
    from scenarios.replay.asked import Asked
    from scenarios.replay.reading import Reader

MOST_VALUES = 1_000
"""More distinct values than this are not counted: it is a number, or no category."""
MOST_CATEGORIES = 200


@dataclass
class Look:
    """What is known of one column: *seen* has each value with the time of its first record.

    *seen* is None when there are too many; *numeric* tells whether all cells are numbers.
    """

    name: str
    numeric: bool = True
    stamps: bool = False
    missing: int = 0
    low: float = float("inf")
    high: float = float("-inf")
    fractions: bool = False
    seen: dict[str, int] | None = field(default_factory=dict)

    def add(self, array: Any, times_us: np.ndarray[Any, np.dtype[np.int64]]) -> None:
        """Look at some more cells."""
        self.stamps |= pa.types.is_timestamp(array.type)
        if self.stamps:
            self.missing += array.null_count
            self.seen, self.numeric = None, False
            return
        if self.numeric:
            values = numbers(array)
            self.numeric = values is not None
            if values is not None:
                known = values[np.isfinite(values)]
                if len(known):
                    self.low = min(self.low, float(known.min()))
                    self.high = max(self.high, float(known.max()))
                    self.fractions |= bool((known != np.round(known)).any())
        words = texts(array)
        self.missing += words.null_count
        if self.seen is not None:
            self._remember(words, times_us)

    def _remember(self, words: Any, times_us: np.ndarray[Any, np.dtype[np.int64]]) -> None:
        assert self.seen is not None
        first = (
            pa.table({"value": words, "at": times_us})
            .group_by("value", use_threads=False)
            .aggregate([("at", "min")])
        )
        if first.num_rows > MOST_VALUES:
            self.seen = None
            return
        for value, at_us in zip(
            first.column("value").to_pylist(), first.column("at_min").to_pylist(), strict=True
        ):
            if value is not None:
                self.seen[value] = min(at_us, self.seen.get(value, at_us))
        if len(self.seen) > MOST_VALUES:
            self.seen = None

    @property
    def kind(self) -> str:
        """Empty, number, category, text (too many values) or time."""
        if self.stamps:
            return "time"
        if self.seen is not None and not self.seen:
            return "empty"
        if self.numeric:
            return "number"
        if self.seen is None or len(self.seen) > MOST_CATEGORIES:
            return "text"
        return "category"

    @property
    def in_order(self) -> list[str]:
        """Its values by first appearance: what appears later gets a higher code."""
        assert self.seen is not None
        return sorted(self.seen, key=lambda value: (self.seen[value], value))  # type: ignore[index]


@dataclass
class Profile:
    """What the first pass found: how many records, when, in which order, and a look at columns."""

    looks: dict[str, Look]
    records: int = 0
    first_us: int = 0
    last_us: int = 0
    backwards: int = 0
    repeated: int = 0


def profile(reader: Reader, asked: Asked) -> Profile:
    """Read the whole file once."""
    names = list(reader.names)
    found = Profile({n: Look(n) for n in names if n not in (asked.time, asked.label_time)})
    times = Times("--time", asked.time, asked.time_format)
    if asked.entity:
        found.looks.pop(asked.entity)
    before_us: int | None = None
    for batch in reader.batches([n for n in names if n in found.looks or n == asked.time]):
        at_us = times.us(batch[asked.time])
        if not len(at_us):
            continue
        steps = np.diff(at_us, prepend=at_us[0] if before_us is None else before_us)
        found.backwards += int((steps < 0).sum())
        found.repeated += int((steps == 0).sum()) - (before_us is None)
        low, high = int(at_us.min()), int(at_us.max())
        found.first_us = low if before_us is None else min(found.first_us, low)
        found.last_us = high if before_us is None else max(found.last_us, high)
        before_us = int(at_us[-1])
        found.records += len(at_us)
        for name, look in found.looks.items():
            look.add(batch[name], at_us)
    if not found.records:
        raise Mistake(f"data is {reader.path!r}: it has columns but no record")
    return found
