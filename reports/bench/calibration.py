"""Settings at which detectors raise equally many false alarms: found by simulation, and shipped.

False alarms are counted on *n* values without change, with a reset after each: a count, so nothing
is censored. The grid is searched from the quiet end for the first crossing of the target, which
is then bisected; all settings are judged on the same values. Where neighbours jump over the target
they are mixed, cycle by cycle; what the knob cannot reach is not reachable, never the nearest.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib import resources
from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from reports.bench.hearing import Mixed, alarms, seeded
from reports.bench.optimum import Optimum
from reports.bench.roster import DUMMY, SLOW, Entry, Knob, turned
from sim.digest import digest
from strategies.detectors import AtRandom, Periodic

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from numpy.typing import NDArray

    from reports.bench.streams import Stream

    Floats = NDArray[np.float64]

RUNS, SLOW_RUNS, VALUE_BY_VALUE_RUNS = 400, 60, 30
GRID, HALVINGS, MIXINGS, CLOSE = 9, 16, 8, 0.25
MOST = 60  # alarms in one run beyond which it is only known to be loud
RECIPE = {
    "protocol": 1,
    "what": "false alarms on n values without change, with a reset after each; luck 'bench "
    "calibration'; first crossing from the quiet end of the grid, then bisection",
    "runs": RUNS,
    "runs of slow detectors": SLOW_RUNS,
    "grid": GRID,
    "halvings": HALVINGS,
    "mixings": MIXINGS,
    "close": CLOSE,
    "runs value by value": VALUE_BY_VALUE_RUNS,
}
SHIPPED = "calibration.json"


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A detector's knob turned so that it raises *target* false alarms in *n* values.

    *first* and *second* are taken in turn, *first* with the chance *share*; *found* is the mean
    count in calibration and *error* its standard error. *why* says why it could not be reached.
    """

    detector: str
    family: str
    n: int
    target: float
    runs: int
    first: float = 0.0
    second: float = 0.0
    share: float = 1.0
    found: float = 0.0
    error: float = 0.0
    why: str = ""

    @property
    def reachable(self) -> bool:
        """Whether it could be set so."""
        return not self.why

    @property
    def key(self) -> str:
        """What it is looked up by."""
        return key_of(self.detector, self.family, self.n, self.target)

    def applied(self, detector: Any, knob: Knob | None) -> Any:
        """Return *detector*, told what it may know, with its knob so turned."""
        if isinstance(detector, Periodic):
            return Periodic(every=int(self.first))
        if knob is None:
            return detector
        first = turned(detector, knob.field, self.first)
        if self.share >= 1:
            return first
        return Mixed(
            first=first, second=turned(detector, knob.field, self.second), share=self.share
        )


def key_of(detector: str, family: str, n: int, target: float) -> str:
    """Return what a setting is looked up by."""
    return f"{detector} | {family} | {target:g} in {n}"


def name_of(entry: Entry, stream: Stream) -> str:
    """Return by what a calibrated detector is known: its label in Python, told what it may know."""
    return " ".join(repr(entry.on(stream.normal)).split())


def calibrate(
    entry: Entry,
    stream: Stream,
    n: int,
    targets: tuple[float, ...],
    *,
    told: Callable[[float], None] | None = None,
) -> list[Setting]:
    """Return a setting for each of the *targets*."""
    known = {"detector": name_of(entry, stream), "family": stream.family, "n": n}
    if entry.told == DUMMY or entry.knob is None:
        return [_given(entry, known, target) for target in targets]
    search = Search(entry, stream, n)
    found = []
    for number, target in enumerate(targets):
        found.append(search.setting(known, target))
        if told is not None:
            told((number + 1) / len(targets))
    return found


def _given(entry: Entry, known: dict[str, Any], target: float) -> Setting:
    """Return the setting of a dummy, which needs no simulation, or of what has no knob."""
    exact = {**known, "target": target, "runs": 0, "found": target}
    if isinstance(entry.detector, Periodic):
        return Setting(**exact, first=max(1.0, int(known["n"] / target)))
    if isinstance(entry.detector, AtRandom):
        return Setting(**exact, first=target / known["n"])
    return Setting(**{**exact, "found": 0.0}, why="nothing makes it louder or quieter")


@lru_cache(maxsize=2)
def _calm(stream: Hashable, n: int, runs: int) -> list[Floats]:
    made: Any = stream
    return [made.calm(run, n) for run in range(runs)]


