"""Labels that are falsified where they are stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.chance import mistaken
from sim.errors import within
from sim.faults.label_fault import ArchiveFault

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.archive import Archive
    from sim.faults.scene import Hit


@dataclass(frozen=True, kw_only=True)
class PoisonedLabels(ArchiveFault):
    """Storage says something else of *flipped* of the records' outcomes than the labels said.

    Monitors see the labels as they come and notice nothing; trainings learn from storage.
    """

    flipped: float = 0.5
    kind: ClassVar[str] = "poisoned labels"

    def __post_init__(self) -> None:
        super().__post_init__()
        within(f"{self.label}.flipped", self.flipped, 0, 1)

    def falsify(self, archive: Archive, hit: Hit) -> Archive:
        """Flip labels, corrected ones alike."""
        scene = hit.scene

        def flip(label: NDArray[np.float64]) -> NDArray[np.float64]:
            coins = scene.luck.page(f"poison:{self.label}", scene.number)
            wrong = (coins.random(len(scene)) < self.flipped) & hit.rows
            return np.where(wrong, mistaken(coins, label, scene.classes), label)

        label, corrected = flip(archive.label), archive.corrected
        if archive.corrected_us is not None:
            corrected = flip(corrected)
        return replace(archive, label=label, corrected=corrected)
