"""Any number of classes, each of several clouds: the class first, then the features."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from sim.concepts.clouds import likeliest, mislead, scatter
from sim.concepts.concept import MOST_COLUMNS, Concept, Drawn, Moment, Progress
from sim.errors import refuse, whole, within
from sim.schema import Schema, numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance import Luck

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class GaussianMixture:
    """*classes* of as many *clouds* each, unit normal around centres that *rule* names.

    A centre's coordinates are normal with deviation *distance*. *prior* holds the share of each
    class, equal by default; a class's clouds are equally large. *noise* is the chance that the
    outcome is one of the other classes. The best answer is Bayes' rule, exactly.
    """

    classes: int = 3
    clouds: int = 2
    columns: int = 5
    rule: str = "start"
    distance: float = 1.5
    prior: tuple[float, ...] = ()
    noise: float = 0.0

    def __post_init__(self) -> None:
        whole("mixture.classes", self.classes, 2, 100)
        whole("mixture.clouds", self.clouds, 1, 100)
        whole("mixture.columns", self.columns, 1, MOST_COLUMNS)
        within("mixture.distance", self.distance, 0, 1e6)
        within("mixture.noise", self.noise, 0, 1 - 1 / self.classes)
        if self.prior and len(self.prior) != self.classes:
            refuse("mixture.prior", self.prior, f"give {self.classes} shares, one for each class")
        for share in self.prior:
            within("mixture.prior", share, 0, 1)
        if self.prior and abs(sum(self.prior) - 1.0) > 1e-9:
            refuse("mixture.prior", self.prior, "shares add up to 1")

    @property
    def schema(self) -> Schema:
        """x0, x1, …"""
        return numbers(self.columns)

    @property
    def shares(self) -> tuple[float, ...]:
        """The share of each class."""
        return self.prior or (1.0 / self.classes,) * self.classes

    @property
    def centres(self) -> Floats:
        """The centre of each cloud, those of class 0 first (shape classes × clouds, d)."""
        unit = _unit_centres(self.rule, self.classes * self.clouds, self.columns)
        return unit * self.distance

    def check_next(self, to: Concept, field: str) -> None:
        """Refuse to become a mixture of another number of clouds."""
        assert isinstance(to, GaussianMixture)
        if to.clouds != self.clouds:
            refuse(field, to, f"each class must have {self.clouds} clouds as well")

    def draw(self, luck: Luck, now: Moment) -> Drawn:
        """Draw one page: the class, its cloud, the features, and what covariate changes do to y."""
        count = len(now.times_us)
        rules: list[GaussianMixture] = [rule for rule, _ in now.rules]  # type: ignore[misc]
        if len(rules) == 1 and not now.priors:
            bounds, logs, centres = _at_rest(rules[0])
        else:
            bounds, logs = _cumulated(self._shares(now))
            centres = self._centres(now)
        words = luck.words("outcome", now.page)
        x = luck.page("features", now.page).standard_normal((count, self.columns))
        cloud = luck.words("cloud", now.page) if self.clouds > 1 else words
        y: Floats = scatter(x, words, cloud, bounds, centres)
        now.move(x)
        if now.shifts:  # features moved, the rule did not: y follows from where x is now
            moved = np.zeros(count, dtype=bool)
            for _, _, progress in now.shifts:
                moved |= np.broadcast_to(np.asarray(progress) > 0, (count,))
            again = luck.random("outcome after a covariate change", count, now.page)
            places = np.cumsum(self._chances(x, centres, logs), axis=1)[:, :-1]
            y = np.where(moved, (again[:, None] >= places).sum(axis=1), y).astype(np.float64)
        noise: Progress = now.blend([rule.noise for rule in rules])
        if len(rules) > 1 or not isinstance(now.extra_noise, float) or now.extra_noise:
            noise = np.clip(noise + now.extra_noise, 0.0, 1 - 1 / self.classes)
        if np.any(noise):
            each = np.atleast_1d(np.asarray(noise, dtype=np.float64))
            mislead(y, luck.words("flips", now.page), each, self.classes)
        if now.cut == 0.5 and len(centres) == 1:
            return Drawn(x, y, likeliest(x, centres[0], logs))
        return Drawn(x, y, self._cheapest(self._chances(x, centres, logs), noise, now.cut))

    def best(self, x: Floats) -> Floats:
        """Return the likeliest class of each record."""
        _, logs, centres = _at_rest(self)
        found: Floats = likeliest(x, centres[0], logs)
        return found

    def _shares(self, now: Moment) -> Floats:
        """Return the share of each class, once or for each record (shape 1 or n, classes)."""
        shares = np.array([now.rules[0][0].shares])  # type: ignore[attr-defined]
        changes = [(rule.shares, p) for rule, p in now.rules[1:]]  # type: ignore[attr-defined]
        for target, progress in (*changes, *now.priors):
            part = np.atleast_1d(np.asarray(progress))[:, None]
            to = (1.0 - target, target) if isinstance(target, float) else target
            shares = shares * (1.0 - part) + np.array([to]) * part
        return shares

    def _centres(self, now: Moment) -> Floats:
        """Return the centres, once or for each record (shape 1 or n, clouds in all, d)."""
        centres: Floats = now.rules[0][0].centres[None]  # type: ignore[attr-defined]
        for rule, progress in now.rules[1:]:
            part = np.atleast_1d(np.asarray(progress))[:, None, None]
            centres = centres * (1.0 - part) + rule.centres[None] * part  # type: ignore[attr-defined]
        return centres

    def _chances(self, x: Floats, centres: Floats, logs: Floats) -> Floats:
        """Return the chance of each class given the features (shape n, classes)."""
        halves = (centres * centres).sum(axis=2) / 2
        spec = "nd,ncd->nc" if len(centres) > 1 else "nd,mcd->nc"
        scores = np.einsum(spec, x, centres) - halves
        scores += np.repeat(logs, self.clouds, axis=1)
        peak = scores.max(axis=1, keepdims=True)
        dense = np.exp(scores - peak).reshape(len(scores), self.classes, self.clouds).sum(axis=2)
        return np.asarray(dense / dense.sum(axis=1, keepdims=True))

    def _cheapest(self, chances: Floats, noise: Progress, cut: float) -> Floats:
        """Return the answers that cost least: class 0 missed costs *cut*, another the rest to 1."""
        part = np.atleast_1d(noise)[:, None]
        chances = chances * (1.0 - part) + (1.0 - chances) * part / (self.classes - 1)
        chances[:, 0] *= cut
        chances[:, 1:] *= 1.0 - cut
        answers: Floats = chances.argmax(axis=1).astype(np.float64)
        return answers


@lru_cache(maxsize=256)
def _at_rest(rule: GaussianMixture) -> tuple[Floats, Floats, Floats]:
    """Return cumulated shares, their logarithms and the centres of a rule that holds alone."""
    return *_cumulated(np.array([rule.shares])), rule.centres[None]


def _cumulated(shares: Floats) -> tuple[Floats, Floats]:
    with np.errstate(divide="ignore"):
        return np.cumsum(shares, axis=1), np.log(shares)


@lru_cache(maxsize=256)
def _unit_centres(rule: str, count: int, columns: int) -> Floats:
    hashed = blake2b(f"mixture {rule}".encode(), digest_size=8).digest()
    seed = int.from_bytes(hashed, "little")
    centres = np.random.Generator(np.random.SFC64(seed)).standard_normal((count, columns))
    centres.flags.writeable = False
    return centres
