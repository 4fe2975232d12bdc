"""Two classes: features first, then a score; class 1 where it is positive, flipped with noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.concepts.compiled import settle, sides
from sim.concepts.concept import Drawn, Moment, uniforms
from sim.errors import refuse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance import Luck

    Floats = NDArray[np.float64]

_MAX_REDRAWS = 400


class TwoClasses:
    """Features first, then a score; class 1 where it is positive, flipped with *noise*."""

    noise: float

    @property
    def classes(self) -> int:
        """Two."""
        return 2

    def features(self, generator: np.random.Generator, count: int) -> Floats:
        """Draw the features of *count* records."""
        raise NotImplementedError

    def drawn(self, luck: Luck, page: int, count: int) -> Floats:
        """Draw the features of a page."""
        return self.features(luck.page("features", page), count)

    def score(self, x: Floats) -> Floats:
        """Return how clearly each record belongs to class 1."""
        raise NotImplementedError

    def blur(self, luck: Luck, now: Moment, x: Floats) -> None:
        """Change, in place, what is observed of features that have done their work: nothing."""

    def best(self, x: Floats) -> Floats:
        """Return the class of each record."""
        return (self.score(x) > 0).astype(np.float64)

    def draw(self, luck: Luck, now: Moment) -> Drawn:
        """Draw one page."""
        rules: list[TwoClasses] = [rule for rule, _ in now.rules]  # type: ignore[misc]
        x = self.drawn(luck, now.page, len(now.times_us))
        if now.still and not rules[0].noise:  # nothing to toss for, nothing to weigh
            clean_y = sides(rules[0].score(x))
            self.blur(luck, now, x)
            return Drawn(x, clean_y, clean_y)
        now.move(x)
        score = now.blend([rule.score(x) for rule in rules])
        assert not isinstance(score, float)
        if now.priors:
            score = self._with_prior(luck, now, rules, x, score)
        self.blur(luck, now, x)
        noise = now.blend([rule.noise for rule in rules])
        if isinstance(now.extra_noise, float) and now.extra_noise == 0.0:
            flip_share = noise
        else:
            flip_share = np.clip(noise + now.extra_noise, 0.0, 0.5)
        if isinstance(flip_share, float):
            return Drawn(x, *settle(score, uniforms(luck, now), flip_share, now.cut))
        clean = score > 0
        flip = uniforms(luck, now) < flip_share
        y = (clean ^ flip).astype(np.float64)
        if now.cut == 0.5:
            return Drawn(x, y, clean.astype(np.float64))
        chance = np.where(clean, 1.0 - flip_share, flip_share)
        return Drawn(x, y, (chance > now.cut).astype(np.float64))

    def _with_prior(
        self, luck: Luck, now: Moment, rules: list[TwoClasses], x: Floats, score: Floats
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

    def bayes_loss(self) -> float:
        """The smallest reachable error rate."""
        return self.noise
