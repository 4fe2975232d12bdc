"""Published figures beside ours: python -m reports.site.published TABLE, from a checkout.

What each table holds is what docs/validation.md shows; a test holds the page against it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from math import exp
from pathlib import Path
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from reports.intervals import mean
from reports.table import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.actions import Action
    from sim.concepts.concept import Concept
    from sim.queueing import Queue
    from sim.scenario import Scenario
    from sim.view import View

DATA = Path(__file__).parents[2] / "tests" / "data"
"""The published figures as they were found, with their sources."""
WIDE = 110


def main(arguments: list[str]) -> int:
    """Print the tables that are asked for, or their names."""
    tables: dict[str, Callable[[], list[str]]] = {
        "run-lengths": run_lengths,
        "simulated": simulated,
        "optimum": optimum,
        "conventions": conventions,
        "alarms": alarms,
        "cadences": cadences,
        "ideals": ideals,
        "queues": queues,
    }
    for name in arguments or [""]:
        if name not in tables:
            print(f"name a table: {', '.join(tables)}", file=sys.stderr)
            return 2
        print("\n".join(tables[name]()))
    return 0


def run_lengths() -> list[str]:
    """Return the printed mean run lengths of charts, each beside the exact solution."""
    from reports.run_lengths import mean_run_length

    rows = []
    for entry in _entries():
        ours = mean_run_length(_chart(entry), mean=entry["mu"])
        misprint = " (a misprint)" if "typo" in entry["note"] else ""
        given = ", ".join(f"{name}={value:g}" for name, value in entry["params"].items())
        rows.append(
            [entry["chart"][:-1], given, f"{entry['mu']:g}", f"{entry['published']:,}{misprint}",
             f"{ours:,.4f}", entry["source"].partition(" Technometrics")[0]]
        )  # fmt: skip
    return table(["chart", "parameters", "shift", "published", "ours", "source"], rows, wide=WIDE)


def simulated() -> list[str]:
    """Return how far simulation with the kernels lies from the exact run lengths."""
    from reports.run_lengths import mean_run_length, simulate

    apart = []
    for place, entry in enumerate(_entries()):
        chart, shift = _chart(entry), entry["mu"]
        found = simulate(chart, _normal(shift), runs=10_000, seed=place)
        apart.append((found.mean - mean_run_length(chart, mean=shift)) / found.standard_error)
    beyond = sum(abs(one) > 1.96 for one in apart)
    return [
        f"{len(apart)} charts, 10,000 runs each: {beyond} beyond 1.96 standard errors "
        f"({0.05 * len(apart):.1f} expected by chance), the farthest {max(map(abs, apart)):.1f}"
    ]


def _entries() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _read("run_lengths.json")["entries"]
    return found


def _read(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def _chart(entry: dict[str, Any]) -> Any:
    from strategies.detectors import CUSUM, EWMA, Shewhart

    given = entry["params"]
    if entry["chart"] == "cusum2":
        return CUSUM(allowance=given["k"], limit=given["h"], head_start=given["hs"])
    if entry["chart"] == "ewma2":
        return EWMA(weight=given["lam"], width=given["L"])
    return Shewhart(width=given["L"])


def _normal(shift: float) -> Callable[[Any, int], Any]:
    return lambda luck, size: luck.normal(shift, 1.0, size)


def optimum() -> list[str]:
    """Return Lorden's optimum: limit, worst-case and steady delay of the likelihood CUSUM."""
    from reports.run_lengths import bernoulli_run_length, limit_for, mean_run_length
    from strategies.detectors import LikelihoodCUSUM

    published = _read("oracle_delay.json")
    rows = []
    for entry in published["gaussian_mean_shift_0_to_d_sigma_1"]:
        shift = entry["d"]
        oracle = limit_for(LikelihoodCUSUM(after=shift), run_length=entry["ARL0"])
        ours = {
            "h": oracle.limit / shift,
            "E1_worst_case": mean_run_length(oracle, mean=shift),
            "steady_state": mean_run_length(oracle, mean=shift, steady=True),
        }
        what = f"mean 0 to {shift:g}, run length {entry['ARL0']}"
        rows += [[what, _MEANS[key], f"{entry[key]:g}", f"{ours[key]:.4f}"] for key in ours]
    for entry in published["bernoulli_error_rate_p0_to_p1"]:
        before, after = entry["p0"], entry["p1"]
        oracle = LikelihoodCUSUM(
            kind="bernoulli", before=before, after=after, limit=entry["threshold"]
        )
        what = f"errors {before:.0%} to {after:.0%}, threshold {entry['threshold']:g}"
        for rate, key in ((before, "ARL0"), (after, "E1_worst_case")):
            found = bernoulli_run_length(oracle, rate=rate)
            rows.append([what, _MEANS[key], f"{entry[key]:g}", f"{found.mean:.4f}"])
    return table(["change", "what", "published", "ours"], rows, wide=WIDE)


