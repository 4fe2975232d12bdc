"""What the team's storage holds, and snapshots of it: which records a training learns from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.actions import Balanced, Everything, Last, SinceAlarm, Weighted, Window
from sim.actions import window as read
from sim.artifacts import Examples
from sim.clock import text, us
from sim.concepts import Judgements, Moving
from sim.digest import digest, encoded

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.faults import BuildFault
    from sim.loops import Effects
    from sim.scenario import Scenario
    from sim.source import Page, Source

    Arrived = Callable[[int, Page], NDArray[np.bool_]]


@dataclass(frozen=True)
class Snapshot:
    """Which records a training uses: fixed at the moment it was taken."""

    taken_us: int
    window: str
    examples: Examples
    from_us: int
    to_us: int
    digest: str
    random_state: int
    """for the fit: by the records alone, so that the calm world fits alike until they differ"""
    times_us: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """when its records were served, as far as the team knows (shape n)"""
    shape: dict[str, str] = field(default_factory=dict)
    """how its records were weighted, if they were"""

    def __len__(self) -> int:
        return len(self.examples.y)

    def without(self, unused: frozenset[str]) -> Snapshot:
        """Return the same records with the columns *unused* empty."""
        x = self.examples.x.copy()
        x[:, [place for place, name in enumerate(self.examples.names) if name in unused]] = np.nan
        identity = digest([self.digest, sorted(unused)])
        return replace(self, examples=replace(self.examples, x=x), digest=identity)

    def described(self) -> dict[str, Any]:
        """Return what the lineage says of it."""
        return {
            "records": len(self),
            "window": self.window,
            "from": text(self.from_us),
            "to": text(self.to_us),
            "labels": "as known when the snapshot was taken",
            "point in time": f"labels that had arrived by {text(self.taken_us)}",
            "features": list(self.examples.names),
            "sources": "the feed as observed, faults included",
            "versions": f"columns {_columns(self.examples.names)}",
            "rows": self.digest,
            **self.shape,
        }


class Storage:
    """Takes snapshots of what was observed in one run."""

    def __init__(self, scenario: Scenario, source: Source) -> None:
        self._source = source
        self._world = scenario.world_digest
        self._start_us = -us(scenario.launch.window)
        self._segments = scenario.stream.segments is not None

    def snapshot(
        self,
        window: Window,
        now_us: int,
        arrived: Arrived,
        effects: Effects,
        acting: tuple[BuildFault, ...] = (),
        unused: frozenset[str] = frozenset(),
    ) -> Snapshot:
        """Collect the labelled records of *window* as they were observed, oldest first.

        Faults that are *acting* may keep some from it; columns that are *unused* stay empty.
        """
        limit, from_us = self._reach(window, now_us)
        source = self._source
        parts: list[tuple[Page, NDArray[np.intp]]] = []
        wanted, read_bytes = limit, 0
        number = source.grid.page_at(now_us)
        last = source.grid.page_at(max(from_us, self._start_us))
        while number >= last and wanted > 0:
            page = source.page(number, *effects)
            read_bytes += page.nbytes
            source.keep(read_bytes)
            mask = arrived(number, page)
            if number == last:
                mask &= page.truth.times_us >= from_us
            for fault in acting:
                kept = fault.keeps(page.stored)
                mask &= True if kept is None else kept
            rows = page.stored.rows(mask, now_us)[-wanted:]
            if len(rows):
                parts.append((page, rows))
                wanted -= len(rows)
            number -= 1
        parts.reverse()
        snapshot = self._collect(parts, window, now_us, effects)
        wishes = _unwrapped(window)[1:]
        if wishes and len(snapshot):
            snapshot = self._shaped(snapshot, wishes)
        return snapshot.without(unused) if unused else snapshot

    def _shaped(self, snapshot: Snapshot, wishes: list[Window]) -> Snapshot:
        """Weigh the records of a snapshot, the innermost wish first."""
        examples, times_us = snapshot.examples, snapshot.times_us
        weight = np.ones(len(times_us))
        for wish in wishes:
            if isinstance(wish, Weighted):
                weight *= 0.5 ** ((times_us.max() - times_us) / us(wish.half_life))
            elif isinstance(wish, Balanced):
                groups = examples.segment if wish.by == "segment" else examples.y
                if groups is not None and (wish.by == "segment" or examples.classes):
                    _, which = np.unique(groups, return_inverse=True)
                    weight /= np.bincount(which, weights=weight)[which]
        examples = replace(examples, weight=weight / weight.mean())
        identity = digest([snapshot.digest, snapshot.window])
        shape = {"weights": snapshot.window}
        return replace(snapshot, examples=examples, digest=identity, shape=shape)

    def _reach(self, window: Window, now_us: int) -> tuple[int, int]:
        """Return how many records at most, and from when on."""
        window = _unwrapped(window)[0]
        if isinstance(window, Last):
            if window.records:
                return window.records, self._start_us
            return 2**62, max(self._start_us, now_us - us(window.span))
        if isinstance(window, SinceAlarm):
            return 2**62, window.at_us
        assert isinstance(window, Everything)
        return 2**62, self._start_us

    def _collect(
        self,
        parts: list[tuple[Page, NDArray[np.intp]]],
        window: Window,
        now_us: int,
        effects: Effects,
    ) -> Snapshot:
        concept = self._source.stream.concept
        names = concept.schema.names
        place = 0.0
        if isinstance(concept, Moving):
            place = self._place(concept, now_us)
        picks = [(page, _run(page, rows)) for page, rows in parts]
        cells = [p.stored.take(rows) for p, rows in picks]
        x = np.concatenate(cells or [np.zeros((0, len(names)))])
        y = np.concatenate([p.archive.known(now_us)[rows] for p, rows in picks] or [np.zeros(0)])
        times = [p.truth.times_us[rows] for p, rows in picks]
        corrected = [(p.archive.changed(now_us), rows) for p, rows in parts]
        chosen = encoded([(p.number, rows) for p, rows in parts])
        identity = digest(
            [
                self._world,
                self._source.luck.seed,
                sorted(effects.repaired_us.items()),
                sorted(effects.states.items()),
                place,
                chosen,
                *(changed[rows] for changed, rows in corrected if changed is not None),
            ]
        )
        from_us, to_us = (int(times[0][0]), int(times[-1][-1])) if times else (now_us, now_us)
        judged = [p.truth.judgements.take(rows) for p, rows in picks if p.truth.judgements]
        examples = Examples(names, x, y, concept.classes, now_us, place)
        if judged:
            examples = replace(examples, judgements=Judgements.join(judged))
        if self._segments:
            drawn = [p.truth.segment[rows] for p, rows in picks if p.truth.segment is not None]
            segment = np.concatenate(drawn or [np.zeros(0, dtype=np.int8)])
            examples = replace(examples, segment=segment)
        if any(page.stored.stamp_us is not None for page, _ in picks):
            order, stamps = _as_stamped(picks)
            examples = part(examples, order)
            times = [stamps]
        random_state = int(digest([self._source.luck.seed, chosen])[:7], 16)
        return Snapshot(
            now_us,
            str(window),
            examples,
            from_us,
            to_us,
            identity,
            random_state,
            times_us=np.concatenate(times or [np.zeros(0, dtype=np.int64)]),
        )

    def _place(self, concept: Moving, now_us: int) -> float:
        """Return where a world without features is, by the rules that hold now."""
        now = self._source.stream.moment(self._source.luck, 0, np.array([now_us]), 0.5)
        return float(concept.where(now)[0])


@lru_cache(maxsize=64)
def _columns(names: tuple[str, ...]) -> str:
    return digest(list(names))


def _run(page: Page, rows: NDArray[np.intp]) -> NDArray[np.intp] | slice:
    """Return *rows* as a slice if they follow each other: that is no copy."""
    first, last = int(rows[0]), int(rows[-1]) + 1
    once = page.stored.copies is None
    return slice(first, last) if once and last - first == len(rows) else rows


def _as_stamped(
    picks: list[tuple[Page, NDArray[np.intp] | slice]],
) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Return the order in which storage has the records, and the times that they bear there."""
    stamps = np.concatenate(
        [
            (page.truth.times_us if page.stored.stamp_us is None else page.stored.stamp_us)[rows]
            for page, rows in picks
        ]
    )
    order = np.argsort(stamps, kind="stable")
    return order, stamps[order]


def part(examples: Examples, rows: slice | NDArray[np.intp]) -> Examples:
    """Return some of the examples."""
    judged = examples.judgements and examples.judgements.take(rows)
    segment = None if examples.segment is None else examples.segment[rows]
    x, y = examples.x[rows], examples.y[rows]
    weight = None if examples.weight is None else examples.weight[rows]
    known = examples.names, x, y, examples.classes, examples.built_us, examples.place
    return Examples(*known, examples.luck, segment, weight, judged)


def _unwrapped(window: Window) -> list[Window]:
    """Return which records are meant, then the wishes about them, the innermost first."""
    wishes = [window]
    while isinstance(wishes[-1], Weighted | Balanced):
        wishes.append(read(wishes[-1].of))
    return wishes[::-1]
