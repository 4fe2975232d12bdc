"""The real errors of a model in a scenario, as their labels arrive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reports.bench.streams import Normal
from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.labels import Constant, Labels
from sim.run import run as played
from sim.scenario import Launch, Scenario
from sim.stream import Stream
from sim.traffic import Traffic
from strategies import presets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reports.bench.streams import Drifts

    Floats = NDArray[np.float64]

SPACING_US = 86_400_000  # a thousand requests a day
FIRST_CALIBRATION_SEED = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Modelled:
    """A logistic regression that nobody rebuilds, on a rule that turns after *burn_in* requests.

    A share *noise* of outcomes is turned around, so the model errs about as often; turning the
    rule by *angle* degrees raises its errors to about *after*. Labels come *late* requests later,
    in order. Every run trains a model of its own, so its error rate is its own too.
    """

    name: str = "model"
    n: int = 10_000
    burn_in: int = 5_000
    late: int = 1_000
    noise: float = 0.2
    angle: float = 30.0
    after: float = 0.3
    columns: int = 5
    trained_on: int = 20_000

    @property
    def normal(self) -> Normal:
        """What detectors may be told: roughly right."""
        return Normal(kind="bernoulli", before=self.noise, after=self.after)

    @property
    def family(self) -> str:
        """What detectors are calibrated for: this model without the drift."""
        return f"model noise {self.noise:g} columns {self.columns} trained on {self.trained_on}"

    @property
    def runs(self) -> int | None:
        """As many as one likes."""
        return None

    def draw(self, run: int) -> tuple[Floats, Drifts]:
        """Return one run's errors, in the order of their labels."""
        return self._errors(self.scenario(self.n), run), ((self.burn_in, self.burn_in),)

    def calm(self, run: int, n: int) -> Floats:
        """Return *n* errors of a model whose world stays as it is."""
        return self._errors(self.scenario(n).calm(), FIRST_CALIBRATION_SEED + run)

    def scenario(self, n: int) -> Scenario:
        """Return the scenario with *n* requests."""
        rule = Linear(columns=self.columns, noise=self.noise, rule="bench")
        turned = Linear(columns=self.columns, noise=self.noise, rule="bench", angle=self.angle)
        drift = ConceptDrift(at=f"{self.burn_in * SPACING_US}us", to=turned)
        return Scenario(
            name="bench-model",
            story="A rule turns; the errors tell when their labels come.",
            stream=Stream(
                concept=rule,
                traffic=Traffic(rate="1000/d", arrivals="even"),
                drifts=(drift,) if self.burn_in < n else (),
            ),
            labels=Labels(delay=Constant(delay=f"{self.late * SPACING_US}us")),
            launch=Launch(window=f"{self.trained_on * SPACING_US}us"),
            horizon=f"{n * SPACING_US}us",
        )

    def _errors(self, scenario: Scenario, seed: int) -> Floats:
        ledger = played(scenario, presets.never(), seed=seed, outcomes=True)
        assert ledger.outcomes is not None
        return np.asarray(ledger.outcomes.loss, dtype=np.float64)
