"""What an evaluation report says of held-out records: all of them, and segment by segment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, runtime_checkable

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BINS = 10


class Graded(NamedTuple):
    """A model's loss and answer on each record (shape n), and its chance of outcome 1 if it has
    one.
    """

    loss: Floats
    answer: Floats
    chance: Floats | None = None


@runtime_checkable
class Gradable(Protocol):
    """A model that can be graded record by record."""

    def graded(self, examples: Any, loss: Any) -> Graded:
        """Answer every example, learning nothing, and say what each answer would have lost."""


@dataclass(frozen=True, kw_only=True)
class Mean:
    """A mean over *records*, with its standard error; NaN where fewer than two records tell."""

    value: float
    error: float

    @classmethod
    def of(cls, values: Floats) -> Mean:
        """Measure the values."""
        if not len(values):
            return cls(value=float("nan"), error=float("nan"))
        spread = float(values.std(ddof=1)) if len(values) > 1 else float("nan")
        return cls(value=float(values.mean()), error=spread / float(np.sqrt(len(values))))


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
