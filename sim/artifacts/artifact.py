"""What every artifact shares: it is built from examples and answers pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.concepts import Judgements
    from sim.losses import Loss
    from sim.source import Page

    Floats = NDArray[np.float64]


class Answers(NamedTuple):
    """Raw scores and answers of one version for a page (shape n); no answer where not finite.

    *signals* (n × k, NaN for none) are what else can be measured of each answer: the artifact
    names them in its `signals`, a tuple of k names.
    """

    score: Floats
    answer: Floats
    signals: Floats | None = None


@dataclass(frozen=True)
class Examples:
    """Labelled records as the team has observed them (n, d), NaN where a value did not arrive."""

    names: tuple[str, ...]
    x: Floats
    y: Floats
    classes: int
    built_us: int
    place: float
    """where a world without features is at the time of building"""
    luck: Callable[[str], float] | None = None
    """the job's own luck by name, a number in [0, 1); None at the launch, which has none"""
    segment: NDArray[np.int8] | None = None
    """the number of each user's segment, None if there are no segments"""
    weight: Floats | None = None
    """how much each record counts, None where all count alike"""
    judgements: Judgements | None = None
    """what judges said of the documents of each record, in a world of questions"""


class Model(Protocol):
    """The working part of a version."""

    def answers(self, page: Page) -> Answers:
        """Answer every record of *page*."""

    def loss_on(self, examples: Examples, loss: Loss) -> tuple[float, float]:
        """Return the mean loss and the mean answer on examples, for the evaluation report."""


@runtime_checkable
class Sure(Protocol):
    """A model whose scores can stand for chances of outcome 1."""

    def chance(self, score: Floats) -> Floats | None:
        """Return the chance that each score stands for (shape n), None if it stands for none."""


class Artifact(Protocol):
    """A recipe that turns examples into a model."""

    def build(self, examples: Examples, *, random_state: int, warm: Model | None) -> Model:
        """Build a model; raise `CannotBuild` if these examples don't allow it."""


def drawn(weight: Floats, random_state: int) -> NDArray[np.intp]:
    """Return rows in order, each as often as its *weight* (shape n) says: for those who know none.

    Drawn systematically: no count is more than one away from what its weight would have.
    """
    start = np.random.Generator(np.random.SFC64(random_state)).random()
    bounds = np.cumsum(weight) / weight.sum() * len(weight)
    rows = bounds.searchsorted(np.arange(len(weight)) + start, side="right")
    return np.asarray(np.minimum(rows, len(weight) - 1))


class CannotBuild(Exception):
    """A training that failed for a reason that the team sees."""
