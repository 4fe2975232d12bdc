"""What a bench found: scores by stream, detector and way, each with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log, nan, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from reports import intervals
from reports.bench.complete import Complete, Heard
from reports.bench.conventions import sequential, windowed, windowed_complete
from reports.bench.plan import CURVE, MATCHED, Plan
from reports.bench.roster import ORACLE, THE_CHANGE
from reports.bench.streams import Changing
from reports.intervals import UNKNOWN, Figure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reports.bench.calibration import Setting
    from reports.bench.optimum import Optimum

    Floats = NDArray[np.float64]

MAX_DELAY = 1_000
"""values within which the windowed conventions take an alarm for a hit"""
RESAMPLES = 500


@dataclass(frozen=True)
class Scores:
    """All that a bench found.

    *heard* holds the scores by stream, label and way; *refused* who would not take which value;
    *settings* how detectors were set, by family, then label and target; *optima* the optimum by
    stream and target; *earned* what was saved and how many alarms it took, by label.
    """

    plan: Plan
    heard: dict[str, dict[str, dict[str, Complete]]]
    refused: dict[str, dict[str, str]]
    settings: dict[str, dict[str, Setting]]
    optima: dict[str, dict[float, Optimum]]
    earned: dict[str, list[tuple[float, int]]]

    def of(self, stream: str, label: str, way: str = MATCHED) -> Complete | None:
        """Return the scores of one detector on one stream, None if there are none."""
        return self.heard.get(stream, {}).get(label, {}).get(way)

    def setting(self, stream: Any, label: str, target: float | None = None) -> Setting | None:
        """Return how a detector was set for *stream*."""
        target = self.plan.target if target is None else target
        return self.settings.get(stream.family, {}).get(f"{label} {target:g}")

    def why_not(self, stream: Any, label: str) -> str:
        """Return why a detector has no score at the matched rate, '' if it has one."""
        said = self.refused.get(stream.name, {}).get(label, "")
        setting = self.setting(stream, label)
        if said or setting is None:
            return said or "not calibrated"
        return "" if setting.reachable else f"not reachable: {setting.why}"

    @property
    def labels(self) -> list[str]:
        """Who took part, in order."""
        return [entry.label for entry in self.plan.entries]

    @property
    def drifting(self) -> list[Any]:
        """The streams that have drifts."""
        return [
            stream
            for stream in self.plan.streams
            if any(score.drifts for ways in self.heard.get(stream.name, {}).values()
                   for score in ways.values())
        ]  # fmt: skip

    @cached_property
    def main(self) -> Any | None:
        """The stream that the first table is about: errors that rise at once, if there is one."""
        drifting = self.drifting
        named = [stream for stream in drifting if stream.name in self.plan.curved]
        return next(iter([*named, *drifting]), None)

    def control(self, stream: Any) -> Any | None:
        """Return the stationary stream of the same family."""
        for other in self.plan.streams:
            same = other.family == stream.family
            if same and isinstance(other, Changing) and other.shape == "stationary":
                return other
        return None

    def false_alarms(self, stream: Any, label: str, way: str = MATCHED) -> Figure:
        """Return false alarms in a period without change, on fresh seeds of the control."""
        control = self.control(stream)
        score = None if control is None else self.of(control.name, label, way)
        if score is None or not score.runs:
            return UNKNOWN
        short = score.runs[0].n != self.plan.period
        if short:
            return score.false_per(self.plan.period)
        found = intervals.mean([float(count) for count in score.false])
        return Figure(value=found.value, low=max(0.0, found.low), high=found.high)

    def doubt(self, stream: Any, label: str) -> float:
        """Return the relative error of a delay that comes from calibration."""
        setting = self.setting(stream, label)
        if setting is None or not setting.error:
            return 0.0
        return abs(self._elasticity(stream, label)) * setting.error / self.plan.target

    def _elasticity(self, stream: Any, label: str) -> float:
        """Return by how much a delay changes, relatively, with the log of the false alarms."""
        kind = stream.normal.kind
        for other in self.plan.streams:
            if other.name not in self.plan.curved or other.normal.kind != kind:
                continue
            points = self.curve(other, label)
            if len(points) > 1:
                far = [point for point in points if 0.2 <= point[0] / self.plan.target <= 5]
                (x0, one), (x1, two) = (far or points)[0], (far or points)[-1]
                if x1 > x0 and one.value > 0:
                    middle = sqrt(max(one.value, 1e-9) * max(two.value, 1e-9))
                    return (one.value - two.value) / middle / log(x1 / x0)
        return 0.0

    def curve(self, stream: Any, label: str) -> list[tuple[float, Figure]]:
        """Return the operating curve: false alarms and mean delay, where they can be reached."""
        points = []
        for factor in CURVE:
            target = self.plan.target * factor
            way = MATCHED if factor == 1 else f"at {target:g}"
            score = self.of(stream.name, label, way)
            if score is not None:
                points.append((target, score.mean_delay()))
        return points

    def mean_delay(self, stream: Any, label: str, way: str = MATCHED) -> Figure:
        """Return the mean delay with the error of calibration in its interval."""
        score = self.of(stream.name, label, way)
        if score is None or not score.drifts:
            return UNKNOWN
        return self._doubtful(score.mean_delay(), stream, label, way)

    def median_delay(self, stream: Any, label: str, way: str = MATCHED) -> Figure:
        """Return the median delay likewise."""
        score = self.of(stream.name, label, way)
        if score is None or not score.drifts:
            return UNKNOWN
        return self._doubtful(score.delay(), stream, label, way)

    def _doubtful(self, found: Figure, stream: Any, label: str, way: str) -> Figure:
        doubt = self.doubt(stream, label) if way == MATCHED else 0.0
        if not found.known or not doubt:
            return found
        more = intervals.Z * doubt * found.value
        return Figure(
            value=found.value,
            low=max(0.0, found.value - sqrt((found.value - found.low) ** 2 + more**2)),
            high=found.value + sqrt((found.high - found.value) ** 2 + more**2),
        )

    def efficiency(self, stream: Any, label: str) -> Figure:
        """Return the oracle's mean delay over the detector's, on the same runs."""
        mine, best = self.of(stream.name, label), self.of(stream.name, ORACLE)
        if mine is None or best is None or not mine.drifts:
            return UNKNOWN
        count = min(len(mine.runs), len(best.runs))
        one, two = best.restricted()[:count], mine.restricted()[:count]
        found = intervals.ratio(one, two)
        if not found.known or label == ORACLE:
            return found
        doubt = sqrt(self.doubt(stream, label) ** 2 + self.doubt(stream, ORACLE) ** 2)
        error = sqrt(found.standard_error**2 + (doubt * found.value) ** 2)
        return intervals.about(found.value, error)

    def choice(self, *, told: tuple[str, ...]) -> tuple[str, list[str]]:
        """Return who is fastest on the main stream, of those told no more, and who ties."""
        stream = self.main
        fit = [
            entry.label
            for entry in self.plan.entries
            if entry.told in told and stream is not None and self.of(stream.name, entry.label)
        ]
        if stream is None or not fit:
            return "", []
        means = {label: self.mean_delay(stream, label) for label in fit}
        best = min(fit, key=lambda label: means[label].value)
        ties = [label for label in fit if label != best and self._ties(stream, best, label)]
        return best, ties

    def _ties(self, stream: Any, one: str, two: str) -> bool:
        """Say whether the paired difference could be none, calibration's error included."""
        first, second = self.of(stream.name, one), self.of(stream.name, two)
        assert first is not None
        assert second is not None
        count = min(len(first.runs), len(second.runs))
        apart = intervals.mean(second.restricted()[:count] - first.restricted()[:count])
        doubts = [
            self.doubt(stream, label) * score.mean_delay().value
            for label, score in ((one, first), (two, second))
        ]
        error = sqrt(apart.standard_error**2 + doubts[0] ** 2 + doubts[1] ** 2)
        contrasts = max(1, len(self.labels) - 2)
        return apart.value <= _normal_quantile(1 - 0.025 / contrasts) * error

    def ranks(self) -> dict[str, Figure]:
        """Return the mean rank over the streams with drifts, by mean delay at the matched rate.

        Who cannot take part on a stream comes last there. Runs are resampled whole, since a run's
        streams share luck; the interval holds 95 % of the resamples.
        """
        streams = self.drifting
        labels = [e.label for e in self.plan.entries if e.told != THE_CHANGE]
        columns = [[self._delays(s, label) for label in labels] for s in streams]
        luck = np.random.Generator(np.random.SFC64(0))
        runs = max((len(d) for column in columns for d in column), default=0)
        if not runs:
            return {}
        resampled = np.stack([_mean_ranks(columns, luck.random(runs)) for _ in range(RESAMPLES)])
        low, high = np.quantile(resampled, (0.025, 0.975), axis=0)
        middle = _mean_ranks(columns, None)
        return {
            label: Figure(value=float(middle[i]), low=float(low[i]), high=float(high[i]))
            for i, label in enumerate(labels)
        }

    def _delays(self, stream: Any, label: str) -> Floats:
        score = self.of(stream.name, label)
        return np.empty(0) if score is None else score.restricted()

    def friedman(self) -> float:
        """Return the p-value of Friedman's test that the ranks over streams are chance."""
        from scipy.stats import friedmanchisquare  # type: ignore[import-untyped]

        streams = self.drifting
        labels = [e.label for e in self.plan.entries if e.told != THE_CHANGE]
        if len(streams) < 2 or len(labels) < 3:
            return nan
        rows = [
            [float(np.mean(d)) if len(d := self._delays(s, label)) else 1e18 for s in streams]
            for label in labels
        ]
        return float(friedmanchisquare(*rows).pvalue)

    def worth(self, label: str) -> tuple[Figure, Figure, Figure]:
        """Return what was saved a run, the alarms a run, and what was saved per alarm."""
        rows = self.earned.get(label, [])
        saved, count = [row[0] for row in rows], [float(row[1]) for row in rows]
        return intervals.mean(saved), intervals.mean(count), intervals.ratio(saved, count)


