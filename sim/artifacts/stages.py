"""The four stages of a pipeline at work on judged questions, and what is measured of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.concepts.judgements import ANSWER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.concepts.judgements import Judgements

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

CERTAIN = np.float32(1e6)
"""A skill before which noise is nothing: that of a perfect stage."""


@dataclass(frozen=True)
class Retrieved:
    """Which documents were found (n, k, numbers of candidates), and whether there is one at all."""

    documents: NDArray[np.intp]
    found: Flags

    def grades(self, judged: Judgements) -> NDArray[np.int8]:
        """Return how relevant each is (n, k), 0 where there is none."""
        grade = np.take_along_axis(judged.grade, self.documents, axis=1)
        return np.where(self.found, grade, np.int8(0))


def retrieve(judged: Judgements, count: int, skill: Floats, behind: Floats) -> Retrieved:
    """Return the *count* documents of each question that score highest.

    A document scores its grade times *skill* (n) plus noise; what came out since the index was
    built, *behind* (n) ago, is not in it.
    """
    score = skill.astype(np.float32)[:, None] * judged.grade + judged.retrieval
    score[judged.age < behind.astype(np.float32)[:, None]] = -np.inf
    documents = np.argpartition(-score, count - 1, axis=1)[:, :count]
    return Retrieved(documents, np.isfinite(np.take_along_axis(score, documents, axis=1)))


def rank(judged: Judgements, given: Retrieved, skill: Floats) -> tuple[Retrieved, Floats]:
    """Return the same documents, those that score highest first, and the first one's score."""
    noise = np.take_along_axis(judged.ranking, given.documents, axis=1)
    score = skill.astype(np.float32)[:, None] * given.grades(judged) + noise
    score[~given.found] = -np.inf
    order = np.argsort(-score, axis=1, kind="stable")
    ranked = Retrieved(
        np.take_along_axis(given.documents, order, axis=1),
        np.take_along_axis(given.found, order, axis=1),
    )
    top = np.take_along_axis(score, order[:, :1], axis=1)[:, 0].astype(np.float64)
    return ranked, np.where(np.isfinite(top), top, 0.0)


def precision(grades: NDArray[np.int8]) -> Floats:
    """Return the share of relevant documents among the k places (shape n)."""
    return np.asarray((grades > 0).mean(axis=1))


def recall(grades: NDArray[np.int8], judged: Judgements) -> Floats:
    """Return which share of a question's relevant documents was found (n), NaN if it has none."""
    relevant = (judged.grade > 0).sum(axis=1)
    found = (grades > 0).sum(axis=1)
    return np.where(relevant > 0, found / np.maximum(relevant, 1), np.nan)


def ndcg(grades: NDArray[np.int8]) -> Floats:
    """Return the normalised discounted gain of an order (n), NaN where nothing is relevant.

    The gain of a grade is 2^grade - 1. The best order is that of the same documents, so that
    ranking is not blamed for what retrieval did not find.
    """
    gains = np.exp2(grades.astype(np.float64)) - 1.0
    weights = 1.0 / np.log2(np.arange(grades.shape[1]) + 2.0)
    reached = (gains * weights).sum(axis=1)
    best = (-np.sort(-gains, axis=1) * weights).sum(axis=1)
    return np.where(best > 0, reached / np.where(best > 0, best, 1.0), np.nan)


class Outcome(NamedTuple):
    """What came of each question (n): whether an answer was let through and whether it is right.

    Of the first draft: whether it kept to what it was handed, was right, and was let through.
    """

    passed: Flags
    right: Flags
    faithful: Flags
    first_right: Flags
    first_passed: Flags


def answer(
    judged: Judgements,
    handed: NDArray[np.int8],
    *,
    drafts: int,
    faithful: tuple[Floats, Floats],
    stopped: tuple[Floats, Floats],
) -> Outcome:
    """Draft an answer from the documents *handed* over (n, c) until one is let through.

    *faithful* are the chances to keep to the documents with the answer among them and without,
    *stopped* those of a right and of a wrong draft to be stopped (n each). A draft is right if
    it keeps to documents that hold the answer.
    """
    grounded = (handed == ANSWER).any(axis=1)
    keeps = np.where(grounded, *faithful)[:, None]
    holds = judged.generation[:, :drafts] < keeps
    right = holds & grounded[:, None]
    stop = np.where(right, stopped[0][:, None], stopped[1][:, None])
    through = judged.validation[:, :drafts] >= stop
    first = through.argmax(axis=1)
    passed: Flags = np.asarray(through.any(axis=1))
    taken = np.take_along_axis(right, first[:, None], axis=1)[:, 0]
    return Outcome(passed, passed & taken, holds[:, 0], right[:, 0], through[:, 0])
