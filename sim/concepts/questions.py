"""Questions with documents that may hold the answer: the world of a four-stage pipeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.concepts.concept import Drawn, Moment
from sim.concepts.judgements import ANSWER, DRAFTS, STAGES, Judgements
from sim.errors import refuse, whole, within
from sim.schema import Column, Schema

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance import Luck

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Questions:
    """Questions on *topics*, with *candidates* documents each.

    A share *answerable* has one document that holds the answer (grade 3); of the others each is
    closely (grade 2) or loosely (grade 1) about the matter with the chances *close* and *loose*.
    Documents have an age that is exponential: in the mean *fresh* for those that hold an answer,
    *old* for the rest, in the unit in which `StageDrift` moves the retrieval stage. Two numbers
    arrive with a request, what it asks (query) and who asks (profile). The right answer of a
    question is a topic; where there is none, nothing is right.
    """

    topics: int = 10
    candidates: int = 20
    answerable: float = 0.97
    close: float = 0.1
    loose: float = 0.2
    fresh: float = 1.0
    old: float = 4.0

    stages: ClassVar[tuple[str, ...]] = STAGES
    refuses: ClassVar[dict[str, str]] = {
        "prior": "questions have no classes whose share could change",
        "concept": "a StageDrift moves the world away from one stage",
    }

    def __post_init__(self) -> None:
        whole("questions.topics", self.topics, 2, 1_000)
        whole("questions.candidates", self.candidates, 2, 1_000)
        for name in ("answerable", "close", "loose"):
            within(f"questions.{name}", getattr(self, name), 0, 1)
        if self.close + self.loose > 1:
            refuse("questions.loose", self.loose, "close and loose are at most 1 together")
        for name in ("fresh", "old"):
            within(f"questions.{name}", getattr(self, name), 1e-9, 1e9)

    @property
    def classes(self) -> int:
        """The topics, and one for questions that nothing answers."""
        return self.topics + 1

    @property
    def schema(self) -> Schema:
        """What is asked and who asks."""
        return Schema((Column(name="query"), Column(name="profile")))

    def draw(self, luck: Luck, now: Moment) -> Drawn:
        """Draw one page: each array from luck of its own."""
        count, size, page = len(now.times_us), (len(now.times_us), self.candidates), now.page
        x = luck.page("features", page).standard_normal((count, 2))
        now.move(x)
        luck_of_grades = luck.page("relevance", page).random(size, dtype=np.float32)
        grade = (luck_of_grades < self.close).astype(np.int8)
        grade += luck_of_grades < self.close + self.loose
        answerable = luck_of_grades[:, 0] < self.answerable - now.extra_noise
        grade[:, 0] = np.where(answerable, ANSWER, 0)
        age = luck.page("age", page).standard_exponential(size, dtype=np.float32)
        age *= np.float32(self.old)
        age[:, 0] *= np.float32(self.fresh / self.old)
        topic = luck.page("outcome", page).integers(0, self.topics, count)
        right = np.where(answerable, topic, self.topics).astype(np.float64)
        judged = Judgements(
            grade,
            age,
            self._places(now),
            right,
            x.copy(),
            luck.page("stage retrieval", page).standard_normal(size, dtype=np.float32),
            luck.page("stage ranking", page).standard_normal(size, dtype=np.float32),
            luck.page("stage generation", page).random((count, DRAFTS)),
            luck.page("stage validation", page).random((count, DRAFTS)),
        )
        best = np.where(answerable, right, -1.0)
        return Drawn(x, right, best, judged)

    def _places(self, now: Moment) -> Floats:
        """Return where the world is for each stage (n, 4): where drifts have moved it."""
        places = np.zeros((len(now.times_us), len(STAGES)))
        for stage, by, progress in now.stages:
            places[:, STAGES.index(stage)] += by * progress
        return places

    def best(self, x: Floats) -> Floats:
        """What the features say of the answer: nothing."""
        return np.full(len(x), -1.0)

    def bayes_loss(self) -> float:
        """The share of questions that nothing answers."""
        return 1.0 - self.answerable
