"""What an evaluation report says of held-out records: all of them, and segment by segment."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeGuard

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BINS = 10
_sum = np.add.reduce


class Graded(NamedTuple):
    """A model's loss and answer on each record (shape n), and its chance of outcome 1 if it has
    one.
    """

    loss: Floats
    answer: Floats
    chance: Floats | None = None


class Gradable(Protocol):
    """A model that can be graded record by record."""

    def graded(self, examples: Any, loss: Any) -> Graded:
        """Answer every example, learning nothing, and say what each answer would have lost."""


def gradable(model: object) -> TypeGuard[Gradable]:
    """Say whether a model can be graded: a check against the protocol costs thirty times this."""
    return hasattr(model, "graded")


def mean(values: Floats) -> float:
    """Return the mean of some values: numpy's own, without what that checks before."""
    return float(_sum(values)) / len(values)


@dataclass(frozen=True, kw_only=True)
class Mean:
    """A mean over *records*, with its standard error; NaN where fewer than two records tell."""

    value: float
    error: float

    @classmethod
    def of(cls, values: Floats) -> Mean:
        """Measure the values."""
        count = len(values)
        if not count:
            return cls(value=nan, error=nan)
        middle = mean(values)
        if count == 1:
            return cls(value=middle, error=nan)
        apart = values - middle
        spread = sqrt(float(_sum(apart * apart)) / (count - 1))
        return cls(value=middle, error=spread / sqrt(count))


@dataclass(frozen=True, kw_only=True)
class Group:
    """The held-out records of one *segment* ('' for all): loss, answers, and gains in loss.

    *over_champion* and *over_naive* are by how much the loss is below that of the champion and
    of the naive answer on the very same records; *over_champion* is None at the launch.
    """

    segment: str
    records: int
    loss: Mean
    answer: Mean
    over_naive: Mean
    over_champion: Mean | None


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """What gates read: the *groups* (all records first), calibration, and the test suite.

    *calibration_error* is the mean distance between chance and frequency over ten equal bins of
    chance, None for models that give no chances. *suite_failed* says whether the artifact's own
    tests found something, None if it has none. *columns* are those that the version was built
    with.
    """

    champion: str
    held_out: bool
    groups: tuple[Group, ...]
    calibration_error: float | None
    suite_failed: bool | None
    columns: tuple[str, ...]

    @property
    def whole(self) -> Group | None:
        """All records, None where none were graded."""
        return self.groups[0] if self.groups else None

    def described(self) -> dict[str, Any]:
        """Return what the lineage says of it."""
        return {
            "champion": self.champion,
            "calibration error": self.calibration_error,
            "segments": {
                group.segment or "all": {
                    "records": group.records,
                    "loss": group.loss.value,
                    "gain over the champion": group.over_champion and group.over_champion.value,
                    "gain over the naive answer": group.over_naive.value,
                }
                for group in self.groups
            },
        }


def groups(
    mine: Graded,
    naive: Floats,
    champion: Graded | None,
    segment: NDArray[np.int8] | None,
    names: tuple[str, ...],
) -> tuple[Group, ...]:
    """Measure all records that were answered, then those of each segment (arrays of shape n)."""
    known = np.isfinite(mine.loss)
    if champion is not None:
        known &= np.isfinite(champion.loss)
    parts = [("", known)]
    if segment is not None:
        parts += [(name, known & (segment == place)) for place, name in enumerate(names)]
    return tuple(
        Group(
            segment=name,
            records=int(rows.sum()),
            loss=Mean.of(mine.loss[rows]),
            answer=Mean.of(mine.answer[rows]),
            over_naive=Mean.of(naive[rows] - mine.loss[rows]),
            over_champion=champion and Mean.of(champion.loss[rows] - mine.loss[rows]),
        )
        for name, rows in parts
    )


def calibration_error(chance: Floats | None, y: Floats) -> float | None:
    """Return the mean distance between chances and frequencies of outcome 1, by bins of chance.

    >>> calibration_error(np.array([0.2, 0.2, 0.2, 0.2]), np.array([0.0, 0.0, 0.0, 1.0]))
    0.05
    """
    if chance is None:
        return None
    told = np.isfinite(chance)  # where an estimator has no answer there is no chance either
    chance, y = chance[told], y[told]
    if not len(y):
        return None
    bins = np.clip((chance * BINS).astype(np.int64), 0, BINS - 1)
    gaps = np.bincount(bins, weights=chance - (y > 0.5), minlength=BINS)
    return round(float(np.abs(gaps).sum()) / len(y), 12)