class Search:
    """The search for one detector's settings; what was counted is remembered."""

    def __init__(self, entry: Entry, stream: Stream, n: int) -> None:
        knob = entry.knob
        assert knob is not None
        self._entry, self._knob, self._n = entry, knob, n
        self._detector = entry.on(stream.normal)
        self.runs = runs_of(entry)
        self._values = _calm(stream, n, RUNS)[: self.runs]
        self._counted: dict[float, tuple[float, float]] = {}

    def count(self, detector: Any) -> tuple[float, float]:
        """Return the mean number of alarms and its standard error."""
        counts = [
            len(alarms(seeded(detector, run), values, most=MOST))
            for run, values in enumerate(self._values)
        ]
        return float(np.mean(counts)), float(np.std(counts, ddof=1) / sqrt(len(counts)))

    def at(self, place: float) -> tuple[float, float]:
        """Return the same for a place of the knob."""
        if place not in self._counted:
            value = self._knob.at(place)
            self._counted[place] = self.count(turned(self._detector, self._knob.field, value))
        return self._counted[place]

    def setting(self, known: dict[str, Any], target: float) -> Setting:
        """Return the setting for *target*."""
        known = {**known, "target": target, "runs": self.runs}
        grid = [float(place) for place in np.linspace(0, 1, GRID)]
        if self.at(grid[0])[0] > target:
            return Setting(**known, why=f"it raises {self.at(grid[0])[0]:.3g} at least")
        loud = next((i for i, place in enumerate(grid) if self.at(place)[0] >= target), None)
        if loud is None:
            most = max(self.at(place)[0] for place in grid)
            return Setting(**known, why=f"it raises {most:.3g} at most")
        quiet, loudly = grid[max(0, loud - 1)], grid[loud]
        for _ in range(HALVINGS):
            best = min((quiet, loudly), key=lambda place: abs(self.at(place)[0] - target))
            if self._near(self.at(best), target):
                return self._plain(known, best)
            middle = (quiet + loudly) / 2
            if self.at(middle)[0] >= target:
                loudly = middle
            else:
                quiet = middle
        return self._mixture(known, quiet, loudly)

    def _near(self, counted: tuple[float, float], target: float) -> bool:
        return abs(counted[0] - target) <= CLOSE * sqrt(target / self.runs)

    def _plain(self, known: dict[str, Any], place: float) -> Setting:
        found, error = self.at(place)
        value = self._knob.at(place)
        return Setting(**known, first=value, second=value, found=found, error=error)

    def _mixture(self, known: dict[str, Any], quiet: float, loud: float) -> Setting:
        """Mix two neighbours: the quiet one alone and the loud one alone are on both sides."""
        target, field = known["target"], self._knob.field
        one, two = self._knob.at(loud), self._knob.at(quiet)
        low, high, share, counted = 0.0, 1.0, 1.0, self.at(loud)
        for _ in range(MIXINGS):
            share = (low + high) / 2
            mixed = Mixed(
                first=turned(self._detector, field, one),
                second=turned(self._detector, field, two),
                share=share,
            )
            counted = self.count(mixed)
            if self._near(counted, target):
                break
            low, high = (low, share) if counted[0] > target else (share, high)
        return Setting(
            **known, first=one, second=two, share=share, found=counted[0], error=counted[1]
        )


def runs_of(entry: Entry) -> int:
    """Return on how many runs a detector is calibrated."""
    if not entry.fast:
        return VALUE_BY_VALUE_RUNS
    return SLOW_RUNS if type(entry.detector) in SLOW else RUNS


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Any]:
    """Return what came with driftyard; nothing if its recipe is an old one or it was changed."""
    file = resources.files("reports.bench") / SHIPPED
    if not file.is_file():
        return {"settings": [], "optima": {}}
    table: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    held = {"settings": table["settings"], "optima": table["optima"]}
    if table["recipe"] != RECIPE or table["digest"] != digest(held):
        return {"settings": [], "optima": {}}
    return held


def shipped() -> dict[str, Setting]:
    """Return the settings that came with driftyard, by key."""
    settings = [Setting(**row) for row in _shipped()["settings"]]
    return {setting.key: setting for setting in settings}


def shipped_optima() -> dict[str, Optimum]:
    """Return the optima that came with driftyard, by the name of the job that finds them."""
    return {name: Optimum(**row) for name, row in _shipped()["optima"].items()}


def written(settings: list[Setting], optima: dict[str, Optimum]) -> str:
    """Return settings as they are shipped: with their recipe and digest, in order."""
    held = {
        "settings": [asdict(s) for s in sorted(settings, key=lambda setting: setting.key)],
        "optima": {name: asdict(optima[name]) for name in sorted(optima)},
    }
    return json.dumps({"recipe": RECIPE, "digest": digest(held), **held}, indent=1) + "\n"
