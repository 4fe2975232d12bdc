"""What it costs to draw a page of each concept: against numpy alone, and against River."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import count, islice
from typing import TYPE_CHECKING, Any

import numpy as np

import sim.concepts
import sim.faults
from benchmarks.engine import Row
from benchmarks.side_by_side import least
from sim.chance import Luck
from sim.clock import HOUR_US
from sim.concepts import Agrawal, Linear, Lookalike, Moment
from sim.concepts.lookalike import Feature
from sim.errors import Mistake
from sim.faults.feed import FeedFault
from sim.labels import Labels
from sim.losses import ZeroOne
from sim.run import steady_heap
from sim.source import Source
from sim.stream import Stream
from sim.traffic import PAGE_RECORDS, Traffic

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.faults.scene import Hit
    from sim.wire import Wire

PAGES = 10
A_FEW = 3
"""Pages between two looks at the clock where a few parts of a hundred are to be told apart."""
NOISE = 0.05
MORE: dict[str, dict[str, Any]] = {"TimeZoneShift": {"low": -3.0, "high": 3.0}}
"""What a fault needs besides its columns."""
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


_QUANTILES = tuple(k * k / 100 for k in range(21))
"""As many as a twin of a team's own data gets."""
_LOOKALIKE = Lookalike(
    features=(
        *(Feature(name=f"x{k}", effects=(0.5,), quantiles=_QUANTILES) for k in range(4)),
        Feature(name="kind", effects=(0.0, 1.0), shares=(0.6, 0.4)),
    )
)
"""There is none by default: four columns of numbers and one of categories."""


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
        self.begun: list[str] = []
        """what compiled loops draw by themselves"""

    def page(self, name: str, *identity: int | str) -> Any:
        calls: list[Any] = []
        self.drawn.append((name, calls))
        return _Recorder(super().page(name, *identity), calls)

    def words(self, name: str, *identity: int | str) -> Any:
        self.begun.append(name)
        return super().words(name, *identity)

    def random(self, name: str, shape: int | tuple[int, int], *identity: int | str) -> Any:
        self.drawn.append((name, [("random", (shape,), {})]))
        return super().random(name, shape, *identity)


def concepts() -> list[Any]:
    """Return one of each concept that there is, as it is by default."""
    found = []
    for name in sim.concepts.__all__:
        kind = getattr(sim.concepts, name)
        no_concept = kind in (sim.concepts.Concept, sim.concepts.River)  # a protocol; River's own
        if isinstance(kind, type) and hasattr(kind, "draw") and not no_concept:
            found.append(_LOOKALIKE if kind is Lookalike else kind())
    return found


def noisy(concept: Any) -> Any:
    """Return the concept with a little noise, if it can have any, so that nothing is left out."""
    has = any(field.name == "noise" for field in fields(concept))
    return replace(concept, noise=NOISE) if has and not concept.noise else concept


def draw(concept: Any, luck: Luck, page: int) -> Any:
    """Draw one page of a concept at rest."""
    return concept.draw(luck, Moment(page, _TIMES_US, [(concept, 1.0)], (), (), 0.0, 0.5))


def bare(concept: Any) -> Callable[[Luck, int], None]:
    """Return what draws the same arrays from the same generators, and does nothing with them."""
    recording = _Recording(1)
    x = draw(concept, recording, 0).x
    known = {"features": x.shape, "flips": (2, len(x))}
    shapes = {name: known.get(name, len(x)) for name in recording.begun}
    loops: list[tuple[str, list[Any]]] = [
        (name, [("random", (shape,), {})]) for name, shape in shapes.items()
    ]
    plan = [*recording.drawn, *loops]

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


class _Nothing(sim.faults.Drop):
    """Finds its records and keeps their column as it was: what any fault that writes must do."""

    def strike(self, wire: Wire, hit: Hit, column: int) -> Wire:
        """Change nothing."""
        return wire


def fault_rows() -> list[Row]:
    """Compare drawing pages that a fault strikes with drawing them whole, fault by fault.

    First what a fault costs that changes nothing: no other can cost less.
    """
    steady_heap()  # as in a run
    found = []
    for concept, column in ((Linear(), "x0"), (Agrawal(noise=NOISE), "zipcode")):
        found.append(_against_no_fault(concept, _Nothing(at="0", columns=(column,))))
    for name in sorted(sim.faults.__all__):
        kind = getattr(sim.faults, name)
        if isinstance(kind, type) and issubclass(kind, FeedFault) and kind is not FeedFault:
            found.append(_against_no_fault(*_fault(kind)))
    part = sim.faults.Drop(at="0", columns=("x0",), share=0.3)
    return [*found, _against_no_fault(Linear(), part)]


def _fault(kind: type[FeedFault]) -> tuple[Any, FeedFault]:
    """Return a concept, and a fault of that kind on columns that it can concern."""
    line: Any = Linear()
    people: Any = Agrawal(noise=NOISE)
    names = ("x0",), ("x0", "x1"), ("a new one",), ()
    tries = (*((line, columns) for columns in names), (people, ("zipcode",)))
    for concept, columns in tries:
        try:
            fault = kind(at="0", columns=columns, **MORE.get(kind.__name__, {}))
            fault.check(concept.schema)
        except Mistake:
            continue
        return concept, fault
    raise AssertionError(f"no concept here can have a {kind.__name__}")


def _against_no_fault(concept: Any, fault: FeedFault) -> Row:
    stream = Stream(concept=concept, traffic=Traffic(arrivals="even"))

    def pages(*faults: FeedFault) -> Callable[[], None]:
        source = Source(
            stream=stream, faults=faults, labels=Labels(), loss=ZeroOne(), seed=1, tick_us=HOUR_US
        )
        numbers = count()

        def run() -> None:
            for number in islice(numbers, A_FEW):
                source.page(number, {})

        return run

    # where arrays come to lie in memory is worth some parts in a hundred, by chance
    taken = [least(pages(fault), pages(), rounds=60) for _ in range(6)]
    struck, whole = (min(seconds) for seconds in zip(*taken, strict=True))
    share = struck / whole - 1
    each = 1e9 / A_FEW / PAGE_RECORDS
    return Row(
        f"a page of {type(concept).__name__} with {_name(fault)}: the page without",
        f"{share:+.0%}",
        "≤ +10 %",
        share <= 0.1,
        f"{struck * each:.0f} ns a record against {whole * each:.0f} ns",
    )


def _name(fault: FeedFault) -> str:
    if type(fault) is _Nothing:
        return "a fault that changes nothing"
    where = "" if fault.share == 1 else f" in {fault.share:.0%} of the sources"
    return f"{type(fault).__name__}{where}"


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
