"""What operators are told of a version and of a job, as the registry and the queue say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.evaluation import Evaluation
    from sim.facts import Rebuilt


@dataclass(frozen=True, kw_only=True)
class VersionCard:
    """What the registry says of one version."""

    name: str
    stage: str
    begun_us: int
    ready_us: int
    rows: int
    claim: float
    digest: str
    evaluation: Evaluation | None = None
    """its evaluation report, on the records that were held out"""
    made: str = "training"
    """by a training, or a threshold or calibration of *parent*"""
    parent: str = ""
    adjusts: tuple[str, ...] = ()
    """which of its knobs can be turned without a training: threshold, calibration"""
    rebuilt: Rebuilt | None = None
    """what came of building it again, if somebody did"""


@dataclass(frozen=True, kw_only=True)
class JobCard:
    """A training that is under way or waiting."""

    job: int
    asked_us: int
    window: str
    running: bool
    made: str = "training"
