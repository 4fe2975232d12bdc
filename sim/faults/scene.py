"""What a fault may look at when it strikes one page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

import numpy as np

from sim.chance import Luck

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.faults.fault import Fault
    from sim.wire import Wire


Value = TypeVar("Value", bound=np.generic)


class Outcomes(Protocol):
    """A page of truth, as far as faults need it."""

    @property
    def times_us(self) -> NDArray[np.int64]:
        """When each record comes."""

    @property
    def x(self) -> NDArray[np.float64]:
        """The features (n, d)."""

    @property
    def y(self) -> NDArray[np.float64]:
        """The outcomes."""

    @property
    def segment(self) -> NDArray[np.int8] | None:
        """The segment of each user, None if there are no segments."""


class Past(NamedTuple):
    """A page of the feed as it was before a fault: its records' times, sources and cells."""

    times_us: NDArray[np.int64]
    sources: NDArray[np.int64]
    wire: Wire


@dataclass(frozen=True)
class Scene:
    """One page on which faults strike: its *number*, the *luck* and *truth* of it.

    *feeds* is how many sources there are, *classes* how many outcomes (0: a number). *past*
    gives an earlier page as the faults declared before a given one left it, *page_at* the page
    that holds a time, *memory* is for what a fault found out about earlier pages.
    """

    number: int
    luck: Luck
    truth: Outcomes
    feeds: int
    classes: int
    past: Callable[[Fault, int], Past]
    page_at: Callable[[int], int]
    memory: Callable[[Fault], dict[Any, Any]]

    def __len__(self) -> int:
        return len(self.truth.times_us)

    @cached_property
    def sources(self) -> NDArray[np.int64]:
        """The source of each record: its own luck (shape n)."""
        return self.luck.below(self.feeds, "source", len(self), self.number)

    def of_sources(self, values: NDArray[Value]) -> NDArray[Value]:
        """Return for each record what its source has among *values* (one each)."""
        if "sources" in self.__dict__:
            return values.take(self.sources)
        return self.luck.dealt(values, "source", len(self), self.number)

    def order(self, fault: Fault) -> NDArray[np.float64]:
        """Return where in (0, 1) each source stands in the order in which they change over."""
        return _order(self.luck.seed, fault.label, self.feeds)

    def hit(self, fault: Fault, ends_us: int | None) -> Hit | None:
        """Return which records *fault* hits, or None if none; sources change over one by one."""
        return self._rows(fault, fault.ramp(self.truth.times_us, ends_us))

    def hit_later(self, fault: Fault, times_us: NDArray[np.int64]) -> Hit | None:
        """Return which records *fault* hits by what happens to them at *times_us* (shape n)."""
        order = np.argsort(times_us, kind="stable")
        gone = fault.ramp(times_us[order])
        if not isinstance(gone, float):
            sorted_, gone = gone, np.empty(len(order))
            gone[order] = sorted_
        return self._rows(fault, gone)

    def _rows(self, fault: Fault, gone: NDArray[np.float64] | float) -> Hit | None:
        if isinstance(gone, float):
            if gone == 0.0 or not len(self):
                return None
            if fault.share * gone == 1.0:
                return Hit(everywhere(len(self)), self, fault, all=True)
            rows, some = self.luck.below_line(
                self.order(fault), fault.share * gone, "source", len(self), self.number
            )
        else:
            rows = self.order(fault).take(self.sources) < fault.share * gone
            some = bool(rows.any())
        return Hit(rows, self, fault) if some else None


class Hit(NamedTuple):
    """Which *rows* (shape n) of a *scene* are hit by *fault*; they may be known to be *all*."""

    rows: NDArray[np.bool_]
    scene: Scene
    fault: Fault
    all: bool = False

    def among(self, concerned: NDArray[np.bool_] | None) -> Hit:
        """Return the same hit for the records *concerned* alone, None for all."""
        if concerned is None:
            return self
        return Hit(self.rows & concerned, self.scene, self.fault)


@lru_cache(maxsize=256)
def _order(seed: int, label: str, feeds: int) -> NDArray[np.float64]:
    order = (Luck(seed).page(f"order of {label}").permutation(feeds) + 0.5) / feeds
    order.flags.writeable = False
    return np.asarray(order)


def everywhere(count: int) -> NDArray[np.bool_]:
    """Return the mask of all of *count* rows, read-only."""
    return _ones(count.bit_length())[:count]


@lru_cache(maxsize=64)
def _ones(bits: int) -> NDArray[np.bool_]:
    rows = np.ones(1 << bits, dtype=bool)
    rows.flags.writeable = False
    return rows
