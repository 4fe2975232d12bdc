"""Where pages come from: truth, wire and labels of any page, drawn on demand and shared."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.archive import Archive
from sim.chance import Luck
from sim.faults import (
    ArchiveFault,
    CostChange,
    Fault,
    Feed,
    FeedFault,
    LabelFault,
    Outage,
    Past,
    Scene,
    Surge,
    Told,
)
from sim.losses import Regimes
from sim.timeline import FALLBACK
from sim.traffic import Grid
from sim.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sim.labels import Labels
    from sim.loops import State
    from sim.losses import Loss
    from sim.stream import Stream, Truth

    _States = tuple[State, ...]
    _Key = tuple[int, tuple[int | None, ...], _States, tuple[tuple[int, _States], ...]]

_KEPT_BYTES = 3_000_000
"""Pages kept at first: few, so that new ones come to lie in memory that is still in cache."""
_MOST_KEPT_BYTES = 64_000_000


@dataclass(frozen=True)
class Page:
    """All that is fixed about one page before anybody answers (arrays of shape n).

    *wire* is what is served, *stored* what the team's storage holds: one object unless a fault
    tells them apart. *served_us* is when a request is answered, *due* the moment at which its
    label arrives, *label* what the label will say and *archive* what storage says of it, *ideal*
    the loss of the best answer.
    """

    number: int
    truth: Truth
    wire: Wire
    stored: Wire
    served_us: NDArray[np.int64]
    due: NDArray[np.int64]
    label: NDArray[np.float64]
    archive: Archive
    ideal: NDArray[np.float64]
    slow: NDArray[np.float64] | None = None
    """how many times as long each answer takes; None: as long as usual"""
    lost: NDArray[np.int8] | None = None
    """which arm requests are lost to that got no answer from what the service depends on, or 0"""

    def __len__(self) -> int:
        return len(self.truth)

    @property
    def nbytes(self) -> int:
        """The memory that it holds, about."""
        judged = 0 if self.truth.judgements is None else self.truth.judgements.nbytes
        apart = 0 if self.stored is self.wire else self.stored.nbytes
        return 2 * self.wire.cells.nbytes + judged + 48 * len(self) + apart


class Source:
    """Draws pages of one world; a page depends on luck and on which faults were repaired.

    The most recent pages are kept, older ones drawn again when a training looks back: memory
    is bounded however long the run.
    """

    def __init__(
        self,
        *,
        stream: Stream,
        faults: tuple[Fault, ...],
        labels: Labels,
        loss: Loss,
        seed: int,
        tick_us: int,
        batch_us: int = 0,
        starts_on: str = "Monday",
        world: str = "",
    ) -> None:
        self.world = world
        self.stream, self.faults, self.labels, self.loss = stream, faults, labels, loss
        self.losses = regimes(loss, faults)
        self.batch_us = batch_us
        self.luck = Luck(seed)
        self.grid = Grid.of(
            stream.traffic,
            tick_us=tick_us,
            batch_us=batch_us,
            epoch_us=stream.epoch_us,
            starts_on=starts_on,
        )
        self._feed = [(k, f) for k, f in enumerate(faults) if isinstance(f, FeedFault)]
        self._tellers = [fault for fault in faults if isinstance(fault, LabelFault)]
        self._falsifiers = [(k, f) for k, f in enumerate(faults) if isinstance(f, ArchiveFault)]
        self._hinders = [(k, f) for k, f in enumerate(faults) if isinstance(f, Surge | Outage)]
        self._endless: tuple[int | None, ...] = (None,) * len(faults)
        self._end = any(fault.until_us is not None for fault in faults)
        self._kept: OrderedDict[_Key, Page] = OrderedDict()
        self._kept_bytes = 0
        self._wanted_bytes = 0
        self._memories: dict[Any, dict[Any, Any]] = {}

    def keep(self, page_bytes: int) -> None:
        """Keep as many pages as a snapshot has just read: the next may read them again."""
        self._wanted_bytes = min(max(self._wanted_bytes, page_bytes), _MOST_KEPT_BYTES)

    def page(
        self,
        number: int,
        repaired_us: Mapping[str, int],
        states: Mapping[int, tuple[State, ...]] = MappingProxyType({}),
    ) -> Page:
        """Return page *number* of the world in which faults were repaired at *repaired_us*.

        *states* are those of the stream's loops by epoch; see `Effects`.
        """
        start_us, end_us = self.grid.bounds_us(number)
        ends_us = self._endless
        if repaired_us or self._end:
            ends_us = tuple(self._ends_us(fault, end_us, repaired_us) for fault in self.faults)
        key = (number, ends_us, states.get(self.epoch(number), ()), self._before(number, states))
        page = self._kept.get(key)
        if page is None:
            page = self._kept[key] = self._draw(start_us, key)
            self._kept_bytes += page.nbytes
            while self._kept_bytes > max(_KEPT_BYTES, self._wanted_bytes) and len(self._kept) > 2:
                self._kept_bytes -= self._kept.popitem(last=False)[1].nbytes
        else:
            self._kept.move_to_end(key)
        return page

    def _before(
        self, number: int, states: Mapping[int, _States]
    ) -> tuple[tuple[int, _States], ...]:
        """Return the states in earlier epochs, as far as a fault looks back to them."""
        if not states:
            return ()
        looks = [fault for _, fault in self._feed if fault.looks_back]
        if not looks:
            return ()
        at = self.grid.page_at
        first = min(at(fault.at_us) - fault.looks_back for fault in looks)
        last = min(max(at(fault.at_us + fault.width_us) for fault in looks), number)
        epochs = range(self.epoch(first), self.epoch(last) + 1)
        return tuple((epoch, states[epoch]) for epoch in epochs if epoch in states)

    def epoch(self, number: int) -> int:
        """Return the epoch that page *number* belongs to; 0 if there is no loop."""
        epoch_us = self.stream.epoch_us
        return self.grid.bounds_us(number)[0] // epoch_us if epoch_us else 0

    def assigned(self, page: Page, release: int, share: float) -> NDArray[np.bool_]:
        """Return which records of *page* belong to the *share* of users whom *release* chose.

        A user stays chosen while the share grows.
        """
        return self.luck.uniforms("assign", self.users(page), release) < share

    def users(self, page: Page) -> NDArray[np.int64]:
        """Return which user sends each request of *page*."""
        return self.stream.users(self.luck, page.number, len(page))

    def _ends_us(self, fault: Fault, end_us: int, repaired_us: Mapping[str, int]) -> int | None:
        ends_us = fault.ends_us(repaired_us.get(fault.label))
        return None if ends_us is None or ends_us >= end_us else ends_us

    def _draw(self, start_us: int, key: _Key) -> Page:
        number, _, states, _ = key
        known = self._known(number, states)
        truth = self._fresh(number, states) if known is None else known
        scene = self._scene(truth, key)
        whole = Wire(self.stream.concept.schema, truth.x, lender=truth if known is None else None)
        wire, stored = self._spoilt(whole, scene, start_us, key)
        served_us = self._served_us(truth.times_us)
        told = self._told(scene, truth, served_us)
        page = Page(
            number,
            truth,
            wire.freeze(),
            stored if stored is wire else stored.freeze(),
            served_us,
            told.due,
            told.label,
            self._archive(scene, truth, told, key),
            self.losses.of(truth.best, truth.y, served_us),
            *self._serving(scene, truth, start_us, key),
        )
        for array in (page.served_us, page.due, page.label, page.ideal, page.archive.label):
            array.flags.writeable = False
        return page

    def _told(self, scene: Scene, truth: Truth, served_us: NDArray[np.int64]) -> Told:
        """Return when labels come and what they say; what is known at day 0 came in peace."""
        luck, page, segment = self.luck, truth.page, truth.segment
        segments = self.stream.segments
        due = self.labels.due(luck, page, truth.times_us, served_us, segment, segments)
        told = Told(due, self.labels.seen(luck, page, truth.y, scene.classes))
        for fault in self._tellers if page >= 0 else ():
            hit = scene.hit_later(fault, told.due >> 3)
            if hit is not None:
                told = fault.tell(told, hit.among(fault.concerned(segments, segment)))
        return told

    def _archive(self, scene: Scene, truth: Truth, told: Told, key: _Key) -> Archive:
        """Return what storage will say of the outcomes."""
        archive = Archive(told.label, truth.y)
        if self.labels.corrected:
            wrong = told.label != truth.y
            corrected_us = self.labels.corrections(self.luck, truth.page, told.due, wrong)
            archive = Archive(told.label, truth.y, corrected_us)
        for place, fault in self._falsifiers:
            hit = scene.hit(fault, key[1][place])
            if hit is not None:
                hit = hit.among(fault.concerned(self.stream.segments, truth.segment))
                archive = fault.falsify(archive, hit)
        return archive

    @property
    def in_order(self) -> bool:
        """Whether labels arrive in the order of their records."""
        return self.labels.in_order and all(fault.in_order for fault in self._tellers)

    @property
    def all_come(self) -> bool:
        """Whether every label comes, some day."""
        return self.labels.coverage == 1.0 and all(fault.all_come for fault in self._tellers)

    def _scene(self, truth: Truth, key: _Key) -> Scene:
        """Return what faults may look at on a page."""
        _, ends_us, _, before = key

        def past(fault: Fault, number: int) -> Past:
            states = dict(before).get(self.epoch(number), ())
            earlier = (number, ends_us, states, before)
            truth = self._truth(number, states)
            scene, start_us = self._scene(truth, earlier), self.grid.bounds_us(number)[0]
            whole = Wire(self.stream.concept.schema, truth.x)
            feed = self._spoilt(whole, scene, start_us, earlier, self.faults.index(fault))
            return Past(truth.times_us, scene.sources, feed.served)

        def memory(fault: Fault) -> dict[Any, Any]:
            place = self.faults.index(fault)
            return self._memories.setdefault((place, ends_us[:place], before), {})

        return Scene(
            truth.page,
            self.luck,
            truth,
            self.stream.traffic.sources,
            self.stream.concept.classes,
            past,
            self.grid.page_at,
            memory,
        )

    def _spoilt(
        self, wire: Wire, scene: Scene, start_us: int, key: _Key, before: int | None = None
    ) -> Feed:
        """Let faults spoil a *wire* that is all right, the first nearest the truth.

        Only those declared *before* a certain one; None: all.
        """
        feed = Feed(wire, wire)
        for place, fault in self._feed:
            if place == before:
                break
            end_us = key[1][place]
            over = end_us is not None and end_us <= start_us
            hit = None if over else scene.hit(fault, end_us)
            if hit is not None and fault.segment:
                hit = hit.among(fault.concerned(self.stream.segments, scene.truth.segment))
            if hit is not None:
                feed = fault.spoil(feed, hit)
        return feed

    def _serving(
        self, scene: Scene, truth: Truth, start_us: int, key: _Key
    ) -> tuple[NDArray[np.float64] | None, NDArray[np.int8] | None]:
        """Return how many times as long answers take, and which arm requests are lost to."""
        slow: NDArray[np.float64] | None = None
        lost: NDArray[np.int8] | None = None
        for place, fault in self._hinders:
            end_us = key[1][place]
            over = end_us is not None and end_us <= start_us
            hit = None if over else scene.hit(fault, end_us)
            if hit is None:
                continue
            rows = hit.among(fault.concerned(self.stream.segments, truth.segment)).rows
            if isinstance(fault, Surge):
                slow = np.ones(len(truth)) if slow is None else slow
                slow[rows] *= fault.times
            elif isinstance(fault, Outage):
                lost = np.zeros(len(truth), dtype=np.int8) if lost is None else lost
                lost[rows] = np.maximum(lost[rows], FALLBACK + (fault.answers == "error"))
        return slow, lost

    def _truth(self, number: int, states: tuple[State, ...]) -> Truth:
        """Return the truth of a page."""
        known = self._known(number, states)
        return self._fresh(number, states) if known is None else known

    def _known(self, number: int, states: tuple[State, ...]) -> Truth | None:
        """Return the truth of the same page under another repair state, if it is kept."""
        for (kept, _, known, _), page in reversed(self._kept.items()):
            if kept == number and known == states:
                return page.truth
        return None

    def _fresh(self, number: int, states: tuple[State, ...]) -> Truth:
        """Draw the truth of a page."""
        start_us, end_us = self.grid.bounds_us(number)
        ends_us = np.array([start_us, end_us - 1])
        drawn = {
            cut: self.stream.truth(self.luck, self.grid, number, cut, states)
            for cut in dict.fromkeys(loss.cut for _, loss in self.losses.spans(ends_us))
        }
        truth = next(iter(drawn.values()))
        if len(drawn) == 1:
            return truth
        best = np.empty(len(truth))  # what a mistake costs changes during this page
        for rows, loss in self.losses.spans(self._served_us(truth.times_us)):
            best[rows] = drawn[loss.cut].best[rows]
        return truth.answered(best)

    def _served_us(self, times_us: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return when requests that came at *times_us* are answered."""
        if not self.batch_us:
            return times_us
        return np.asarray((times_us // self.batch_us + 1) * self.batch_us)


def regimes(loss: Loss, faults: tuple[Fault, ...]) -> Regimes:
    """Return which loss is in force when, under *faults* that change it."""
    moments = sorted(
        (fault for fault in faults if isinstance(fault, CostChange)), key=lambda f: f.at_us
    )
    changes: list[tuple[int, Loss]] = []
    for place, change in enumerate(moments):
        changes.append((change.at_us, change.to))
        following = moments[place + 1].at_us if place + 1 < len(moments) else None
        if change.until_us is not None and (following is None or change.until_us < following):
            changes.append((change.until_us, loss))
    return Regimes(loss, changes)
