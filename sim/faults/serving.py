"""Faults of the service itself: it becomes slow, or what it depends on does not answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.errors import one_of, within
from sim.faults.fault import Fault


@dataclass(frozen=True, kw_only=True)
class Surge(Fault):
    """Answers take *times* as long for a *share* of the sources: the line grows.

    It goes with a service.queue. With *width*, sources change over one by one.
    """

    times: float = 10.0
    kind: ClassVar[str] = "latency surge"

    def __post_init__(self) -> None:
        super().__post_init__()
        within(f"{self.label}.times", self.times, 0.001, 1e9)

    @property
    def severity(self) -> float:
        """How many times as long."""
        return self.times


@dataclass(frozen=True, kw_only=True)
class Outage(Fault):
    """What the service depends on does not answer for a *share* of the sources.

    Those requests get *answers*: the 'fallback', or an 'error'.
    """

    answers: str = "fallback"
    kind: ClassVar[str] = "outage"

    def __post_init__(self) -> None:
        super().__post_init__()
        one_of(f"{self.label}.answers", self.answers, ("fallback", "error"))
