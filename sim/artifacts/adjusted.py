"""A fitted model whose scores were brought back in line, or whose threshold was moved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log
from typing import TYPE_CHECKING

import numpy as np

from sim.artifacts.artifact import Answers, CannotBuild
from sim.artifacts.fitted import Fitted
from sim.evaluation import Graded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.artifacts.artifact import Examples, Model
    from sim.losses import Loss
    from sim.source import Page

    Floats = NDArray[np.float64]

ROUNDS = 50
LEAST = 20
"""Fewer records than this say nothing of a threshold or a calibration."""


@dataclass(frozen=True, kw_only=True)
class Adjusted:
    """A *model* with its level *slope* × level + *constant*; it answers 1 above *line*.

    The level of a class is the logarithm of its odds, or a line's own score; of a number it is the
    score itself, and there is no line.
    """

    model: Fitted
    slope: float = 1.0
    constant: float = 0.0
    line: float = 0.0

    @classmethod
    def of(cls, model: Model) -> Adjusted:
        """Return a model as an adjusted one that answers as it does."""
        if isinstance(model, Adjusted):
            return model
        assert isinstance(model, Fitted)
        return cls(model=model)

    @property
    def calibrated(self) -> bool:
        """Whether its scores were brought back in line."""
        return (self.slope, self.constant) != (1.0, 0.0)

    @property
    def adjusts(self) -> tuple[str, ...]:
        """Which of its knobs can be turned."""
        return self.model.adjusts

    @property
    def said(self) -> str:
        """What was turned, in words."""
        parts = []
        if self.calibrated:
            parts.append(f"level = {self.slope:.4g} × level + {self.constant:.4g}")
        if self.model.classes == 2:
            sure = float(_chance(np.array([self.line]))[0])
            chances = self.model.gives_chances or self.calibrated
            parts.append(f"1 above {f'a chance of {sure:.4g}' if chances else self.line}")
        return "; ".join(parts)

    def answers(self, page: Page) -> Answers:
        """Answer from what arrived over the wire."""
        return self._of(self.model.answers(page))

    def answered(self, examples: Examples) -> Answers:
        """Answer examples, gaps filled."""
        return self._of(self.model.answered(examples))

    def loss_on(self, examples: Examples, loss: Loss) -> tuple[float, float]:
        """Return the mean loss and the mean answer on examples, gaps filled."""
        answer = self.answered(examples).answer
        return float(loss.of(answer, examples.y).mean()), float(answer.mean())

    def graded(self, examples: Examples, loss: Loss) -> Graded:
        """Grade every example, gaps filled."""
        given = self.answered(examples)
        return Graded(loss.of(given.answer, examples.y), given.answer, self.chance(given.score))

    def chance(self, score: Floats) -> Floats | None:
        """Return the chance of class 1 that a score stands for, None if it stands for none."""
        if not (self.model.gives_chances or (self.model.classes == 2 and self.calibrated)):
            return None
        return score if not self.model.is_line else _chance(score)

    def _of(self, given: Answers) -> Answers:
        if self.model.classes != 2:
            score = self.slope * given.score + self.constant
            return Answers(score, score)
        level = self.slope * self._level(given.score) + self.constant
        low, high = self.model.values
        answer = np.where(level > self.line, high, low)
        answer[~np.isfinite(given.answer)] = np.nan
        return Answers(level if self.model.is_line else _chance(level), answer)

    def _level(self, score: Floats) -> Floats:
        if self.model.is_line:
            return score
        sure = np.clip(score, 1e-12, 1 - 1e-12)
        return np.asarray(np.log(sure / (1 - sure)))

    def levels(self, examples: Examples) -> Floats:
        """Return the levels of examples (shape n), adjusted as they are now."""
        return self.slope * self._level(self.model.answered(examples).score) + self.constant

    # -- making another of it ----------------------------------------------------------------

    def with_threshold(self, chance: float) -> Adjusted:
        """Return one that answers 1 from another *chance* on."""
        return replace(self, line=log(chance / (1 - chance)))

    def with_best_threshold(self, examples: Examples, loss: Loss) -> Adjusted:
        """Return the one whose threshold loses least on *examples*."""
        level, y = self.levels(examples), examples.y
        level, y = _known(level, y)
        low, high = self.model.values
        order = np.argsort(level, kind="stable")
        level, y = level[order], y[order]
        if_low, if_high = (loss.of(np.full(len(y), answer), y) for answer in (low, high))
        # what the first k cost as `low` and the rest as `high`, for every k
        cost = np.concatenate([[0.0], np.cumsum(if_low - if_high)])
        apart = np.concatenate([[True], level[1:] > level[:-1], [True]])
        place = int(np.flatnonzero(apart)[np.argmin(cost[apart])])
        edges = np.concatenate([[level[0] - 1.0], level, [level[-1] + 1.0]])
        return replace(self, line=float((edges[place] + edges[place + 1]) / 2))

    def recalibrated(self, examples: Examples, cut: float) -> Adjusted:
        """Return the one whose scores fit *examples*, answering 1 above the chance *cut*."""
        plain = Adjusted(model=self.model)
        level, y = _known(plain.levels(examples), examples.y)
        if self.model.classes != 2:
            slope, constant = _straight(level, y)
            return replace(plain, slope=slope, constant=constant)
        slope, constant = _odds(level, (y == self.model.values[1]).astype(np.float64))
        return replace(plain, slope=slope, constant=constant, line=log(cut / (1 - cut)))


def _known(level: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return those examples that have a level."""
    told = np.isfinite(level)
    if told.sum() < LEAST:
        raise CannotBuild(f"{int(told.sum())} labelled records in the window, {LEAST} are needed")
    return level[told], y[told]


def _chance(level: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(level, -700.0, 700.0))))


def _straight(x: Floats, y: Floats) -> tuple[float, float]:
    """Return the least-squares line."""
    spread = float(((x - x.mean()) ** 2).sum())
    slope = float(((x - x.mean()) * (y - y.mean())).sum()) / spread if spread else 0.0
    return slope, float(y.mean()) - slope * float(x.mean())


def _odds(x: Floats, y: Floats) -> tuple[float, float]:
    """Fit the chance of y = 1 by Newton's method, with Platt's targets against sure ones."""
    ones = float(y.sum())
    target = np.where(y > 0.5, (ones + 1) / (ones + 2), 1 / (len(y) - ones + 2))
    design = np.column_stack([x, np.ones(len(x))])
    found = np.array([1.0, 0.0])
    loss = _deviance(design @ found, target)
    for _ in range(ROUNDS):
        chance = _chance(design @ found)
        gradient = design.T @ (chance - target)
        bend = design.T @ (design * (chance * (1 - chance))[:, None]) + 1e-9 * np.eye(2)
        step = np.linalg.solve(bend, gradient)
        while (new := _deviance(design @ (found - step), target)) > loss and abs(step).max() > 1e-9:
            step = step / 2
        found, loss = found - step, new
        if abs(step).max() < 1e-9:
            break
    return float(found[0]), float(found[1])


def _deviance(level: Floats, target: Floats) -> float:
    return float((np.logaddexp(0.0, level) - target * level).sum())
