"""A twin beside the data that it was made from: where it is alike, and where it misses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from scenarios.replay.twin import stretches
from sim.clock import DAY_US, us
from sim.run import run
from sim.setting import source_of
from sim.table import UNKNOWN_TIME

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scenarios.replay.story import Told
    from sim.scenario import Scenario
    from sim.table import Table

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """One thing measured of *data* and *twin*: they may differ by as much as *allowed*."""

    what: str
    data: float
    twin: float
    allowed: float

    @property
    def misses(self) -> bool:
        """Whether the twin is not like the data here."""
        return bool(not abs(self.twin - self.data) <= self.allowed)


@dataclass(frozen=True)
class _Still:
    """Nobody does anything: what is compared is the world."""

    heartbeat: str = "0"

    def decide(self, view: Any) -> tuple[()]:
        return ()


def likenesses(table: Table, told: Told, made: Scenario, *, seed: int = 0) -> list[Likeness]:
    """Play both without faults, with one and the same model, and compare."""
    plain = replace(told.scenario, artifact=made.artifact, loss=made.loss, faults=())
    mine, other = (run(scenario, _Still(), seed=seed) for scenario in (plain, made))
    days = us(made.horizon) / DAY_US
    found = [
        _near("requests a day", mine.requests["total"] / days, other.requests["total"] / days, 0.1)
    ]
    found += _delays(table, made)
    found += _columns(table, told, made, seed)
    ticks = len(mine.timeline)
    for name, part in (
        ("first third", slice(0, ticks // 3)),
        ("last third", slice(2 * ticks // 3, None)),
    ):
        data, twin = (
            float(one.timeline.loss[part].sum() / max(one.timeline.count[part].sum(), 1))
            for one in (mine, other)
        )
        found.append(_near(f"loss of the launch model, {name}", data, twin, 0.15))
    return found


def _near(what: str, data: float, twin: float, share: float) -> Likeness:
    return Likeness(what=what, data=data, twin=twin, allowed=share * abs(data) + 1e-9)


def _delays(table: Table, made: Scenario) -> list[Likeness]:
    if not table.has("label_delay"):
        return []
    known = table.delays_us[table.delays_us != UNKNOWN_TIME]
    found = []
    for share in (0.5, 0.95):
        data = float(np.quantile(known, share)) / DAY_US
        twin = made.labels.delay.quantile_us(share) / DAY_US
        found.append(
            _near(f"days within which {100 * share:.0f} % of labels come", data, twin, 0.25)
        )
    return found


def _columns(table: Table, told: Told, made: Scenario, seed: int) -> list[Likeness]:
    """Compare outcomes and the distribution of each column at both ends of the time."""
    source, long_us = source_of(made, seed), us(made.horizon)
    found = []
    for when, part, at_us in zip(
        ("before the launch", "in the last third"),
        stretches(table, told.origin_us, long_us),
        (-us(made.launch.window), long_us * 2 // 3),
        strict=True,
    ):
        stop_us = 0 if at_us < 0 else long_us
        x, y = _drawn(source, at_us, stop_us)
        error = 4.0 * float(part.y.std()) * np.sqrt(1 / len(part.y) + 1 / len(y))
        found.append(
            Likeness(
                what=f"mean outcome {when}",
                data=float(part.y.mean()),
                twin=float(y.mean()),
                allowed=max(0.1 * abs(float(part.y.mean())), error),
            )
        )
        for place, feature in enumerate(table.about["features"]):
            gone = float(np.isnan(part.x[:, place]).mean())
            if gone > 0.01:
                words = f"share of {feature['name']} missing {when}"
                found.append(Likeness(what=words, data=gone, twin=0.0, allowed=0.01))
            apart = _apart(part.x[:, place], x[:, place])
            words = f"{feature['name']} {when}: largest gap of cumulative shares"
            found.append(Likeness(what=words, data=0.0, twin=apart, allowed=0.1))
    return found


def _drawn(source: Any, start_us: int, stop_us: int) -> tuple[Floats, Floats]:
    """Return up to twenty pages of the twin from a stretch of time."""
    first, last = source.grid.page_at(start_us), source.grid.page_at(stop_us - 1)
    numbers = np.unique(np.linspace(first, last, 20).astype(int))
    pages = [source.page(int(n), {}) for n in numbers]
    inside = [(p.truth.times_us >= start_us) & (p.truth.times_us < stop_us) for p in pages]
    x = np.concatenate([p.truth.x[rows] for p, rows in zip(pages, inside, strict=True)])
    y = np.concatenate([p.truth.y[rows] for p, rows in zip(pages, inside, strict=True)])
    return x, y


def _apart(old: Floats, new: Floats) -> float:
    """Return the Kolmogorov-Smirnov distance of two samples."""
    old, new = np.sort(old[np.isfinite(old)]), np.sort(new[np.isfinite(new)])
    if not len(old) or not len(new):
        return 0.0
    both = np.concatenate([old, new])
    shares = [part.searchsorted(both, side="right") / len(part) for part in (old, new)]
    return float(np.abs(shares[0] - shares[1]).max())