def _mean_ranks(columns: list[list[Floats]], luck: Floats | None) -> Floats:
    from scipy.stats import rankdata

    ranks = []
    for column in columns:
        means = []
        for delays in column:
            if not len(delays):
                means.append(1e18)
                continue
            some = (
                delays if luck is None else delays[(luck[: len(delays)] * len(delays)).astype(int)]
            )
            means.append(float(some.mean()))
        ranks.append(rankdata(np.round(means, 9)))
    return np.asarray(np.mean(ranks, axis=0), dtype=np.float64)


def _normal_quantile(share: float) -> float:
    from scipy.special import ndtri  # type: ignore[import-untyped]

    return float(ndtri(share))


def gathered(pieces: Sequence[dict[str, Any]], late: int) -> dict[str, dict[str, Complete]]:
    """Return the scores of one stream by label and way, from its pieces in order."""
    runs: dict[str, dict[str, list[Heard]]] = {}
    for piece in pieces:
        spans = [tuple((s, e) for s, e in drifts) for drifts in piece["drifts"]]
        for label, ways in piece["alarms"].items():
            for way, found in ways.items():
                mine = runs.setdefault(label, {}).setdefault(way, [])
                for number, places in enumerate(found):
                    mine.append(Heard(piece["sizes"][number], spans[number], tuple(places), late))
    return {
        label: {way: Complete(tuple(found)) for way, found in ways.items()}
        for label, ways in runs.items()
    }


def published(score: Complete) -> dict[str, Figure]:
    """Return the three published conventions' measures, means over runs that have them."""
    found: dict[str, list[float]] = {}
    for run in score.runs:
        plain = windowed(run.drifts, run.alarms, max_delay=MAX_DELAY, n=run.n)
        whole = windowed_complete(run.drifts, run.alarms, max_delay=MAX_DELAY, n=run.n)
        gaps = sequential(run.drifts, run.alarms)
        for name, scores in (("windowed", plain), ("complete", whole), ("sequential", gaps)):
            for measure, value in vars(scores).items():
                if value is not None:
                    found.setdefault(f"{name} {measure}", []).append(float(value))
    return {name: intervals.mean(values) for name, values in found.items()}
