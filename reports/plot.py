"""The pictures of a result: `result.plot.timeline()` in a notebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.figures.picture import Picture
from reports.figures.style import styled

if TYPE_CHECKING:
    from reports.result import Result


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

    def lineage(self, version: str) -> Picture:
        """What *version* was made of."""
        from reports.figures import lineage

        with styled():
            figure = lineage.draw(self.result.run, version)
        return Picture(figure, "lineage", f"The chain of artifacts of {version}")
