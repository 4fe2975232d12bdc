"""Who takes part: detectors with what they may be told, and the knob that makes them quieter."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, is_dataclass, replace
from math import exp, log
from typing import TYPE_CHECKING, Any

from sim.errors import Mistake
from strategies.detectors import (
    ADWIN,
    CUSUM,
    DDM,
    EDDM,
    EWMA,
    HDDMA,
    HDDMW,
    KSWIN,
    PSI,
    AtRandom,
    ChiSquare,
    KolmogorovSmirnov,
    LikelihoodCUSUM,
    OnWindows,
    PageHinkley,
    Periodic,
    Shewhart,
    ShiryaevRoberts,
    Silent,
    TwoSample,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from reports.bench.streams import Normal

NOTHING, WHAT_IS_NORMAL, THE_CHANGE, DUMMY = "nothing", "what is normal", "the change", "dummy"


@dataclass(frozen=True, kw_only=True)
class Knob:
    """The *field* that trades false alarms for delay, from *quiet* to *loud*.

    *log* says that it is moved by factors.
    """

    field: str
    quiet: float
    loud: float
    log: bool = True

    def at(self, place: float) -> float:
        """Return the value at *place*, from 0 (quiet) to 1 (loud)."""
        if place in (0, 1):
            return self.loud if place else self.quiet
        if self.log:
            return exp((1 - place) * log(self.quiet) + place * log(self.loud))
        return (1 - place) * self.quiet + place * self.loud


KNOBS: dict[type, Knob] = {
    ADWIN: Knob(field="delta", quiet=1e-12, loud=1.0),
    CUSUM: Knob(field="limit", quiet=1000.0, loud=0.01),
    DDM: Knob(field="drift_threshold", quiet=100.0, loud=0.1),
    EDDM: Knob(field="beta", quiet=0.0, loud=1.0, log=False),
    EWMA: Knob(field="width", quiet=50.0, loud=0.1),
    HDDMA: Knob(field="drift_confidence", quiet=1e-60, loud=1.0),
    HDDMW: Knob(field="drift_confidence", quiet=1e-60, loud=1.0),
    KSWIN: Knob(field="alpha", quiet=1e-14, loud=0.1),
    LikelihoodCUSUM: Knob(field="limit", quiet=100.0, loud=0.01),
    PageHinkley: Knob(field="threshold", quiet=10_000.0, loud=0.1),
    Shewhart: Knob(field="width", quiet=10.0, loud=0.5),
    ShiryaevRoberts: Knob(field="limit", quiet=1e12, loud=1.0),
    AtRandom: Knob(field="rate", quiet=1e-9, loud=0.5),
}
WINDOW_KNOBS: dict[type, Knob] = {
    PSI: Knob(field="limit", quiet=1000.0, loud=1e-4),
    KolmogorovSmirnov: Knob(field="alpha", quiet=1e-14, loud=1.0),
    ChiSquare: Knob(field="alpha", quiet=1e-14, loud=1.0),
    TwoSample: Knob(field="alpha", quiet=1e-14, loud=1.0),
}
"""of what `OnWindows` lets work on a stream; MMD's p-value has a floor, so it runs as it is"""
SLOW = {KSWIN, OnWindows}
"""kernels that take microseconds a value: they are calibrated on fewer runs"""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One who takes part: a *label*, the *detector* as given, and what it is *told*."""

    label: str
    detector: Any
    told: str = NOTHING

    @property
    def knob(self) -> Knob | None:
        """What makes it quieter: known for ours; a user's class names it in `knob`."""
        kind = type(self.detector)
        known = KNOBS.get(kind)
        if isinstance(self.detector, OnWindows):
            known = WINDOW_KNOBS.get(type(self.detector.detector))
        if kind.__module__.startswith("river."):
            known = {ours.__name__: knob for ours, knob in KNOBS.items()}.get(kind.__name__)
        if known is not None or not hasattr(self.detector, "knob"):
            return known
        try:
            field, quiet, loud = self.detector.knob
            return Knob(field=field, quiet=float(quiet), loud=float(loud), log=quiet * loud > 0)
        except (TypeError, ValueError):
            raise Mistake(
                f"{self.label}.knob is {self.detector.knob!r}: give (field, quietest, loudest)"
            ) from None

    @property
    def fast(self) -> bool:
        """Whether it scans arrays."""
        return hasattr(self.detector, "start")

    def on(self, normal: Normal) -> Any:
        """Return the detector, told what it may know of a stream."""
        if self.told == WHAT_IS_NORMAL:
            return replace(self.detector, mean=normal.before, sd=normal.sd)
        if self.told == THE_CHANGE:
            told = {"kind": normal.kind, "before": normal.before, "after": normal.after}
            return replace(self.detector, **told, sd=normal.spread)
        return self.detector


def turned(detector: Any, field: str, value: float) -> Any:
    """Return *detector* with its knob at *value*."""
    if isinstance(detector, OnWindows):
        return replace(detector, detector=turned(detector.detector, field, value))
    if isinstance(detector, EDDM):  # it refuses a warning level below the alarm's
        return replace(detector, beta=value, alpha=max(detector.alpha, value))
    if is_dataclass(detector) and not isinstance(detector, type):
        return replace(detector, **{field: value})
    if hasattr(detector, "_get_params"):  # River
        return type(detector)(**{**detector._get_params(), field: value})
    other = deepcopy(detector)
    setattr(other, field, value)
    return other


def entry(label: str, detector: Any) -> Entry:
    """Return an entry; charts with their default mean and sd are told what is normal."""
    told = NOTHING
    if isinstance(detector, CUSUM | EWMA | Shewhart | ShiryaevRoberts):
        told = WHAT_IS_NORMAL if (detector.mean, detector.sd) == (0.0, 1.0) else NOTHING
    elif isinstance(detector, LikelihoodCUSUM):
        given = (detector.kind, detector.before, detector.after)
        told = THE_CHANGE if given == ("gaussian", 0.0, 1.0) else NOTHING
    elif isinstance(detector, Silent | Periodic | AtRandom):
        told = DUMMY
    return Entry(label=label, detector=detector, told=told)


DEFAULT: dict[str, Callable[[], Any]] = {
    "ADWIN": ADWIN,
    "DDM": DDM,
    "EDDM": EDDM,
    "HDDM_A": HDDMA,
    "HDDM_W": HDDMW,
    "Page-Hinkley": lambda: PageHinkley(mode="up"),
    "KSWIN": lambda: KSWIN(seed=0),
    "CUSUM": lambda: CUSUM(allowance=0.25, mode="up"),
    "EWMA": lambda: EWMA(weight=0.02, mode="up"),
    "Shewhart": lambda: Shewhart(mode="up"),
    "Shiryaev-Roberts": lambda: ShiryaevRoberts(shift=0.5),
}
"""CUSUM and Shiryaev-Roberts are aimed at half a standard deviation, whatever will come"""
ORACLE = "oracle CUSUM"
DUMMIES: dict[str, Callable[[], Any]] = {
    "never (dummy)": Silent,
    "periodic (dummy)": Periodic,
    "at random (dummy)": lambda: AtRandom(seed=0),
}


def oracle() -> Entry:
    """Return the oracle, which is told the change."""
    return entry(ORACLE, LikelihoodCUSUM())


def dummies() -> list[Entry]:
    """Return those that stand in every table."""
    return [entry(label, make()) for label, make in DUMMIES.items()]


def default() -> list[Entry]:
    """Return the eleven that learn or are told what is normal; the oracle is the twelfth."""
    return [entry(label, make()) for label, make in DEFAULT.items()]
