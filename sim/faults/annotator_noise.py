"""A time during which those who label make more mistakes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.chance import mistaken
from sim.errors import within
from sim.faults.label_fault import LabelFault, Told

if TYPE_CHECKING:
    from sim.faults.scene import Hit


@dataclass(frozen=True, kw_only=True)
class AnnotatorNoise(LabelFault):
    """The share *noise* of the labels that come during it are wrong, beyond what is usual."""

    noise: float = 0.3
    kind: ClassVar[str] = "annotator noise"

    def __post_init__(self) -> None:
        super().__post_init__()
        within(f"{self.label}.noise", self.noise, 0, 1)

    def tell(self, told: Told, hit: Hit) -> Told:
        """Make some labels wrong."""
        scene = hit.scene
        coins = scene.luck.page(f"annotators:{self.label}", scene.number)
        wrong = (coins.random(len(scene)) < self.noise) & hit.rows
        said = mistaken(coins, told.label, scene.classes)
        return told._replace(label=np.where(wrong, said, told.label))
