"""What follows from what: rules that draw features and outcomes, and know the best answer.

Every rule is affine in its parameters, so a world between two rules is a weighted mean of
their scores: with weights 0 and 1 it is a mixture (gradual), between them it moves
(incremental).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from math import erf, sqrt
from typing import TYPE_CHECKING, NamedTuple, Protocol, Union

import numpy as np

from sim.errors import refuse, whole, within
from sim.schema import Column, Schema, numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.chance import Luck

    Floats = NDArray[np.float64]

_MAX_REDRAWS = 400

Progress = Union[float, "NDArray[np.float64]"]
"""How far a change has gone for each record: 0 before, 1 after; one number if all agree."""


class Drawn(NamedTuple):
    """Features (n, d), true outcomes (n) and the Bayes-optimal answers (n) of one page."""

    x: Floats
    y: Floats
    best: Floats


@dataclass
class Moment:
    """The state of a stream over one page: which rules hold, how far, and with what noise."""

    page: int
    times_us: NDArray[np.int64]
    rules: Sequence[tuple[Concept, Progress]]
    """the rule at first (its progress is not read), then each that takes over, with progress"""
    shifts: Sequence[tuple[Floats, Floats, Progress]]
    """covariate changes: per-column shift and scale, with progress"""
    priors: Sequence[tuple[float, Progress]]
    extra_noise: Progress
    cut: float
    """the Bayes rule answers 1 where P(y = 1) exceeds this"""

    def blend(self, values: Sequence[Progress]) -> Progress:
        """Return the weighted mean of one value per rule."""
        result = values[0]
        for value, (_, progress) in zip(values[1:], self.rules[1:], strict=True):
            if isinstance(progress, float) and progress in (0.0, 1.0):
                result = value if progress else result
            else:
                result = result * (1.0 - progress) + value * progress
        return result

    def move(self, x: Floats, rows: NDArray[np.intp] | slice = slice(None)) -> None:
        """Apply the covariate changes to *x* in place."""
        for shift, scale, progress in self.shifts:
            if isinstance(progress, float):
                if progress:
                    x *= 1.0 + progress * (scale - 1.0)
                    x += progress * shift
            else:
                part = progress[rows][:, None]
                x *= 1.0 + part * (scale - 1.0)
                x += part * shift


class Concept(Protocol):
    """A rule of the world."""

    def __hash__(self) -> int:
        """Rules are frozen data."""

    @property
    def schema(self) -> Schema:
        """The columns that it draws."""

    @property
    def classes(self) -> int:
        """How many classes the outcome has; 0 if it is a number."""

    def draw(self, luck: Luck, now: Moment) -> Drawn:
        """Draw one page."""

    def best(self, x: Floats) -> Floats:
        """Return the best answers to features (n, d) under this rule alone."""


@lru_cache(maxsize=256)
def direction(rule: str, size: int, angle: float = 0.0) -> Floats:
    """Return the unit vector (shape d) that the name *rule* stands for, turned by *angle*."""
    seed = int.from_bytes(blake2b(f"rule {rule}".encode(), digest_size=8).digest(), "little")
    vector = np.random.Generator(np.random.SFC64(seed)).standard_normal(size)
    vector /= np.sqrt((vector * vector).sum())
    if angle:
        second = direction(rule + " turned", size)
        second = second - (second @ vector) * vector
        second /= np.sqrt((second * second).sum())
        turn = np.deg2rad(angle)
        vector = np.cos(turn) * vector + np.sin(turn) * second
    vector.flags.writeable = False
    return vector


def _uniforms(luck: Luck, now: Moment) -> Floats:
    return luck.page("outcome", now.page).random(len(now.times_us))


class _TwoClasses:
    """Features first, then a score; class 1 where it is positive, flipped with *noise*."""

    noise: float

    @property
    def classes(self) -> int:
        """Two."""
        return 2

    def features(self, generator: np.random.Generator, count: int) -> Floats:
        """Draw the features of *count* records."""
        raise NotImplementedError

    def score(self, x: Floats) -> Floats:
        """Return how clearly each record belongs to class 1."""
        raise NotImplementedError

    def best(self, x: Floats) -> Floats:
        """Return the class of each record."""
        return (self.score(x) > 0).astype(np.float64)

    def draw(self, luck: Luck, now: Moment) -> Drawn:
        """Draw one page."""
        rules: list[_TwoClasses] = [rule for rule, _ in now.rules]  # type: ignore[misc]
        x = self.features(luck.page("features", now.page), len(now.times_us))
        now.move(x)
        score = now.blend([rule.score(x) for rule in rules])
        assert not isinstance(score, float)
        if now.priors:
            score = self._with_prior(luck, now, rules, x, score)
        noise = now.blend([rule.noise for rule in rules])
        if isinstance(now.extra_noise, float) and now.extra_noise == 0.0:
            flip_share = noise
        else:
            flip_share = np.clip(noise + now.extra_noise, 0.0, 0.5)
        clean = score > 0
        flip = _uniforms(luck, now) < flip_share
        y = (clean ^ flip).astype(np.float64)
        if now.cut == 0.5:
            return Drawn(x, y, clean.astype(np.float64))
        chance = np.where(clean, 1.0 - flip_share, flip_share)
        return Drawn(x, y, (chance > now.cut).astype(np.float64))

    def _with_prior(
        self, luck: Luck, now: Moment, rules: list[_TwoClasses], x: Floats, score: Floats
    ) -> Floats:
        """Redraw features until each record has the class that the new prior asks for."""
        coins = luck.page("prior", now.page)
        wanted = np.full(len(x), -1)
        for target, progress in now.priors:
            classes = coins.random(len(x)) < target
            takes = coins.random(len(x)) < progress
            wanted = np.where(takes, classes, wanted)
        redraw = luck.page("features again", now.page)
        rows = np.flatnonzero((wanted >= 0) & ((score > 0) != wanted))
        tries = 0
        while len(rows):
            tries += 1
            if tries > _MAX_REDRAWS:
                rare = "a class of this concept is too rare for this prior"
                refuse("drift.to", now.priors[-1][0], rare)
            fresh = self.features(redraw, len(rows))
            now.move(fresh, rows)
            x[rows] = fresh
            scores = [rule.score(fresh) for rule in rules]
            part = Moment(
                now.page,
                now.times_us[rows],
                [(r, p if isinstance(p, float) else p[rows]) for r, p in now.rules],
                (),
                (),
                0.0,
                now.cut,
            )
            score[rows] = part.blend(scores)
            rows = rows[(score[rows] > 0) != wanted[rows]]
        return score


@dataclass(frozen=True, kw_only=True)
class Linear(_TwoClasses):
    """Standard normal *columns*; class 1 where their sum weighted by *rule* exceeds *threshold*.

    *rule* names a direction: the same name is the same rule, another name another one.
    *angle* turns it, in degrees, towards a second direction of its own.
    """

    columns: int = 10
    rule: str = "start"
    angle: float = 0.0
    threshold: float = 0.0
    noise: float = 0.1

    def __post_init__(self) -> None:
        whole("linear.columns", self.columns, 1)
        within("linear.noise", self.noise, 0, 0.5)

    @property
    def schema(self) -> Schema:
        """x0, x1, …"""
        return numbers(self.columns)

    @property
    def weights(self) -> Floats:
        """The unit vector of the rule (shape d)."""
        return direction(self.rule, self.columns, self.angle)

    def features(self, generator: np.random.Generator, count: int) -> Floats:
        """Draw standard normals (n, d)."""
        return generator.standard_normal((count, self.columns))

    def score(self, x: Floats) -> Floats:
        """Return the weighted sum less the threshold."""
        score = x @ self.weights
        if self.threshold:
            score -= self.threshold
        return score

    def bayes_loss(self) -> float:
        """The smallest reachable error rate."""
        return self.noise


@dataclass(frozen=True, kw_only=True)
class SEA(_TwoClasses):
    """Three columns, uniform on [0, 10]; class 1 where x0 + x1 exceeds *threshold*.

    Street and Kim, 'A streaming ensemble algorithm', KDD 2001.
    """

    threshold: float = 8.0
    noise: float = 0.1

    def __post_init__(self) -> None:
        within("sea.noise", self.noise, 0, 0.5)

    @property
    def schema(self) -> Schema:
        """x0, x1 and x2, which is of no use."""
        return Schema(tuple(Column(name=f"x{i}", low=0.0, high=10.0) for i in range(3)))

    def features(self, generator: np.random.Generator, count: int) -> Floats:
        """Draw uniforms (n, 3)."""
        return generator.random((count, 3)) * 10.0

    def score(self, x: Floats) -> Floats:
        """Return x0 + x1 less the threshold."""
        return x[:, 0] + x[:, 1] - self.threshold

    def bayes_loss(self) -> float:
        """The smallest reachable error rate."""
        return self.noise


@dataclass(frozen=True, kw_only=True)
class GaussianClasses:
    """Two classes with unit normal columns, *distance* apart along *rule*; *prior* of class 1."""

    columns: int = 2
    rule: str = "start"
    distance: float = 2.0
    prior: float = 0.5
    noise: float = 0.0

    def __post_init__(self) -> None:
        whole("gaussian.columns", self.columns, 1)
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
    def step(self) -> Floats:
        """Half the way from the centre of class 0 to that of class 1 (shape d)."""
        return direction(self.rule, self.columns) * (self.distance / 2)

    def draw(self, luck: Luck, now: Moment) -> Drawn:
        """Draw one page: the class, then the features, then what covariate changes do to y."""
        rules: list[GaussianClasses] = [rule for rule, _ in now.rules]  # type: ignore[misc]
        count = len(now.times_us)
        prior = now.blend([rule.prior for rule in rules])
        for target, progress in now.priors:
            prior = prior * (1.0 - progress) + target * progress
        shares = np.broadcast_to(np.asarray(prior, dtype=np.float64), (count,))
        step = np.zeros((count, self.columns)) + rules[0].step
        for rule, (_, progress) in zip(rules[1:], now.rules[1:], strict=True):
            part = progress if isinstance(progress, float) else progress[:, None]
            step = step * (1.0 - part) + rule.step * part
        coins = _uniforms(luck, now)
        y = (coins < shares).astype(np.float64)
        x = luck.page("features", now.page).standard_normal((count, self.columns))
        x += step * (2.0 * y - 1.0)[:, None]
        if now.shifts:
            now.move(x)
        with np.errstate(divide="ignore", over="ignore"):
            odds = 2.0 * (x * step).sum(axis=1) + np.log(shares) - np.log1p(-shares)
            chance = 1.0 / (1.0 + np.exp(-odds))
        if now.shifts:  # features moved, the rule did not: y follows from where x is now
            moved = np.zeros(count, dtype=bool)
            for _, _, progress in now.shifts:
                moved |= np.broadcast_to(np.asarray(progress) > 0, (count,))
            again = luck.page("outcome after a covariate change", now.page).random(count)
            y = np.where(moved, again < chance, y > 0).astype(np.float64)
        noise = np.clip(now.blend([rule.noise for rule in rules]) + now.extra_noise, 0.0, 0.5)
        if np.any(noise):
            flips = luck.page("flips", now.page).random(count) < noise
            y = np.where(flips, 1.0 - y, y)
            chance = chance * (1.0 - noise) + (1.0 - chance) * noise
        return Drawn(x, y, (chance > now.cut).astype(np.float64))

    def best(self, x: Floats) -> Floats:
        """Return the likelier class of each record."""
        with np.errstate(divide="ignore"):
            odds = 2.0 * (x @ self.step) + np.log(self.prior) - np.log1p(-self.prior)
        return np.asarray(odds > 0, dtype=np.float64)

    def bayes_loss(self) -> float:
        """The smallest reachable error rate for equal priors and no noise: Φ(-distance / 2)."""
        clean = 0.5 * (1.0 - erf(self.distance / 2 / sqrt(2.0)))
        return clean * (1.0 - self.noise) + (1.0 - clean) * self.noise


@dataclass(frozen=True, kw_only=True)
class LinearRegression:
    """Standard normal *columns*; y is their sum weighted by *rule* × *slope* plus normal noise."""

    columns: int = 10
    rule: str = "start"
    slope: float = 1.0
    noise: float = 0.5

    def __post_init__(self) -> None:
        whole("regression.columns", self.columns, 1)
        within("regression.noise", self.noise, 0, float("inf"))

    @property
    def classes(self) -> int:
        """None: the outcome is a number."""
        return 0

    @property
    def schema(self) -> Schema:
        """x0, x1, …"""
        return numbers(self.columns)

    def draw(self, luck: Luck, now: Moment) -> Drawn:
        """Draw one page."""
        if now.priors:
            refuse("drift.kind", "prior", "a regression has no classes whose share could change")
        rules: list[LinearRegression] = [rule for rule, _ in now.rules]  # type: ignore[misc]
        count = len(now.times_us)
        x = luck.page("features", now.page).standard_normal((count, self.columns))
        now.move(x)
        best = now.blend([x @ (direction(rule.rule, self.columns) * rule.slope) for rule in rules])
        noise = np.maximum(now.blend([rule.noise for rule in rules]) + now.extra_noise, 0.0)
        y = best + noise * luck.page("outcome", now.page).standard_normal(count)
        return Drawn(x, y, np.asarray(best))

    def best(self, x: Floats) -> Floats:
        """Return the mean outcome of each record."""
        return np.asarray(x @ (direction(self.rule, self.columns) * self.slope))

    def bayes_loss(self) -> float:
        """The smallest reachable mean squared error."""
        return self.noise**2


@dataclass(frozen=True, kw_only=True)
class Moving:
    """A world with no features that moves away by *speed* every *step*.

    Code whose surroundings change and content that people tire of live here: a version is
    good where it was built. The one column is the place; the outcome is the luck of the
    request, a number in [0, 1).
    """

    speed: float = 0.01
    step: str = "1d"
    place: float = 0.0

    def __post_init__(self) -> None:
        from sim.clock import positive_us

        positive_us(self.step, "moving.step")

    @property
    def classes(self) -> int:
        """None: how good an answer is depends on the version alone."""
        return 0

    @property
    def schema(self) -> Schema:
        """The place."""
        return Schema((Column(name="place"),))

    def draw(self, luck: Luck, now: Moment) -> Drawn:
        """Draw one page."""
        if now.priors or now.shifts:
            refuse("drift.kind", "covariate or prior", "a world without features has none")
        places = [rule.at(now.times_us) for rule, _ in now.rules]  # type: ignore[attr-defined]
        place = np.asarray(now.blend(places))
        return Drawn(place[:, None], _uniforms(luck, now), np.zeros(len(place)))

    def at(self, times_us: NDArray[np.int64]) -> Floats:
        """Return where the world is at each time."""
        from sim.clock import us

        return self.place + self.speed * (times_us // us(self.step)).astype(np.float64)

    def best(self, x: Floats) -> Floats:
        """A fresh version never fails."""
        return np.zeros(len(x))

    def bayes_loss(self) -> float:
        """A version built this very moment loses nothing to staleness."""
        return 0.0