_MEANS = {
    "h": "limit",
    "E1_worst_case": "delay, worst case",
    "steady_state": "delay, from a late moment",
    "ARL0": "run length without change",
}


def conventions() -> list[str]:
    """Return the published cases of three conventions for scoring alarms."""
    from reports.bench.conventions import sequential, windowed, windowed_complete

    rows = []
    for case in _read("detector_metrics.json")["cases"]:
        drifts, raised = case["drifts"], case["alarms"]
        for name, score in (("windowed", windowed), ("windowed_complete", windowed_complete)):
            if name in case:
                found = asdict(score(drifts, raised, max_delay=case["max_delay"], n=case.get("n")))
                rows += _scores(drifts, name, case[name], found)
        if "sequential" in case:
            rows += _scores(drifts, "sequential", case["sequential"],
                            asdict(sequential(drifts, raised)))  # fmt: skip
    return table(["drifts", "convention", "measure", "published", "ours"], rows, wide=WIDE)


def _scores(
    drifts: list[Any], name: str, published: dict[str, float], found: dict[str, float]
) -> list[list[str]]:
    where = ", ".join(str(drift) for drift in drifts)
    return [
        [where, name, measure, f"{value:g}", f"{found[measure]:g}"]
        for measure, value in published.items()
    ]


def alarms(streams: int = 12, values: int = 2_000) -> list[str]:
    """Return how many alarms River's detectors and ours raise on the same errors, and where."""
    from river import drift

    from strategies import detectors
    from strategies.detectors.check import alarms as all_alarms
    from strategies.detectors.check import one_by_one

    pairs = {
        "ADWIN": drift.ADWIN, "DDM": drift.binary.DDM, "EDDM": drift.binary.EDDM,
        "HDDMA": drift.binary.HDDMA, "HDDMW": drift.binary.HDDMW,
        "KSWIN": drift.KSWIN, "PageHinkley": drift.PageHinkley,
    }  # fmt: skip
    rows = []
    for name, make in pairs.items():
        theirs, same = 0, 0
        count = 3 if name == "KSWIN" else streams
        for seed in range(count):
            luck = np.random.default_rng(seed)
            rates = np.repeat([0.2, 0.35, 0.2, 0.5], values // 4)
            errors = (luck.random(values) < rates).astype(np.float64)
            given = {"seed": seed, "alpha": 0.02} if name == "KSWIN" else {}
            expected = one_by_one(make(**given), errors)
            theirs += len(expected)
            same += all_alarms(getattr(detectors, name)(**given).start(), errors) == expected
        rows.append([name, f"{count} of {values:,}", f"{theirs:,}", f"{same} of {count}"])
    return table(
        ["detector", "streams", "alarms of River", "streams with the very same"], rows, wide=WIDE
    )


@dataclass(frozen=True)
class _Every:
    """Builds a version every *period* days and serves it at once."""

    period: int
    heartbeat: str = "1d"

    def decide(self, view: View) -> Iterator[Action]:
        """Build by the calendar."""
        from sim.actions import Promote, Retrain
        from sim.clock import DAY_US

        if view.candidate:
            yield Promote(view.candidate)
        elif view.reason == "heartbeat" and view.now_us % (self.period * DAY_US) == 0:
            yield Retrain(1)


def cadences() -> list[str]:
    """Return what evenly rotting code costs a day, by the formula and as the engine plays it."""
    rows = []
    for case in _read("economics.json")["linear_staleness"]["cases"]:
        best = case["best_T"]
        for period in (best // 2, best - 1, best, best + 1, 2 * best):
            formula = (case["K"] + case["c"] * period * (period - 1) / 2) / period
            mark = " (best)" if period == best else ""
            rows.append(
                [f"K={case['K']}, c={case['c']}", f"{period} days{mark}", f"{formula:.6f}",
                 f"{_played(case, period):.6f}"]
            )  # fmt: skip
    return table(["costs", "rebuilt every", "formula", "ours"], rows, wide=WIDE)


def _played(case: dict[str, float], period: int) -> float:
    """Play three cycles and return what a day cost."""
    from sim.artifacts import Parametric
    from sim.concepts import Moving
    from sim.facts import Built
    from sim.labels import Constant, Labels
    from sim.losses import Expected
    from sim.run import run
    from sim.scenario import Launch, Scenario, Service, Training
    from sim.stream import Stream
    from sim.traffic import Traffic

    days = 3 * period
    world = Scenario(
        name="staleness",
        stream=Stream(
            concept=Moving(speed=1.0, step="1d"), traffic=Traffic(rate="1/d", arrivals="even")
        ),
        artifact=Parametric(slope=case["c"]),
        loss=Expected(),
        labels=Labels(delay=Constant(delay="0s")),
        training=Training(fixed="0s", cost=case["K"]),
        service=Service(deploy="0s", rollback="0s", flag="0s"),
        launch=Launch(window="5d"),
        horizon=f"{days}d",
        tick="1d",
    )
    ledger = run(world, _Every(period), seed=1)
    return float(ledger.timeline.loss.sum() + case["K"] * len(ledger.of(Built))) / days


def ideals() -> list[str]:
    """Return the loss of the best possible rule: in closed form, and as a year realises it."""
    from scenarios import catalogue
    from sim.concepts import GaussianClasses, Linear, Sine
    from sim.run import run
    from strategies import presets

    normal = NormalDist()
    cases: list[tuple[str, Concept, float]] = [
        ("two Gaussian classes, 1 apart", GaussianClasses(distance=1.0), normal.cdf(-0.5)),
        ("two Gaussian classes, 2 apart", GaussianClasses(distance=2.0), normal.cdf(-1.0)),
        ("two Gaussian classes, 3 apart", GaussianClasses(distance=3.0), normal.cdf(-1.5)),
        ("linear rule, 10 % of outcomes flipped", Linear(noise=0.1), 0.1),
        ("sine curve, 5 % flipped", Sine(noise=0.05), 0.05),
    ]
    calm = catalogue()["calm-year"](horizon="4w", season=0.0, rate="40/h")
    rows = []
    for name, concept, exact in cases:
        year = replace(calm, stream=replace(calm.stream, concept=concept))
        shares = []
        for seed in range(4):
            line = run(year, presets.never(), seed=seed).timeline
            shares.append(float(line.ideal.sum() / line.count.sum()))
        rows.append([name, f"{exact:.4f}", _told(shares)])
    return table(["concept", "closed form", "ours"], rows, wide=WIDE)


def _told(values: list[float]) -> str:
    found = mean(values)
    return f"{found.value:.4f} ({found.low:.4f} to {found.high:.4f})"


def queues() -> list[str]:
    """Return mean times in the system of one server, and who goes away; eight days each."""
    from sim.queueing import Queue

    rows = []
    for load in (0.4, 0.7):
        for spread, factor, name in (("exponential", 1.0, "M/M/1"), ("constant", 0.5, "M/D/1")):
            expected = load + factor * load * load / (1 - load)
            queue = Queue(mean=f"{round(load * 1000)}ms", spread=spread, patience="1d")
            rows.append(
                [f"{name}, load {load}", "mean seconds in the system", f"{expected:.4f}",
                 _told([_latency(queue, seed) for seed in range(8)])]
            )  # fmt: skip
    idle = 1 / (1 + 2 * (exp(1.5) - 1) + 2 * exp(1.5))
    impatient = Queue(mean="2s", patience="3s")
    shares = [_answered(impatient, seed) for seed in range(8)]
    rows.append(
        ["M/M/1, load 2, nobody waits beyond 3 s", "share answered", f"{0.5 * (1 - idle):.4f}",
         _told(shares)]
    )  # fmt: skip
    return table(["line", "what", "theory", "ours"], rows, wide=WIDE)


def _line(queue: Queue) -> Scenario:
    from sim.concepts import Linear
    from sim.scenario import Scenario, Service
    from sim.stream import Stream
    from sim.traffic import Traffic

    stream = Stream(concept=Linear(columns=2), traffic=Traffic(rate="3600/h"))
    return Scenario(name="a line", stream=stream, service=Service(queue=queue), horizon="1d")


def _latency(queue: Queue, seed: int) -> float:
    from sim.run import run
    from strategies import presets

    line = run(_line(queue), presets.never(), seed=seed).timeline
    return float(line.of_vital("latency")[:, 0].sum() / line.count[:, 0].sum() / 1e6)


def _answered(queue: Queue, seed: int) -> float:
    from sim.run import run
    from strategies import presets

    line = run(_line(queue), presets.never(), seed=seed).timeline
    return float(line.count[:, 0].sum() / (24 * 3600))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
