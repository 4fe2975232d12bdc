"""One stage of a rollout: who meets the version, how long, and who judges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sim.clock import us
from sim.errors import fits, one_of, refuse, whole, within
from strategies.judges.evidence import EFFECT, HEALTH

if TYPE_CHECKING:
    from strategies.judges.evidence import Comparison
    from strategies.judges.verdict import Verdict


class Judge(Protocol):
    """Says promote, roll back or inconclusive: see strategies/judges."""

    def judge(self, evidence: Comparison) -> Verdict:
        """Say what the evidence allows."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Lets a *share* of the users meet a version for at least *hold*.

    With *segments* it is a share of their users alone; with *unseen* the version answers everything
    and nobody is shown its answers; share 0 puts it out switched off. It goes on once *minimum*
    outcomes of the version are known and the *judge* says promote; without a judge, once time and
    sample are there and no stop rule speaks. What is judged is health ('health': may it stay?) or
    the size of an effect ('effect').

    >>> Stage(share=0.05, hold="2d").words
    '5 % for 2d'
    """

    share: float = 0.05
    hold: str = "1d"
    minimum: int = 0
    judge: Judge | None = None
    segments: tuple[str, ...] = ()
    unseen: bool = False
    purpose: str = HEALTH

    def __post_init__(self) -> None:
        within("stage.share", self.share, 0, 1)
        us(self.hold, "stage.hold")
        whole("stage.minimum", self.minimum, 0)
        one_of("stage.purpose", self.purpose, (HEALTH, EFFECT))
        if self.judge is not None:
            fits("stage.judge", self.judge, "judge", "SequentialRatio()")
        if not isinstance(self.segments, tuple):
            refuse("stage.segments", self.segments, "give names, as in ('new',)")
        if self.unseen and self.segments:
            refuse("stage.segments", self.segments, "an unseen version answers everything")
        if self.unseen and self.purpose == EFFECT:
            refuse("stage.purpose", self.purpose, "what nobody sees has no effect: give 'health'")
        if self.judge is not None and (self.off or (self.share == 1.0 and not self.unseen)):
            refuse("stage.judge", self.judge, f"share {self.share:g} leaves nothing to compare")

    @property
    def off(self) -> bool:
        """Whether nobody meets the version: it is out, and switched off."""
        return not self.unseen and self.share == 0.0

    @property
    def words(self) -> str:
        """Whom it meets, and how long."""
        if self.unseen:
            return f"unseen for {self.hold}"
        if self.off:
            return "switched off" + (f" for {self.hold}" if us(self.hold) else "")
        of = f" of {', '.join(self.segments)}" if self.segments else ""
        return f"{100 * self.share:g} %{of} for {self.hold}"
