"""One year and what it comes to: a run, its calm twin, and all that is measured of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from reports import measures
from reports.words import count, duration
from sim.facts import ROLL_BACK, Acted, Paged, Routed, Stopped, TrainingBegun

if TYPE_CHECKING:
    from reports.plot import RunPlot
    from sim.ledger import Ledger

PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"


@dataclass(frozen=True)
class Result:
    """A *run* and its *calm* twin: same seed and strategy, without the incidents.

    *hindsight* is the best schedule of builds, None if it was not asked for or is unknown; *apart*
    what incidents and stages cost one by one, if that was asked for.
    """

    run: Ledger
    calm: Ledger
    hindsight: Ledger | None = None
    apart: measures.Apart | None = None

    @cached_property
    def _lives(self) -> list[measures.Life]:
        return measures.lives(self.run, self.calm)

    @cached_property
    def incidents(self) -> list[measures.Incident]:
        """What went wrong, oldest first."""
        return measures.incidents(self.run, self.calm, self._lives)

    @cached_property
    def alarms(self) -> list[measures.Judged]:
        """Every alarm and what it was worth, in order."""
        return measures.alarms(self.run, self.calm, self._lives)

    @cached_property
    def loss(self) -> measures.Loss:
        """What was lost."""
        return measures.loss(self.run, self.calm)

    @cached_property
    def split(self) -> measures.Split:
        """What was lost, by cause."""
        return measures.split(self.run, self.calm, self._lives)

    @cached_property
    def segments(self) -> dict[str, measures.Split]:
        """What each group of users lost, by cause."""
        return measures.split_by_segment(self.run, self.calm, self._lives)

    @cached_property
    def own_goals(self) -> measures.OwnGoals | None:
        """Releases and rollbacks that made things worse; None where versions go on learning."""
        return measures.own_goals(self.run, self.calm)

    @cached_property
    def regret(self) -> measures.Regret | None:
        """How far it was from the best schedule of builds; None without the reference."""
        return None if self.hindsight is None else measures.regret(self.run, self.hindsight)

    @cached_property
    def money(self) -> measures.Money:
        """What it cost."""
        return measures.money(self.run, self.calm, self._lives)

    @cached_property
    def lived(self) -> list[measures.Lived]:
        """What each version claimed and lived to."""
        return measures.lived(self.run)

    @cached_property
    def calibration(self) -> measures.Calibration | None:
        """Whether chances meant what they said; None without outcomes or without chances."""
        return measures.calibration(self.run)

    @cached_property
    def signals(self) -> list[measures.Signal]:
        """What else was measured of the answers, stage by stage where there are stages."""
        return measures.signals(self.run, self.calm)

    @property
    def plot(self) -> RunPlot:
        """Its pictures: `result.plot.timeline()`."""
        from reports.plot import RunPlot

        return RunPlot(self)

    def _repr_html_(self) -> str:
        from reports.pages.notebook import of_run

        return of_run(self)

    def of_verdict(self, verdict: str) -> int:
        """Return how many alarms were worth *verdict*."""
        return sum(judged.verdict == verdict for judged in self.alarms)

    @property
    def trainings(self) -> int:
        """How many trainings were begun."""
        return len(self.run.of(TrainingBegun))

    @property
    def releases(self) -> int:
        """How many times a version came to answer users that did not before; not the launch."""
        facing, released = set[str](), -1
        for route in self.run.of(Routed):
            now = {route.champion, route.challenger} - {""}
            if not route.cause.startswith(ROLL_BACK):
                released += bool(now - facing)
            facing = now
        return max(0, released)

    @property
    def pages(self) -> int:
        """How many times an owner was called."""
        return len(self.run.of(Paged))

    @property
    def fallback_us(self) -> int:
        """For how long everybody was answered by the fallback."""
        return measures.fallback_us(self.run)

    @property
    def rollbacks(self) -> int:
        """How many times the operator rolled back."""
        return sum(fact.action == "rollback" for fact in self.run.of(Acted))

    @property
    def stopped(self) -> str:
        """Why the run, or else its calm twin, ended early; '' if neither did."""
        if self.run.stopped or not self.calm.stopped:
            return self.run.stopped
        return f"in the calm twin: {self.calm.stopped}"

    @property
    def verdict(self) -> str:
        """Pass; fail if the strategy broke down; unknown if the wall clock stopped it."""
        verdicts = {stop.verdict for year in (self.run, self.calm) for stop in year.of(Stopped)}
        if FAIL in verdicts:
            return FAIL
        return UNKNOWN if verdicts else PASS

    @property
    def finding(self) -> str:
        """The year in one sentence."""
        if self.stopped:
            return self.stopped
        false = self.of_verdict("false")
        rider = f"; {count(false, 'false alarm')}" if false else ""
        harmful = [incident for incident in self.incidents if not incident.harmless]
        if not self.incidents:
            unknown = bool(self.run.scenario.get("unavailable"))
            return (
                "no fault injected, natural drift unknown" if unknown else "no incident"
            ) + rider
        if not harmful:
            first = self.incidents[0].first
            if len(self.incidents) == 1 and first is not None and first.lag_us is not None:
                lag = duration(first.lag_us)
                return f"found after {lag} by {first.monitor}, and it did no harm{rider}"
            what = count(len(self.incidents), "change")
            return f"{what}, no harm done{rider}"
        if len(harmful) == 1:
            return _told(harmful[0], lasting=self._lasting(harmful[0])) + rider
        missed = sum(incident.missed for incident in harmful)
        found = len(harmful) - missed
        parts = [f"{len(harmful)} incidents, {found} found{_first_seen(harmful)}"]
        if missed:
            parts.append(f"{missed} never")
        ends = [incident.recovered_us for incident in harmful]
        last = max(harmful, key=lambda incident: incident.recovered_us or 0)
        if None not in ends and not self._lasting(last):
            parts.append("well again, but not for good")
        return ", ".join(parts) + rider

    def _lasting(self, incident: measures.Incident) -> bool:
        """Say whether the rest of the year, taken together, was as well as the recovery."""
        if incident.recovered_us is None:
            return False
        rest = measures.loss(self.run, self.calm, since_us=incident.recovered_us)
        return rest.excess_mean <= measures.tolerance(self.run, self.calm)


def _first_seen(incidents: list[measures.Incident]) -> str:
    lags = [i.first.lag_us for i in incidents if i.first is not None]
    known = [lag for lag in lags if lag is not None]
    if not known:
        return ""
    return f" after {duration(min(known))}" + (
        f" to {duration(max(known))}" if len(known) > 1 else ""
    )


def _told(incident: measures.Incident, *, lasting: bool) -> str:
    first = incident.first
    if first is None or first.lag_us is None:
        parts = ["never found"]
    else:
        parts = [f"found after {duration(first.lag_us)} by {first.monitor}"]
    if incident.harmed is not None:
        parts.append(f"{count(incident.harmed, 'record')} harmed")
    if incident.recovered_us is None:
        parts.append("not well again by the end")
    else:
        took = duration(incident.recovered_us - incident.onset_us)
        parts.append(f"well again after {took}" + ("" if lasting else ", but not for good"))
    return "; ".join(parts)
