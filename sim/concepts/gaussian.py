"""Two classes that are clouds: the class first, then the features."""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, log, log1p, sqrt
from typing import TYPE_CHECKING

import numpy as np

from sim.concepts.compiled import two_clouds
from sim.concepts.concept import MOST_COLUMNS, Drawn, Moment, direction, tactic, uniforms
from sim.errors import whole, within
from sim.schema import Schema, numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance import Luck

    Floats = NDArray[np.float64]


def _odds_of_tactics(gap: Floats, weights: Floats, moves: Floats) -> Floats:
    """Return what mixed ways of looking add to the log odds of class 1.

    *gap* (n, d) is how far each record lies from the centre of class 1 as it used to look.
    """
    exponents = gap @ moves.T - 0.5 * (moves * moves).sum(axis=1)
    most = exponents.max(axis=1)
    return np.asarray(most + np.log(np.exp(exponents - most[:, None]) @ weights))


@dataclass(frozen=True, kw_only=True)
class GaussianClasses:
    """Two classes with unit normal columns, *distance* apart along *rule*; *prior* of class 1.

    A share *noise* of the outcomes is the other one.
    """

    columns: int = 2
    rule: str = "start"
    distance: float = 2.0
    prior: float = 0.5
    noise: float = 0.0

    def __post_init__(self) -> None:
        whole("gaussian.columns", self.columns, 1, MOST_COLUMNS)
        within("gaussian.distance", self.distance, -1e6, 1e6)
        within("gaussian.prior", self.prior, 0, 1)
        within("gaussian.noise", self.noise, 0, 0.5)

    @property
    def classes(self) -> int:
        """Two."""
        return 2

    @property
    def schema(self) -> Schema:
        """x0, x1, …"""
        return numbers(self.columns)

    @property
    def shares(self) -> tuple[float, float]:
        """The share of each class."""
        return 1.0 - self.prior, self.prior

    @property
    def step(self) -> Floats:
        """Half the way from the centre of class 0 to that of class 1 (shape d)."""
        return direction(self.rule, self.columns) * (self.distance / 2)

    def draw(self, luck: Luck, now: Moment) -> Drawn:
        """Draw one page: the class, then the features, then what covariate changes do to y."""
        rules: list[GaussianClasses] = [rule for rule, _ in now.rules]  # type: ignore[misc]
        count = len(now.times_us)
        still = all(isinstance(progress, float) for _, progress in now.priors)
        plain = still and len(rules) == 1 and not now.shifts and now.tactics is None
        if plain and isinstance(now.extra_noise, float):
            return rules[0]._at_rest(luck, now)
        prior = now.blend([rule.prior for rule in rules])
        for target, progress in now.priors:
            assert isinstance(target, float)
            prior = prior * (1.0 - progress) + target * progress
        shares = np.broadcast_to(np.asarray(prior, dtype=np.float64), (count,))
        step = np.zeros((count, self.columns)) + rules[0].step
        for rule, (_, progress) in zip(rules[1:], now.rules[1:], strict=True):
            part = progress if isinstance(progress, float) else progress[:, None]
            step = step * (1.0 - part) + rule.step * part
        coins = uniforms(luck, now)
        y = (coins < shares).astype(np.float64)
        x = luck.page("features", now.page).standard_normal((count, self.columns))
        x += step * (2.0 * y - 1.0)[:, None]
        if now.tactics is not None:
            weights, moves = now.tactics
            x += moves[tactic(luck, now.page, weights, count)] * y[:, None]
        if now.shifts:
            now.move(x)
        with np.errstate(divide="ignore", over="ignore"):
            odds = 2.0 * (x * step).sum(axis=1) + np.log(shares) - np.log1p(-shares)
            if now.tactics is not None:
                odds += _odds_of_tactics(x - step, *now.tactics)
            chance = 1.0 / (1.0 + np.exp(-odds))
        if now.shifts:  # features moved, the rule did not: y follows from where x is now
            moved = np.zeros(count, dtype=bool)
            for _, _, progress in now.shifts:
                moved |= np.broadcast_to(np.asarray(progress) > 0, (count,))
            again = luck.random("outcome after a covariate change", count, now.page)
            y = np.where(moved, again < chance, y > 0).astype(np.float64)
        noise = np.clip(now.blend([rule.noise for rule in rules]) + now.extra_noise, 0.0, 0.5)
        if np.any(noise):
            flips = luck.random("flips", count, now.page) < noise
            y = np.where(flips, 1.0 - y, y)
            chance = chance * (1.0 - noise) + (1.0 - chance) * noise
        return Drawn(x, y, (chance > now.cut).astype(np.float64))

    def _at_rest(self, luck: Luck, now: Moment) -> Drawn:
        """Draw one page through which nothing changes, in one pass."""
        prior = self.prior
        for target, progress in now.priors:
            assert isinstance(target, float)
            assert isinstance(progress, float)
            prior = prior * (1.0 - progress) + target * progress
        coins = uniforms(luck, now)
        x = luck.page("features", now.page).standard_normal((len(coins), self.columns))
        assert isinstance(now.extra_noise, float)
        noise = min(max(self.noise + now.extra_noise, 0.0), 0.5)
        flips = luck.random("flips", len(coins), now.page) if noise else coins
        line = _line(prior, noise, now.cut)
        return Drawn(x, *two_clouds(x, coins, prior, self.step, line, flips, noise))

    def best(self, x: Floats) -> Floats:
        """Return the likelier class of each record."""
        with np.errstate(divide="ignore"):
            odds = 2.0 * (x @ self.step) + np.log(self.prior) - np.log1p(-self.prior)
        return np.asarray(odds > 0, dtype=np.float64)

    def bayes_loss(self) -> float:
        """The smallest reachable error rate for equal priors and no noise: Φ(-distance / 2)."""
        clean = 0.5 * (1.0 - erf(self.distance / 2 / sqrt(2.0)))
        return clean * (1.0 - self.noise) + (1.0 - clean) * self.noise


def _line(prior: float, noise: float, cut: float) -> float:
    """Return the projection on the step above which 1 is the best answer.

    There P(y = 1) is *cut*, and the clean class's chance c solves c (1 - noise) + (1 - c) noise
    = cut; half of its log odds, less the prior's, is the projection.
    """
    if noise == 0.5:
        return -np.inf if cut < 0.5 else np.inf
    chance = (cut - noise) / (1.0 - 2.0 * noise)
    if chance <= 0.0 or prior == 1.0:
        return -np.inf
    if chance >= 1.0 or prior == 0.0:
        return np.inf
    return (log(chance) - log1p(-chance) - log(prior) + log1p(-prior)) / 2.0
