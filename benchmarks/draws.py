"""What it costs to draw a page of each concept: against numpy alone, and against River."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

import sim.concepts
from benchmarks.engine import Row
from benchmarks.side_by_side import least
from sim.chance import Luck
from sim.concepts import Moment
from sim.traffic import PAGE_RECORDS

if TYPE_CHECKING:
    from collections.abc import Callable

PAGES = 10
NOISE = 0.05
_TIMES_US = np.arange(PAGE_RECORDS, dtype=np.int64)
RIVER = {
    "Agrawal": "Agrawal",
    "Friedman": "Friedman",
    "Hyperplane": "Hyperplane",
    "SEA": "SEA",
    "Sine": "Sine",
    "Stagger": "STAGGER",
}
"""Which of River's generators draws what ours draws."""


class _Recorder:
    """Stands in for a generator and writes down what is asked of it."""

    def __init__(self, generator: np.random.Generator, calls: list[Any]) -> None:
        self._generator, self._calls = generator, calls

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def asked(*given: Any, **named: Any) -> Any:
            self._calls.append((method, given, named))
            return getattr(self._generator, method)(*given, **named)

        return asked


class _Recording(Luck):
    """Luck that writes down which arrays were drawn, name by name."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.drawn: list[tuple[str, list[Any]]] = []

    def page(self, name: str, *identity: int | str) -> Any:
        calls: list[Any] = []
        self.drawn.append((name, calls))
        return _Recorder(super().page(name, *identity), calls)


def concepts() -> list[Any]:
    """Return one of each concept that there is, as it is by default."""
    found = []
    for name in sim.concepts.__all__:
        kind = getattr(sim.concepts, name)
        no_concept = kind in (sim.concepts.Concept, sim.concepts.River)  # a protocol; River's own
        if isinstance(kind, type) and hasattr(kind, "draw") and not no_concept:
            found.append(kind())
    return found


def noisy(concept: Any) -> Any:
    """Return the concept with a little noise, if it can have any, so that nothing is left out."""
    has = any(field.name == "noise" for field in fields(concept))
    return replace(concept, noise=NOISE) if has and not concept.noise else concept


def draw(concept: Any, luck: Luck, page: int) -> object:
    """Draw one page of a concept at rest."""
    return concept.draw(luck, Moment(page, _TIMES_US, [(concept, 1.0)], (), (), 0.0, 0.5))


def bare(concept: Any) -> Callable[[Luck, int], None]:
    """Return what draws the same arrays from the same generators, and does nothing with them."""
    recording = _Recording(1)
    draw(concept, recording, 0)
    plan = recording.drawn

    def run(luck: Luck, page: int) -> None:
        for name, calls in plan:
            generator = luck.page(name, page)
            for method, given, named in calls:
                getattr(generator, method)(*given, **named)

    return run


def rows() -> list[Row]:
    """Compare every concept with the bare draw of its arrays, then with River's of that name."""
    found = [_against_numpy(noisy(concept)) for concept in concepts()]
    return [*found, *(_against_river(c) for c in concepts() if type(c).__name__ in RIVER)]


def _against_numpy(concept: Any) -> Row:
    alone, luck = bare(concept), Luck(1)

    def ours() -> None:
        for page in range(PAGES):
            draw(concept, luck, page)

    def numpy() -> None:
        for page in range(PAGES):
            alone(luck, page)

    taken, alone_s = least(ours, numpy)
    ratio = taken / alone_s
    each = 1e9 / PAGES / PAGE_RECORDS
    return Row(
        f"drawing {type(concept).__name__}: numpy's bare draw of the same arrays, by page",
        f"{ratio:.2f} × its time",
        "≤ 1.5",
        ratio <= 1.5,
        f"{taken * each:.0f} ns a record against {alone_s * each:.0f} ns",
    )


def _against_river(concept: Any) -> Row:
    from river.datasets import synth

    name, luck = RIVER[type(concept).__name__], Luck(1)
    theirs = getattr(synth, name)(seed=1)

    def ours() -> None:
        for page in range(PAGES):
            draw(concept, luck, page)

    def river() -> None:
        for _ in theirs.take(PAGE_RECORDS // 2):
            pass

    taken, long = least(ours, river, rounds=12)
    ours_ns, theirs_ns = taken * 1e9 / PAGES / PAGE_RECORDS, long * 2e9 / PAGE_RECORDS
    ratio = theirs_ns / ours_ns
    return Row(
        f"drawing {type(concept).__name__}: River's synth.{name}, record by record",
        f"{ratio:.0f} × faster",
        "≥ 50",
        ratio >= 50,
        f"{ours_ns:.0f} ns a record against {theirs_ns:.0f} ns",
    )
