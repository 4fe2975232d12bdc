"""The pictures of a result: `result.plot.timeline()` in a notebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.figures.picture import Picture
from reports.figures.style import styled
from sim.clock import SECOND_US
from sim.errors import Mistake

if TYPE_CHECKING:
    from reports.comparison import Ablation, Comparison, Curve, Probe, Territory, Year
    from reports.measures import Calibration
    from reports.result import Result

LOST = {
    "detection": "lost_to_detection",
    "labels": "lost_to_labels",
    "people": "lost_to_people",
    "training": "lost_to_training",
    "rollout": "lost_to_rollout",
    "aftermath": "aftermath",
}
"""The columns of the store that hold the parts of a loss."""


@dataclass(frozen=True)
class RunPlot:
    """The pictures of one year."""

    result: Result

    def timeline(self) -> Picture:
        """Quality over the year, with incidents, alarms, trainings, releases and arms."""
        from reports.figures import timeline

        with styled():
            figure = timeline.draw(self.result)
        says = f"Quality of the live service over the year: {self.result.finding}"
        return Picture(figure, "timeline", says)

    def causes(self) -> Picture:
        """The loss by cause."""
        from reports.figures import causes

        split = self.result.split
        with styled():
            figure = causes.draw(split)
        told = ", ".join(f"{name} {value:.4g}" for name, value in split.parts.items())
        return Picture(figure, "causes", f"Loss by cause: {told}")

    def lags(self) -> Picture:
        """Who saw each incident when, layer by layer."""
        from reports.figures import lags

        found = self.result.incidents
        layers = [name for name in lags.LAYERS if any(
            one.layer == name for incident in found for one in incident.detections)]  # fmt: skip
        spots = [[lags.seen(incident, layer) for layer in layers] for incident in found]
        with styled():
            figure = lags.heat(
                "Time until each layer saw it", [i.name for i in found], layers, spots
            )
        told = "; ".join(
            f"{incident.name}: " + ", ".join(f"{layer} {spot.told}" for layer, spot in
                                              zip(layers, row, strict=True))
            for incident, row in zip(found, spots, strict=True)
        )  # fmt: skip
        return Picture(figure, "lags", f"Detection lag by layer. {told}")

    def stages(self) -> Picture:
        """What each stage of a pipeline measured, beside the calm world."""
        from reports.figures import stages

        with styled():
            figure = stages.draw(self.result.signals)
        told = ", ".join(f"{one.name} {one.lived}" for one in self.result.signals)
        return Picture(figure, "stages", f"Measured, stage by stage: {told}")

    def calibration(self) -> Picture:
        """What chances said and what came true, over the year and beside the calm world."""
        from reports.figures import calibration

        found, calm = self._calibrations()
        with styled():
            figure = calibration.over_time(self.result, found, calm)
        whole = found.whole
        says = (
            f"Chances of outcome 1: {whole.said:.3f} said, {whole.came:.3f} came true; "
            f"{whole.error:.3f} off bin by bin, {whole.by_chance:.3f} by chance"
        )
        return Picture(figure, "calibration", says)

    def reliability(self) -> Picture:
        """How often each chance came true, over the whole year."""
        from reports.figures import calibration

        found, calm = self._calibrations()
        with styled():
            figure = calibration.reliability(found, calm)
        return Picture(figure, "reliability", "How often each chance of outcome 1 came true")

    def _calibrations(self) -> tuple[Calibration, Calibration | None]:
        from reports import measures

        found = self.result.calibration
        if found is None or not found.stretches:
            raise Mistake(
                "the run kept no chances: play it with outcomes=True, and an artifact that gives "
                "chances of an outcome"
            )
        return found, measures.calibration(self.result.calm)

    def lineage(self, version: str) -> Picture:
        """What *version* was made of."""
        from reports.figures import lineage

        with styled():
            figure = lineage.draw(self.result.run, version)
        return Picture(figure, "lineage", f"The chain of artifacts of {version}")


@dataclass(frozen=True)
class ComparisonPlot:
    """The pictures of a comparison; *scenario* may be left out where there is only one."""

    found: Comparison

    def of(self, scenario: str) -> dict[str, Picture]:
        """Return all pictures that have something to show of a scenario, by name."""
        shown = [self.pareto(scenario)]
        if any(year.incidents for year in self._years(scenario)):
            shown.append(self.stacked(scenario))
        if any(year.detections for year in self._years(scenario)):
            shown += [self.ecdf(scenario), self.lags(scenario)]
        return {picture.name: picture for picture in shown}

    def pareto(self, scenario: str = "") -> Picture:
        """What each strategy takes, and what it loses."""
        from reports.figures import pareto

        points = [one for one in self.found.points if one.scenario == self._one(scenario)]
        corners = (c for c in self.found.corners if c.scenario == self._one(scenario))
        with styled():
            figure = pareto.draw(points, corner=next(corners, None))
        best = ", ".join(one.strategy for one in points if not one.dominated)
        return Picture(figure, "pareto", f"Effort against loss; beaten by nobody on both: {best}")

    def ecdf(self, scenario: str = "") -> Picture:
        """Which share of incidents each strategy has seen by when."""
        from reports.figures import lags

        curves: dict[str, list[float | None]] = {
            name: [None if lag is None else lag * SECOND_US for year in self._years(scenario, name)
                   for lag, _ in year.lags()]
            for name in self.found.strategies
        }  # fmt: skip
        with styled():
            figure = lags.ecdf("Share of incidents seen by then", curves)
        told = ", ".join(
            f"{name} {sum(lag is not None for lag in found)} of {len(found)}"
            for name, found in curves.items()
        )
        return Picture(figure, "ecdf", f"Incidents seen: {told}")

    def stacked(self, scenario: str = "") -> Picture:
        """What each strategy lost to incidents, by cause."""
        from reports.figures import stacked

        splits = {}
        for name in self.found.strategies:
            years = [year for year in self._years(scenario, name) if not year.broken]
            if years:
                splits[name] = {
                    part: sum(year.run[column] or 0.0 for year in years) / len(years)
                    for part, column in LOST.items()
                }
        with styled():
            figure = stacked.draw(splits, seeds=self.found.seeds)
        told = ", ".join(f"{name} {sum(parts.values()):.4g}" for name, parts in splits.items())
        return Picture(figure, "stacked", f"Lost to incidents: {told}")

    def lags(self, scenario: str = "") -> Picture:
        """When each layer of each strategy sees an incident, in the middle of its years."""
        from reports.comparison.year import LAYERS
        from reports.figures import lags

        watched = {row["layer"] for year in self._years(scenario) for row in year.detections}
        layers = [layer for layer in LAYERS if layer in watched]
        spots = []
        for name in self.found.strategies:
            years = self._years(scenario, name)
            seats = {row["layer"] for year in years for row in year.detections}
            spots.append(
                [lags.usual([lag for year in years for lag, _ in year.lags(layer)])
                 if layer in seats else lags.Spot(None, lags.NEVER_WATCHED) for layer in layers]
            )  # fmt: skip
        title = "Median time until each layer sees an incident"
        with styled():
            figure = lags.heat(title, self.found.strategies, layers, spots)
        told = "; ".join(
            f"{name}: " + ", ".join(f"{layer} {spot.told}" for layer, spot in
                                    zip(layers, row, strict=True))
            for name, row in zip(self.found.strategies, spots, strict=True)
        )  # fmt: skip
        return Picture(figure, "lags", f"{title}. {told}")

    def _years(self, scenario: str, strategy: str = "") -> list[Year]:
        return [
            year
            for year in self.found.years
            if year.scenario == self._one(scenario) and strategy in ("", year.strategy)
        ]

    def _one(self, scenario: str) -> str:
        return scenario or self.found.scenarios[0]


@dataclass(frozen=True)
class TrialPlot:
    """The picture of what tune, ablate or probe found."""

    found: Curve | Territory | Ablation | Probe

    def draw(self) -> Picture:
        """The curve, the map of who wins, the worth of each control, or who sees what."""
        from reports.comparison import Ablation, Curve, Territory
        from reports.figures import ablation, tuning

        found = self.found
        with styled():
            match found:
                case Curve():
                    says = f"{found.objective} by {found.parameter}: best at {found.optimum.value}"
                    return Picture(tuning.curve(found), "curve", says)
                case Territory():
                    says = f"Who wins by {found.x}, {found.y}"
                    return Picture(tuning.territory(found), "map", says)
                case Ablation():
                    told = ", ".join(f"{one.control} {one.verdict}" for one in found.removals)
                    return Picture(ablation.draw(found), "ablation", told)
            return _probed(found)


def _probed(found: Probe) -> Picture:
    """Draw when each layer sees each cause, and when business alone would."""
    from reports.comparison.telling_probe import finding
    from reports.figures import lags

    columns = [*found.layers, "business alone"]
    spots = []
    for cause in found.causes:
        row = [
            lags.Spot(None, "" if one.monitors else lags.NEVER_WATCHED)
            if one.lag_s is None
            else lags.Spot(one.lag_s.value * SECOND_US)
            for one in cause.sightings
        ]
        alone = cause.business_s
        spots.append([*row, lags.Spot(None if alone is None else alone.value * SECOND_US)])
    title = "Quality falls 10 %: mean time until each layer sees it"
    figure = lags.heat(title, [cause.name for cause in found.causes], columns, spots)
    return Picture(figure, "probe", finding(found))
