"""Faults of trainings: none of them raises an error, and most make the claim look better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np

from sim.errors import refuse, within
from sim.faults.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.wire import Wire

    Ints = NDArray[np.intp]
    JobLuck = Callable[[str], float]


class Split(NamedTuple):
    """Which records of a snapshot are fitted and which are held out for the claim."""

    fit: Ints
    test: Ints


@dataclass(frozen=True, kw_only=True)
class BuildFault(Fault):
    """Something wrong with a *share* of the trainings that begin while it acts."""

    by_luck: ClassVar[bool] = False
    """whether equal snapshots may give different versions"""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.width_us:
            refuse(f"{self.label}.width", self.width, "a training begins before or after it")

    @property
    def slower(self) -> float:
        """How many times as long a training takes."""
        return 1.0

    @property
    def failing(self) -> float:
        """The chance that a training crashes because of it."""
        return 0.0

    @property
    def crashing(self) -> float:
        """On what share of requests the code of a version fails because of it."""
        return 0.0

    def keeps(self, stored: Wire) -> NDArray[np.bool_] | None:
        """Return which records of a page a snapshot still finds, None for all."""
        return None

    def recipe(self, artifact: Any) -> Any:
        """Return what is built instead of *artifact*."""
        return artifact

    def seed(self, random_state: int, luck: JobLuck) -> int:
        """Return the seed that a fit gets."""
        return random_state

    def split(self, split: Split, luck: JobLuck) -> Split:
        """Return how records are split instead."""
        return split

    def trace(self) -> dict[str, str]:
        """Return what an attentive reader could find in the lineage of the training run."""
        return {}


@dataclass(frozen=True, kw_only=True)
class TrainingTrouble(BuildFault):
    """Trainings take *times* as long and crash with chance *failure*."""

    failure: float = 0.5
    times: float = 1.0
    kind: ClassVar[str] = "training trouble"

    def __post_init__(self) -> None:
        super().__post_init__()
        within(f"{self.label}.failure", self.failure, 0, 1)
        within(f"{self.label}.times", self.times, 0.01, 1e6)

    @property
    def slower(self) -> float:
        """As given."""
        return self.times

    @property
    def failing(self) -> float:
        """As given."""
        return self.failure


@dataclass(frozen=True, kw_only=True)
class CodeCrash(BuildFault):
    """Versions are built whose code fails in service, on a share of *requests*; no test sees it."""

    requests: float = 1.0
    kind: ClassVar[str] = "code crash"

    def __post_init__(self) -> None:
        super().__post_init__()
        within(f"{self.label}.requests", self.requests, 1e-9, 1)

    @property
    def crashing(self) -> float:
        """As given."""
        return self.requests


@dataclass(frozen=True, kw_only=True)
class Upgrade(BuildFault):
    """A library that nobody pinned is upgraded, and other *defaults* are in force.

    *defaults* are parameters of the estimator, such as (("C", 0.0001),).
    """

    defaults: tuple[tuple[str, Any], ...]
    kind: ClassVar[str] = "upgrade"

    def __post_init__(self) -> None:
        super().__post_init__()
        pairs = isinstance(self.defaults, tuple) and all(
            isinstance(pair, tuple | list) and len(pair) == 2 for pair in self.defaults
        )
        if not pairs or not self.defaults:
            refuse(f"{self.label}.defaults", self.defaults, "give pairs, as in (('C', 0.0001),)")
        object.__setattr__(self, "defaults", tuple((str(k), v) for k, v in self.defaults))

    def recipe(self, artifact: Any) -> Any:
        """Return the artifact with the new defaults."""
        changed = getattr(artifact, "changed", None)
        if changed is None:
            refuse(f"{self.label}.kind", self.kind, "it goes with a Learned artifact")
        return changed(dict(self.defaults), f"{self.label}.defaults")

    def trace(self) -> dict[str, str]:
        """The environment is another one."""
        return {f"environment ({self.label})": "a library that is not pinned has a new version"}


@dataclass(frozen=True, kw_only=True)
class Recollected(BuildFault):
    """The data set is quietly collected again, and only records of another kind are in it.

    A snapshot then holds records whose *column* lies from *low* to *high*, old ones as well.
    """

    column: str
    low: float = float("-inf")
    high: float = float("inf")
    kind: ClassVar[str] = "collected again"

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "columns", (self.column,))
        if not self.low < self.high:
            refuse(f"{self.label}.low", self.low, f"it must lie below high ({self.high:g})")

    def keeps(self, stored: Wire) -> NDArray[np.bool_]:
        """Keep what lies within."""
        values = stored.column(stored.schema.names.index(self.column))
        return (values >= self.low) & (values <= self.high)

    def trace(self) -> dict[str, str]:
        """The query is another one."""
        return {"query": f"only where {self.low:g} <= {self.column} <= {self.high:g}"}


@dataclass(frozen=True, kw_only=True)
class ForgottenSeed(BuildFault):
    """Nobody sets the seed any more: the same snapshot gives another version every time."""

    by_luck: ClassVar[bool] = True
    kind: ClassVar[str] = "forgotten seed"

    def seed(self, random_state: int, luck: JobLuck) -> int:
        """Return whatever comes."""
        return int(luck("forgotten seed") * 2**28)

    def trace(self) -> dict[str, str]:
        """It is not written down."""
        return {"random state": "not recorded"}


@dataclass(frozen=True, kw_only=True)
class SplitShift(BuildFault):
    """Records are held out at random instead of the newest, and *overlap* of them is fitted too."""

    overlap: float = 0.0
    by_luck: ClassVar[bool] = True
    kind: ClassVar[str] = "split shift"

    def __post_init__(self) -> None:
        super().__post_init__()
        within(f"{self.label}.overlap", self.overlap, 0, 1)

    def split(self, split: Split, luck: JobLuck) -> Split:
        """Draw the split anew."""
        rows = np.concatenate(split)
        generator = np.random.Generator(np.random.SFC64(int(luck("split") * 2**53)))
        order = generator.permutation(len(rows))
        held = len(split.test)
        fit, test = rows[order[held:]], rows[order[:held]]
        leaked = test[: round(self.overlap * held)]
        return Split(np.sort(np.concatenate([fit, leaked])), np.sort(test))

    def trace(self) -> dict[str, str]:
        """The split is another one."""
        return {"split": "drawn at random"}
