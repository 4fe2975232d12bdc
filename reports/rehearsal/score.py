"""A score with known ends: nobody acting is 0, the best that was played or possible is 100."""

from __future__ import annotations

from dataclasses import dataclass

from reports.rehearsal.scene import HINT_PRICE

LEAST_SCALE = 0.01
"""Ends nearer to each other than this share of the cost are one: then every extra cost counts."""


@dataclass(frozen=True, kw_only=True)
class Score:
    """What a game cost (*yours*) between its ends, and what *hints* cost in points."""

    yours: float
    nobody: float
    best: float
    best_name: str
    hints: int = 0

    @property
    def points(self) -> int:
        """From 0 to 100; below 0 for a year that nobody would have played better than you.

        >>> Score(yours=150.0, nobody=200.0, best=100.0, best_name="hindsight", hints=1).points
        45
        """
        scale = max(self.nobody - self.best, LEAST_SCALE * self.nobody, 1e-12)
        share = (self.nobody - self.yours) / scale
        if self.nobody - self.best < LEAST_SCALE * self.nobody:
            share = 1.0 + share  # nothing was to be won: who did nothing has all of it
        return round(100 * max(-1.0, min(1.0, share)) - HINT_PRICE * self.hints)
