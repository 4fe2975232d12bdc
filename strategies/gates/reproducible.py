"""A gate that has the version built again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.actions import Rebuild
from sim.errors import within
from strategies.verdict import NO, TIME, UNKNOWN, YES, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.cards import VersionCard
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class Reproducible:
    """Admits a version that comes out the same when it is built again as its lineage says.

    Same records, recipe and seed, in a clean place: at most the share *differs* of the held-out
    records may be answered otherwise, and the claim has to be the same if that is 0. It finds what
    throws no error: a forgotten seed, a default that an upgrade changed, data that was quietly
    collected again, a split that shifted. It costs a second training and its time. What is broken
    both times it cannot see. A version that turns a knob of the champion has nothing to build.

    >>> Reproducible().words
    'built again from its snapshot it is the same'
    """

    differs: float = 0.0

    def __post_init__(self) -> None:
        within("reproducible.differs", self.differs, 0, 1)

    @property
    def words(self) -> str:
        """How alike."""
        but = f", but for {self.differs:.2%} of its answers" if self.differs else ""
        return f"built again from its snapshot it is the same{but}"

    def asks(self, view: View, version: VersionCard) -> Iterator[Rebuild]:
        """Have it built again, if nobody has."""
        under_way = any(job.made == "rebuild" for job in view.jobs)
        if version.made == "training" and version.rebuilt is None and not under_way:
            yield Rebuild(version.name, why="is it reproducible?")

    def admits(self, view: View, version: VersionCard) -> Verdict:
        """Compare the two."""
        again = version.rebuilt
        if version.made != "training":
            why = f"a {version.made} of {version.parent}: nothing was trained"
            return Verdict(self.words, YES, why)
        if again is None:
            return Verdict(self.words, UNKNOWN, "it is being built again", waits_for=TIME)
        same = again.same if not self.differs else again.differs <= self.differs
        answer = YES if same else NO
        value, most = again.differs, self.differs
        return Verdict(self.words, answer, again.why, value, most, again.records)


@dataclass(frozen=True, kw_only=True)
class OnlyAdjusted:
    """Admits a version that is the champion with another threshold or calibration.

    A class that may be approved in advance: `SkippedFor(gate=SignOff(), when=(OnlyAdjusted(),))`.

    >>> OnlyAdjusted().words
    'it is the champion with another threshold or calibration'
    """

    @property
    def words(self) -> str:
        """Which class."""
        return "it is the champion with another threshold or calibration"

    def admits(self, view: View, version: VersionCard) -> Verdict:
        """See how it was made."""
        if version.made == "training":
            return Verdict(self.words, NO, "it was trained")
        alike = version.parent == view.champion.name
        why = f"a {version.made} of {version.parent}"
        return Verdict(self.words, YES if alike else NO, why)
