"""What a fault may look at when it strikes one page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
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
        return self.luck.page("source", self.number).integers(0, self.feeds, len(self))

    def order(self, fault: Fault) -> NDArray[np.float64]:
        """Return where in (0, 1) each source stands in the order in which they change over."""
        places = self.luck.page(f"order of {fault.label}").permutation(self.feeds)
        return np.asarray((places + 0.5) / self.feeds)

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
        if isinstance(gone, float) and gone == 0.0:
            return None
        if isinstance(gone, float) and fault.share == 1.0:
            return Hit(np.ones(len(self), dtype=bool), self, fault) if len(self) else None
        rows: NDArray[np.bool_] = self.order(fault)[self.sources] < fault.share * gone
        return Hit(rows, self, fault) if rows.any() else None


@dataclass(frozen=True)
class Hit:
    """Which *rows* (shape n) of a *scene* are hit by *fault*."""

    rows: NDArray[np.bool_]
    scene: Scene
    fault: Fault

    @cached_property
    def all(self) -> bool:
        """Whether these are all rows."""
        return bool(self.rows.all())

    @property
    def where(self) -> NDArray[np.bool_] | slice:
        """The rows, as a slice if they are all of them: that is faster."""
        return slice(None) if self.all else self.rows

    def among(self, concerned: NDArray[np.bool_] | None) -> Hit:
        """Return the same hit for the records *concerned* alone, None for all."""
        if concerned is None:
            return self
        return Hit(self.rows & concerned, self.scene, self.fault)
