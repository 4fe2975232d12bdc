"""`driftyard tune`: the best value, how sure that is, and theory where there is one."""

from __future__ import annotations

import json
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reports.cli import main
from reports.comparison.curve import best_of
from reports.trials.placing import filled, places
from sim.errors import Mistake

TRUTH = json.loads((Path(__file__).parents[1] / "data" / "economics.json").read_text())
CASES = TRUTH["linear_staleness"]["cases"]
FILE = '''
from dataclasses import dataclass
from sim.actions import Promote, Retrain
from sim.artifacts import Parametric
from sim.clock import DAY_US, us
from sim.concepts import Moving
from sim.labels import Constant, Labels
from sim.losses import Expected
from sim.prices import Prices
from sim.scenario import Launch, Scenario, Service, Training
from sim.stream import Stream
from sim.traffic import Traffic


def rots(*, cost: float = 8.0, slope: float = 0.04, days: int = 60, price: float = 1.0) -> Scenario:
    """Code that rots by the day."""
    return Scenario(
        name="rots",
        stream=Stream(
            concept=Moving(speed=1.0, step="1d"), traffic=Traffic(rate="1/d", arrivals="even")
        ),
        artifact=Parametric(slope=slope), loss=Expected(),
        labels=Labels(delay=Constant(delay="0s")), training=Training(fixed="0s", cost=cost),
        service=Service(deploy="0s", rollback="0s", flag="0s"), launch=Launch(window="5d"),
        horizon=f"{days}d", tick="1d", prices=Prices(currency="EUR", loss=price),
    )


@dataclass(frozen=True)
class Every:
    """Builds on day 0 and every *period* from then on, and serves it at once."""

    period: str = "7d"
    heartbeat: str = "1d"

    def decide(self, view):
        if view.candidate:
            return [Promote(view.candidate)]
        if view.reason == "heartbeat" and view.now_us % us(self.period) == 0:
            return [Retrain(1)]
        return []
'''


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "my.py").write_text(FILE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def tuned(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, Any]:
    assert main(["tune", *args, "--workers", "1", "--seeds", "2", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["found"]
    return dict(found)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"K={case['K']}")
def test_the_best_period_and_every_rate_are_those_of_theory(
    capsys: pytest.CaptureFixture[str], case: dict[str, float]
) -> None:
    """Over 60 days each of these periods ends where a cycle does: rates are exact."""
    world = f"my.py:rots(cost={case['K']}, slope={case['c']})"
    over = "period=5d,6d,10d,12d,15d,20d,30d,60d"
    curve = tuned(capsys, world, "-s", "my.py:Every", "--over", over)
    for place, theory in zip(curve["places"], curve["theory_rates"], strict=True):
        days = place["number"] / 86_400
        formula = (case["K"] + case["c"] * days * (days - 1) / 2) / days
        whole = 60 * formula - case["K"]  # the formula charges the launch too
        assert place["objective"]["mean"] == pytest.approx(whole, abs=1e-9)
        assert theory == pytest.approx(whole, abs=1e-9)
    assert curve["optimum"]["value"] == f"{case['best_T']:g}d"
    assert curve["theory"] == case["best_T"] * 86_400
    assert (curve["low"], curve["high"]) == (curve["optimum"]["value"],) * 2
    assert curve["fresh"]["mean"] == pytest.approx(curve["optimum"]["objective"]["mean"])


def test_without_prices_a_training_may_have_one_in_errors(
    capsys: pytest.CaptureFixture[str],
) -> None:
    args = ["my.py:rots(price=0.0)", "-s", "my.py:Every", "--over", "period=5d,20d,60d"]
    assert tuned(capsys, *args)["optimum"]["value"] == "5d", "free trainings"
    priced = tuned(capsys, *args, "--training-costs", "8")
    assert priced["optimum"]["value"] == "20d"
    assert priced["theory"] == 20 * 86_400


def test_a_map_says_who_wins_where(capsys: pytest.CaptureFixture[str]) -> None:
    """A quick calendar wins where code rots quickly, and loses where building is dear."""
    quick, slow = "my.py:Every(period='5d')", "my.py:Every(period='30d')"
    found = tuned(
        capsys, "my.py:rots", "-s", f"{quick},{slow}",
        "--over", "slope=0.001,0.5", "--over", "cost=1,100",
    )  # fmt: skip
    for spot in found["spots"]:
        slope, cost = float(spot["x"]), float(spot["y"])
        theory = {
            name: cost / days + slope * (days - 1) / 2 for name, days in ((quick, 5), (slow, 30))
        }
        assert spot["winner"] == min(theory, key=lambda name: theory[name])
    assert {spot["winner"] for spot in found["spots"]} == {quick, slow}


def test_the_interval_of_an_optimum_covers_it() -> None:
    """Noisy parabolas: the true best lies in the interval about as often as it says."""
    luck = np.random.Generator(np.random.SFC64(1))
    values = np.arange(9.0)
    covered = 0
    for _ in range(200):
        slopes = luck.normal(0.0, 1.0, (20, 1))
        table = (values - 4.2) ** 2 * 0.2 + slopes * values + luck.normal(0, 0.5, (20, 9))
        _, low, high = best_of(table)
        covered += low <= 4 <= high
    assert covered / 200 >= 0.95 - 3 * sqrt(0.05 * 0.95 / 200)
    assert covered < 200, "it is not all of the range"


def test_a_parameter_goes_where_it_belongs() -> None:
    worlds, operators = places(["gradual-drift"], ["scheduled(window='9d')", "never"], ["every"])
    assert worlds == ["gradual-drift"]
    assert operators == ["scheduled(window='9d', every={every})", "never"]
    worlds, _ = places(["gradual-drift"], ["never"], ["width"])
    assert worlds == ["gradual-drift(width={width})"]
    assert filled(worlds[0], {"width": "2w"}) == "gradual-drift(width='2w')"
    with pytest.raises(Mistake, match="wdth"):
        places(["gradual-drift"], ["never"], ["wdth"])


@pytest.mark.parametrize(
    ("over", "named"),
    [
        (["period=5d"], "several"),
        (["period=60d..1d"], "goes up"),
        (["period=1d..5"], "time to a time"),
        (["prd=1,2"], "prd"),
        (["a=1,2", "b=1,2", "c=1,2"], "one parameter or two"),
        ([], "one parameter or two"),
    ],
)
def test_a_mistake_is_one_line(
    capsys: pytest.CaptureFixture[str], over: list[str], named: str
) -> None:
    asked = [word for one in over for word in ("--over", one)]
    assert main(["tune", "my.py:rots", "-s", "my.py:Every", *asked, "--workers", "1"]) == 2
    said = capsys.readouterr().err.strip()
    assert named in said
    assert "\n" not in said
