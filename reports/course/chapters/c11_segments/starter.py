"""Chapter 11: a version goes to those for whom it is no worse."""

from collections.abc import Iterator
from dataclasses import dataclass

from sim.actions import Action, Archive, Promote, Release, Retrain, RolloutNote
from sim.clock import days
from sim.view import View

NOTE = RolloutNote(
    release="a search model",
    success="first results that are right, in each segment",
    blast_radius="the segments for which it is no worse",
    stop_rules="none yet",
    fallback="the champion",
    conditions_to_widen="it is no worse for the others either",
    owner="product",
)


@dataclass(frozen=True, kw_only=True)
class Mine:
    """Train every other week, and look at each segment before anybody meets what comes out."""

    every: str = "14d"
    window: str = "14d"
    worse_by: float = 0.05

    def decide(self, view: View) -> Iterator[Action]:
        """Say what is to be done now."""
        if view.candidate and not view.changing:
            version = view.candidate
            better = self.better_for(view)
            # TODO: no worse for all (view.segments): promote it. For some: release it to these
            #       alone. For nobody: yield Archive(version, why="…").
            yield Promote(version, why=f"no worse for {', '.join(better)}")
        elif not view.jobs and view.since_build >= days(self.every):
            yield Retrain(window=self.window, why="calendar")

    def better_for(self, view: View) -> tuple[str, ...]:
        """Name the segments for which the candidate is no worse than the champion."""
        report = view.card(view.candidate).evaluation
        # TODO: report.groups[1:] are the segments: each has a name (group.segment) and what
        #       it gains over the champion on the same records (group.over_champion.value;
        #       0.1 is ten points better, -0.1 ten points worse)
        return tuple(view.segments) if report else ()


_ = Archive, Release, NOTE  # you will need them; then this line can go
