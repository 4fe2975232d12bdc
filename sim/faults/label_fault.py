"""Faults of labels: they come late, never or wrong; the outcomes stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from sim.errors import refuse
from sim.faults.fault import Fault

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.archive import Archive
    from sim.faults.scene import Hit


class Told(NamedTuple):
    """When the labels of a page come, as moments, and what they say (shape n each)."""

    due: NDArray[np.int64]
    label: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class LabelFault(Fault):
    """Something wrong with the labels of a *share* of the sources that come while it acts.

    It ends by itself: labels that are on their way already are not called back by a repair.
    """

    about: ClassVar[str] = "labels"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.columns:
            refuse(f"{self.label}.columns", self.columns, "it is about labels: name no columns")
        if self.fixed_by:
            refuse(f"{self.label}.fixed_by", self.fixed_by, "it ends by itself: give until")

    @property
    def in_order(self) -> bool:
        """Whether labels still come in the order of their records."""
        return True

    @property
    def all_come(self) -> bool:
        """Whether all labels still come."""
        return True

    def tell(self, told: Told, hit: Hit) -> Told:
        """Return when labels come and what they say, if those of *hit* are concerned."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class ArchiveFault(Fault):
    """Something wrong with what storage holds of the labels of records that come while it acts."""

    about: ClassVar[str] = "labels"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.columns:
            refuse(f"{self.label}.columns", self.columns, "it is about labels: name no columns")

    def falsify(self, archive: Archive, hit: Hit) -> Archive:
        """Return what storage says instead of *archive*."""
        raise NotImplementedError
