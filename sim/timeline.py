"""The timeline of a run: sums per tick, as arrays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

ARMS = ("champion", "challenger", "fallback", "error")
CHAMPION, CHALLENGER, FALLBACK, ERROR = range(4)
SHADOW = ("answered", "disagreed", "labels", "label_loss")
"""What is counted of a shadow: its answers, those that differ from what was shown, and labels."""
REVIEWED = ("looked", "overridden", "escalated")
"""What is counted of people who look at answers, when their verdict comes."""
CORRECTED = "corrected"
"""And how many labels were put right."""

_COUNTS = (
    "count",
    "labels",
    "segment_count",
    "segment_labels",
    "signal_count",
    "signal_labels",
    "latency",
    "reviews",
)
OBSERVED = (
    "count",
    "labels",
    "label_loss",
    "shadow",
    "segment_count",
    "segment_labels",
    "segment_label_loss",
    "signal_labels",
    "signal_label_sum",
    "vital_sum",
    "business",
    "latency",
    "reviews",
)
"""The arrays that an operator sees once a tick is over; the others are the truth."""

Row = bytes
"""What was observed in one tick: `OBSERVED` as float64 in one object, so that years are light."""


class Told(NamedTuple):
    """What a timeline tells apart besides arms: names of segments, of signals, of what is seen of
    each answer at once, of business figures, how many buckets latencies are counted in, and of
    what reviewers do.
    """

    segments: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    vitals: tuple[str, ...] = ()
    business: tuple[str, ...] = ()
    buckets: int = 0
    reviews: tuple[str, ...] = ()

    @lru_cache(maxsize=1024)  # noqa: B019 (kept by value: worlds tell few things apart)
    def columns(self, name: str) -> tuple[str, ...]:
        """Return what the columns of array *name* are called."""
        for prefix, parts in (
            ("segment_", self.segments),
            ("signal_", self.signals),
            ("vital_", self.vitals),
        ):
            if name.startswith(prefix):
                return tuple(f"{part}_{arm}" for part in parts for arm in ARMS)
        plain = {"shadow": SHADOW, "business": self.business, "reviews": self.reviews}
        if name == "latency":
            return tuple(str(place) for place in range(self.buckets))
        return plain.get(name, ARMS)

    def unpacked(self, rows: Sequence[Row]) -> dict[str, Floats]:
        """Return the observed arrays of the ticks in *rows*, by name (ticks × columns)."""
        widths = [len(self.columns(name)) for name in OBSERVED]
        table = np.frombuffer(b"".join(rows)).reshape(len(rows), sum(widths))
        ends = np.cumsum(widths).tolist()
        return {
            name: table[:, end - width : end]
            for name, width, end in zip(OBSERVED, widths, ends, strict=True)
        }


NOTHING = Told()
"""Arms alone."""


@dataclass(frozen=True)
class Timeline:
    """Sums per tick and arm (arrays of shape ticks × 4; see `ARMS`).

    *count*, *loss* and *ideal* are the truth about all requests served in a tick, labelled or
    not; *labels* and *label_loss* are what labels that arrived in it say of answers. *shadow*
    (ticks × 4; see `SHADOW`) is about answers that nobody was shown. The arrays that begin with
    *segment* say the same by segment and arm (ticks × 4 for each segment in turn).

    Signals are what else an artifact's answers are measured by: *signal_count* and *signal_sum*
    are about all requests, *signal_labels* and *signal_label_sum* about those whose label arrived
    (ticks × 4 for each signal in turn). *vital_sum* adds up what is seen of each answer at once,
    *business* is what is reported of the tick as a whole (ticks × figures), *latency* counts how
    long answers took (ticks × buckets), *reviews* what people did who looked at answers (ticks ×
    kinds). What there is, *told* says.
    """

    tick_us: int
    told: Told
    count: Ints
    loss: Floats
    ideal: Floats
    labels: Ints
    label_loss: Floats
    shadow: Floats
    segment_count: Ints
    segment_loss: Floats
    segment_ideal: Floats
    segment_labels: Ints
    segment_label_loss: Floats
    signal_count: Ints
    signal_sum: Floats
    signal_labels: Ints
    signal_label_sum: Floats
    vital_sum: Floats
    business: Floats
    latency: Ints
    reviews: Ints

    @classmethod
    def empty(cls, tick_us: int, ticks: int, told: Told = NOTHING) -> Timeline:
        """Return a timeline of zeros."""
        names = [name for name in cls.__dataclass_fields__ if name not in ("tick_us", "told")]
        arrays: dict[str, Any] = {
            name: np.zeros((ticks, len(told.columns(name))), dtype=_type(name)) for name in names
        }
        return cls(tick_us, told, **arrays)

    def __len__(self) -> int:
        return len(self.count)

    @property
    def segments(self) -> tuple[str, ...]:
        """The groups of users that are told apart."""
        return self.told.segments

    @property
    def signals(self) -> tuple[str, ...]:
        """What else answers are measured by."""
        return self.told.signals

    @property
    def start_us(self) -> Ints:
        """When each tick starts (shape ticks)."""
        return np.arange(len(self)) * self.tick_us

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """All its arrays by name; the first axis of each is ticks."""
        return {k: v for k, v in vars(self).items() if isinstance(v, np.ndarray)}

    def excess(self) -> Floats:
        """Return the loss above the ideal per tick, all arms together (shape ticks)."""
        return np.asarray((self.loss - self.ideal).sum(axis=1))

    def of_signal(self, name: str) -> tuple[Ints, Floats]:
        """Return how many requests a signal was measured of, and its sum (ticks × 4 each)."""
        part = _arms(self.told.signals, name)
        return self.signal_count[:, part], self.signal_sum[:, part]

    def of_vital(self, name: str) -> Floats:
        """Return the sum of what was seen of each answer at once (ticks × 4)."""
        return self.vital_sum[:, _arms(self.told.vitals, name)]

    def of_business(self, name: str) -> Floats:
        """Return one business figure (shape ticks)."""
        return self.business[:, self.told.business.index(name)]

    def of_review(self, name: str) -> Ints:
        """Return how often reviewers did something (shape ticks)."""
        return self.reviews[:, self.told.reviews.index(name)]

    def of_segment(self, name: str) -> Timeline:
        """Return what concerns the users of one segment; shadows are not told apart."""
        part = _arms(self.told.segments, name)
        return replace(
            Timeline.empty(self.tick_us, len(self)),
            count=self.segment_count[:, part],
            loss=self.segment_loss[:, part],
            ideal=self.segment_ideal[:, part],
            labels=self.segment_labels[:, part],
            label_loss=self.segment_label_loss[:, part],
        )


def _type(name: str) -> type:
    return np.int64 if name in _COUNTS else np.float64


def _arms(names: tuple[str, ...], name: str) -> slice:
    place = names.index(name) * len(ARMS)
    return slice(place, place + len(ARMS))
