"""What a pipeline is judged by: drawn relevance of documents, and each stage's luck."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Singles = NDArray[np.float32]

STAGES = ("retrieval", "ranking", "generation", "validation")
"""What a pipeline consists of, in order."""
ANSWER = 3
"""The grade of the document that holds the answer; 2 and 1 are about the matter, 0 is not."""
DRAFTS = 3
"""For how many drafts of an answer there is luck."""


@dataclass(frozen=True)
class Judgements:
    """The truth about *n* questions with *m* candidate documents each.

    *grade* (n, m) is how relevant a document is, *age* (n, m) how much has moved since it came
    out, in places of the retrieval stage. *places* (n, 4) are where the world is for each stage,
    *right* (n) is the right answer, *meant* (n, d) the features as they were meant. The rest is
    luck: noise of the scores that retrieval and ranking give (n, m), and uniforms of generation
    and validation for each draft (n, DRAFTS).
    """

    grade: NDArray[np.int8]
    age: Singles
    places: Floats
    right: Floats
    meant: Floats
    retrieval: Singles
    ranking: Singles
    generation: Floats
    validation: Floats

    def __len__(self) -> int:
        return len(self.grade)

    @property
    def nbytes(self) -> int:
        """The memory that they hold."""
        return sum(array.nbytes for array in self._arrays())

    def take(self, rows: Any) -> Judgements:
        """Return those of *rows*."""
        return Judgements(*(array[rows] for array in self._arrays()))

    def freeze(self) -> None:
        """Make all arrays read-only."""
        for array in self._arrays():
            array.flags.writeable = False

    @classmethod
    def join(cls, parts: Sequence[Judgements]) -> Judgements:
        """Return all *parts* as one."""
        columns = zip(*(part._arrays() for part in parts), strict=True)
        return cls(*(np.concatenate(column) for column in columns))

    def _arrays(self) -> list[NDArray[Any]]:
        return [getattr(self, field.name) for field in fields(self)]
