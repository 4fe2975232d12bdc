"""What a fault may look at when it strikes one page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.chance import Luck
    from sim.faults.fault import Fault
    from sim.wire import Wire


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

    def order(self, fault: Fault) -> NDArray[np.float64]:
        """Return where in (0, 1) each source stands in the order in which they change over."""
        known = self.memory(fault)
        if "order" not in known:
            places = self.luck.page(f"order of {fault.label}").permutation(self.feeds)
            known["order"] = (places + 0.5) / self.feeds
        order: NDArray[np.float64] = known["order"]
        return order

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
            rows = (self.order(fault) < fault.share * gone).take(self.sources)
        else:
            rows = self.order(fault).take(self.sources) < fault.share * gone
        return Hit(rows, self, fault) if rows.any() else None


@dataclass(frozen=True)
class Hit:
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


def everywhere(count: int) -> NDArray[np.bool_]:
    """Return the mask of all of *count* rows, read-only."""
    return _ones(count.bit_length())[:count]


@lru_cache(maxsize=64)
def _ones(bits: int) -> NDArray[np.bool_]:
    rows = np.ones(1 << bits, dtype=bool)
    rows.flags.writeable = False
    return rows
