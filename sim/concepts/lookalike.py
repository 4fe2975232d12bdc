"""A concept with a table's own columns: fitted to recorded data, drawn from like any other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.concepts.compiled import add_up, spread_out, toss
from sim.concepts.concept import Drawn, uniforms
from sim.errors import refuse, within
from sim.schema import Column, Schema

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance import Luck
    from sim.concepts.concept import Moment, Progress

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One column: a number with these *quantiles* (evenly spaced), or a category with *shares*.

    *effects* are what it adds to the score: one a unit for a number, one each for categories.
    """

    name: str
    effects: tuple[float, ...]
    quantiles: tuple[float, ...] = ()
    shares: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.quantiles) == bool(self.shares):
            refuse(f"feature {self.name}", self.quantiles, "give quantiles or shares, one of them")
        if self.quantiles and (
            len(self.quantiles) < 2 or list(self.quantiles) != sorted(self.quantiles)
        ):
            refuse(f"feature {self.name}.quantiles", self.quantiles, "give two or more, in order")
        if self.shares and abs(sum(self.shares) - 1.0) > 1e-6:
            refuse(f"feature {self.name}.shares", self.shares, "shares add up to 1")
        if len(self.effects) != max(len(self.shares), 1):
            refuse(f"feature {self.name}.effects", self.effects, "one, or one for each category")

    def drawn(self, luck: Floats) -> Floats:
        """Return the values that *luck* (shape n, from 0 to 1) stands for."""
        if self.shares:
            codes = np.cumsum(self.shares)[:-1].searchsorted(luck, side="right")
            return np.asarray(codes, dtype=np.float64)
        grid = np.linspace(0.0, 1.0, len(self.quantiles))
        return np.asarray(np.interp(luck, grid, self.quantiles))


@dataclass(frozen=True, kw_only=True)
class Lookalike:
    """Independent *features*; outcome 1 with the logistic chance of their score plus *base*.

    With a *spread* the outcome is that score itself, plus a normal error of this size.
    """

    features: tuple[Feature, ...]
    base: float = 0.0
    spread: float = 0.0

    def __post_init__(self) -> None:
        if not self.features:
            refuse("lookalike.features", self.features, "name at least one")
        within("lookalike.spread", self.spread, 0, 1e300)

    @property
    def schema(self) -> Schema:
        """The columns of the table."""
        return Schema(
            tuple(
                Column(
                    name=feature.name,
                    kind="category",
                    categories=tuple(f"#{k}" for k in range(len(feature.shares))),
                )
                if feature.shares
                else Column(name=feature.name)
                for feature in self.features
            )
        )

    @property
    def classes(self) -> int:
        """Two, or none if the outcome is a number."""
        return 0 if self.spread else 2

    def draw(self, luck: Luck, now: Moment) -> Drawn:
        """Draw one page."""
        if now.priors:
            refuse("drift.to", now.priors[-1][0], "a lookalike's classes follow from its features")
        x = np.empty((len(now.times_us), len(self.features)))
        words = luck.words("features", now.page)
        score: Progress = spread_out(words, x, *_tables(self.features), float(self.base))
        if len(now.rules) > 1 or now.shifts or now.mixes or now.rules[0][0] is not self:
            now.move(x)
            score = now.blend([rule.score(x) for rule, _ in now.rules])  # type: ignore[attr-defined]
        assert not isinstance(score, float)
        if self.spread:
            error = luck.page("outcome", now.page).standard_normal(len(x))
            return Drawn(x, score + error * (self.spread + now.extra_noise), score.copy())
        odds_against = np.negative(score)
        with np.errstate(over="ignore"):
            np.exp(odds_against, out=odds_against)
        if isinstance(now.extra_noise, float) and not now.extra_noise:
            line = np.log(now.cut / (1.0 - now.cut)) if now.cut < 1.0 else np.inf
            return Drawn(x, *toss(score, odds_against, luck.words("outcome", now.page), line))
        chance, noise = 1.0 / (1.0 + odds_against), np.clip(now.extra_noise, 0.0, 0.5)
        chance = chance * (1.0 - noise) + (1.0 - chance) * noise
        y = (uniforms(luck, now) < chance).astype(np.float64)
        return Drawn(x, y, (chance > now.cut).astype(np.float64))

    def score(self, x: Floats) -> Floats:
        """Return the log odds of outcome 1, or the outcome that is to be expected.

        A category that is not listed adds nothing.
        """
        tables = _tables(self.features)
        score: Floats = add_up(x, tables.sizes, tables.effects, float(self.base))
        return score

    def best(self, x: Floats) -> Floats:
        """Return the best answers to features (n, d)."""
        score = self.score(x)
        return score if self.spread else (score > 0).astype(np.float64)


class _Tables(NamedTuple):
    """Features as arrays, as `spread_out` takes them."""

    sizes: NDArray[np.int64]
    starts: Floats
    rises: Floats
    effects: Floats


@lru_cache(maxsize=64)
def _tables(features: tuple[Feature, ...]) -> _Tables:
    sizes = np.array([len(f.quantiles) or -len(f.shares) for f in features])
    starts = np.full((len(features), max(64, int(np.abs(sizes).max()))), np.inf)
    rises, effects = np.zeros_like(starts), np.zeros_like(starts)
    for place, feature in enumerate(features):
        effects[place, : len(feature.effects)] = feature.effects
        if feature.quantiles:
            row = np.array(feature.quantiles)
            rises[place, : len(row) - 1] = np.diff(row)
            starts[place, : len(row)] = row - rises[place, : len(row)] * np.arange(len(row))
        else:
            bounds = np.cumsum(feature.shares)[:-1]  # beyond the last one: infinite
            starts[place, : len(bounds)] = bounds
            parts = np.arange(starts.shape[1]) / starts.shape[1]
            rises[place] = bounds.searchsorted(parts, side="right")
    return _Tables(sizes, starts, rises, effects)
