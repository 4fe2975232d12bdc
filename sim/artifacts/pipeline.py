"""A pipeline of four stages: retrieval, ranking, generation, validation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.artifacts import stages
from sim.artifacts.artifact import Answers, CannotBuild
from sim.concepts.judgements import DRAFTS, STAGES
from sim.errors import one_of, refuse, whole, within
from sim.evaluation import Graded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.artifacts.artifact import Examples, Model
    from sim.concepts.judgements import Judgements
    from sim.losses import Loss
    from sim.source import Page

    Floats = NDArray[np.float64]

SIGNALS = (
    "retrieval precision",
    "retrieval recall",
    "ranking ndcg",
    "generation faithfulness",
    "validation false negatives",
    "validation false positives",
)
"""What is measured of each stage, from the judgements of the questions that it answered."""


@dataclass(frozen=True, kw_only=True)
class Pipeline:
    """Retrieve, rank, generate, validate; each stage is as good as its skill when fresh.

    *retrieved* documents are found and ordered, the first *handed* are handed over, and at most
    *drafts* answers are drafted until validation lets one through. *retrieval* and *ranking* are
    by how many standard deviations of their noise one grade of relevance stands out.
    *generation* is the chance that a draft keeps to documents that hold the answer,
    *ungrounded* to others; *catches* is the chance that validation stops a wrong draft,
    *stops* that it stops a right one. As the world moves away from a stage, documents that came
    out since are not in the index of retrieval, and the skill of any other stage falls by
    exp(-distance). Stages named in *perfect* make no mistakes and never age.

    A query or a profile that arrives other than it was meant misleads retrieval or ranking: its
    skill falls by exp(-difference), to nothing if it does not arrive.
    """

    retrieved: int = 8
    handed: int = 3
    drafts: int = 2
    retrieval: float = 1.5
    ranking: float = 1.5
    generation: float = 0.97
    ungrounded: float = 0.5
    catches: float = 0.8
    stops: float = 0.02
    perfect: tuple[str, ...] | str = ()

    stages: ClassVar[tuple[str, ...]] = STAGES
    signals: ClassVar[tuple[str, ...]] = SIGNALS

    def __post_init__(self) -> None:
        whole("pipeline.retrieved", self.retrieved, 1)
        whole("pipeline.drafts", self.drafts, 1)
        whole("pipeline.handed", self.handed, 1)
        if self.handed > self.retrieved:
            refuse("pipeline.handed", self.handed, f"at most what is retrieved ({self.retrieved})")
        if self.drafts > DRAFTS:
            refuse("pipeline.drafts", self.drafts, f"there is luck for {DRAFTS}")
        for name in ("retrieval", "ranking"):
            within(f"pipeline.{name}", getattr(self, name), 0, 1e3)
        for name in ("generation", "ungrounded", "catches", "stops"):
            within(f"pipeline.{name}", getattr(self, name), 0, 1)
        named = (self.perfect,) if isinstance(self.perfect, str) else self.perfect
        object.__setattr__(self, "perfect", tuple(name for name in named if name))
        for name in self.perfect:
            one_of("pipeline.perfect", name, STAGES)

    def build(self, examples: Examples, *, random_state: int, warm: Model | None) -> Model:
        """Build all four stages for the world that the examples show."""
        del random_state, warm
        return Assembled(self, _places(examples))

    def rebuild(self, stage: str, champion: Model, examples: Examples) -> Model:
        """Build one *stage* anew; carry the others over from *champion*."""
        assert isinstance(champion, Assembled)
        places = list(champion.places)
        places[STAGES.index(stage)] = _places(examples)[STAGES.index(stage)]
        return replace(champion, places=tuple(places))


def _places(examples: Examples) -> tuple[float, ...]:
    """Return where the world is for each stage: an index is as new as the newest example."""
    judged = examples.judgements
    if judged is None or not len(judged):
        raise CannotBuild("no judged question in the window")
    newest, mean = judged.places[-1], judged.places.mean(axis=0)
    return (float(newest[0]), *(float(place) for place in mean[1:]))


@dataclass(frozen=True)
class Assembled:
    """A pipeline whose stages were built at *places*."""

    recipe: Pipeline
    places: tuple[float, ...]

    def answers(self, page: Page) -> Answers:
        """Answer every question of *page*."""
        judged = page.truth.judgements
        assert judged is not None
        return self.of(page.wire.x, judged)

    def loss_on(self, examples: Examples, loss: Loss) -> tuple[float, float]:
        """Return mean loss and mean answer on judged examples."""
        loss_of, answer, _ = self.graded(examples, loss)
        return float(loss_of.mean()), float(answer.mean())

    def graded(self, examples: Examples, loss: Loss) -> Graded:
        """Grade every judged example."""
        assert examples.judgements is not None
        answer = self.of(examples.x, examples.judgements).answer
        return Graded(loss.of(answer, examples.y), answer)

    def measured(self, examples: Examples) -> tuple[tuple[str, float], ...]:
        """Return the mean of each signal on judged examples, of those that were measured at all."""
        assert examples.judgements is not None
        table = self.of(examples.x, examples.judgements).signals
        assert table is not None
        known = ~np.isnan(table)
        counts, sums = known.sum(axis=0), np.where(known, table, 0.0).sum(axis=0)
        named = zip(SIGNALS, counts, sums, strict=True)
        return tuple((name, float(total / count)) for name, count, total in named if count)

    def of(self, x: Floats, judged: Judgements) -> Answers:
        """Answer questions that arrived as *x* (n, 2)."""
        recipe, count = self.recipe, len(judged)
        arrived = np.exp(-np.abs(x - judged.meant))
        arrived[np.isnan(arrived)] = 0.0
        skill = self._skills(judged)
        behind = np.maximum(judged.places[:, 0] - self.places[0], 0.0)
        skill[:, 0] *= arrived[:, 0]
        skill[:, 1] *= arrived[:, 1]
        if "retrieval" in recipe.perfect:
            skill[:, 0], behind = stages.CERTAIN, np.zeros(count)
        if "ranking" in recipe.perfect:
            skill[:, 1] = stages.CERTAIN
        size = min(recipe.retrieved, judged.grade.shape[1])
        found = stages.retrieve(judged, size, skill[:, 0], behind)
        ranked, score = stages.rank(judged, found, skill[:, 1])
        grades = ranked.grades(judged)
        outcome = stages.answer(
            judged,
            grades[:, : recipe.handed],
            drafts=recipe.drafts,
            faithful=self._faithful(skill[:, 2]),
            stopped=self._stopped(skill[:, 3]),
        )
        wrong = np.where(judged.right > 0, judged.right - 1.0, 1.0)
        said = np.where(outcome.right, judged.right, np.where(outcome.passed, wrong, -1.0))
        return Answers(score, said, _measured(judged, grades, outcome))

    def _skills(self, judged: Judgements) -> Floats:
        """Return what is left of each stage's skill (n, 4); the index loses documents instead."""
        recipe = self.recipe
        left = np.exp(-np.abs(judged.places - np.array(self.places)))
        left[:, 0] = 1.0
        fresh = (recipe.retrieval, recipe.ranking, 1.0, recipe.catches)
        return np.asarray(left * np.array(fresh))

    def _faithful(self, left: Floats) -> tuple[Floats, Floats]:
        recipe = self.recipe
        if "generation" in recipe.perfect:
            return np.ones(len(left)), np.ones(len(left))
        return recipe.generation * left, recipe.ungrounded * left

    def _stopped(self, catches: Floats) -> tuple[Floats, Floats]:
        if "validation" in self.recipe.perfect:
            return np.zeros(len(catches)), np.ones(len(catches))
        return np.full(len(catches), self.recipe.stops), catches


def _measured(judged: Judgements, grades: NDArray[np.int8], outcome: stages.Outcome) -> Floats:
    """Return the signals (n, 6)."""
    return np.column_stack(
        [
            stages.precision(grades),
            stages.recall(grades, judged),
            stages.ndcg(grades),
            outcome.faithful,
            np.where(outcome.first_right, np.nan, outcome.first_passed),
            np.where(outcome.first_right, ~outcome.first_passed, np.nan),
        ]
    )
