"""What a bench does: who takes part, on which streams, how often, at which rate of false alarms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reports.bench.roster import SLOW, Entry
from reports.bench.streams import Changing
from sim.errors import whole

if TYPE_CHECKING:
    from reports.bench.calibration import Setting
    from reports.bench.streams import Stream

PIECE = 50  # runs in one piece of work
MATCHED, AS_GIVEN = "matched", "as given"
CURVE = (0.1, 0.3, 1.0, 3.0, 10.0)
"""Targets of the operating curve, as multiples of the one asked for."""
LESS = 5  # runs are so many times fewer for settings as given and for the curve
VALUE_BY_VALUE = 20  # and for detectors that take one value at a time


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A bench: *target* false alarms per *period* values, *runs* of each stream."""

    entries: tuple[Entry, ...]
    streams: tuple[Any, ...]
    period: int = 30_000
    target: float = 1.0
    runs: int = 1_000
    plugins: tuple[str, ...] = ()
    recalibrate: bool = False
    block: int = field(default=0, repr=False)

    def __post_init__(self) -> None:
        whole("--runs", self.runs, 2)

    def targets(self, stream: Stream) -> tuple[float, ...]:
        """Return the rates of false alarms at which detectors run on *stream*."""
        if stream.name in self.curved:
            return tuple(self.target * factor for factor in CURVE)
        return (self.target,)

    @property
    def curved(self) -> tuple[str, ...]:
        """The streams on which operating curves are drawn: one for each kind of values."""
        kinds: dict[str, str] = {}
        for stream in self.streams:
            if isinstance(stream, Changing) and stream.shape == "abrupt":
                kinds.setdefault(stream.kind, stream.name)
        return tuple(kinds.values())

    def runs_of(self, entry: Entry, stream: Stream, way: str) -> int:
        """Return how many runs one gets: fewer where they are dear or matter less."""
        most = self.runs if stream.runs is None else stream.runs
        if stream.runs is not None:
            return most
        if isinstance(stream, Changing) and stream.shape == "stationary":
            most = max(2, most // 3)  # they are three times as long
        if way != MATCHED:
            most = max(2, most // (LESS * (2 if type(entry.detector) in SLOW else 1)))
        return most if entry.fast else max(2, most // VALUE_BY_VALUE)

    def pieces(self) -> Iterator[Piece]:
        """Return the work, a stream and some of its runs each."""
        for stream in self.streams:
            most = max(self.runs_of(entry, stream, MATCHED) for entry in self.entries)
            for start in range(0, most, PIECE):
                yield Piece(stream=stream, start=start, stop=min(start + PIECE, most))


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Runs *start* to *stop* of one stream."""

    stream: Any
    start: int
    stop: int


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way in which a detector runs: its label, how it is set, and on how many runs."""

    label: str
    way: str
    target: float
    detector: Any
    runs: int


def ways(plan: Plan, stream: Stream, settings: dict[str, Setting]) -> list[Way]:
    """Return all ways in which the entries run on *stream*; *settings* by label and target."""
    found = []
    for entry in plan.entries:
        told = entry.on(stream.normal)
        runs = plan.runs_of(entry, stream, AS_GIVEN)
        found.append(Way(label=entry.label, way=AS_GIVEN, target=0.0, detector=told, runs=runs))
        for target in plan.targets(stream):
            setting = settings.get(f"{entry.label} {target:g}")
            if setting is None or not setting.reachable:
                continue
            way = MATCHED if target == plan.target else f"at {target:g}"
            found.append(
                Way(
                    label=entry.label,
                    way=way,
                    target=target,
                    detector=setting.applied(told, entry.knob),
                    runs=plan.runs_of(entry, stream, way),
                )
            )
    return found
