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
            if set(better) == set(view.segments):
                yield Promote(version, why="no worse for anybody")
            elif better:
                yield Release(
                    version, share=1.0, segments=better, note=NOTE, why="no worse for these"
                )
            else:
                yield Archive(version, why="worse for everybody")
        elif not view.jobs and view.since_build >= days(self.every):
            yield Retrain(window=self.window, why="calendar")

    def better_for(self, view: View) -> tuple[str, ...]:
        """Name the segments for which the candidate is no worse than the champion."""
        report = view.card(view.candidate).evaluation
        groups = report.groups[1:] if report else ()
        return tuple(
            group.segment
            for group in groups
            if group.over_champion and group.over_champion.value > -self.worse_by
        )
