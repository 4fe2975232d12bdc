"""What is expected of a policy: the grammar, and how sure one must be."""

from __future__ import annotations

from math import inf, isnan
from typing import Any

import pytest
from scipy import stats  # type: ignore[import-untyped]

from reports.comparison import Year, expectation, measure
from reports.comparison.expectation import FAIL, PASS, UNKNOWN, tally
from reports.comparison.measure import settle
from sim.errors import Mistake

HOUR = 3600.0


def year(
    *, seed: int = 0, lag_s: float | None = HOUR, broken: str = "", incidents: int = 1, **row: Any
) -> Year:
    """Return a year of 1,000 hours with an incident at hour 100 that the contract saw or not."""
    run = {"horizon_s": 1_000 * HOUR, "stopped": broken, "loss": 10.0, "requests": 100, **row}
    told = tuple(
        {"incident": f"i{n}", "onset_s": 100 * HOUR, "recovered_s": None, "harmless": False}
        for n in range(incidents)
    )
    seen = tuple(
        {"incident": f"i{n}", "monitor": "contract", "layer": "input", "lag_s": lag_s,
         "missed": lag_s is None}
        for n in range(incidents)
    )  # fmt: skip
    return Year("world", "policy", seed, run, told, seen)


def verdict(text: str, held: int, of: int) -> str:
    years = [year(seed=n, lag_s=HOUR if n < held else 9 * HOUR) for n in range(of)]
    return tally(expectation(text), years).verdict


def test_of_thirty_years_twenty_eight_pass() -> None:
    """P(it holds) ≥ 0.8 by the exact bounds, each 95 % sure."""
    assert [verdict("lag(input) < 6h", held, 30) for held in (30, 29, 28, 27)] == [
        PASS, PASS, PASS, UNKNOWN,
    ]  # fmt: skip
    fails = [k for k in range(31) if stats.binom.cdf(k, 30, 0.8) < 0.05]
    assert verdict("lag(input) < 6h", max(fails), 30) == FAIL
    assert verdict("lag(input) < 6h", max(fails) + 1, 30) == UNKNOWN


def test_what_was_missed_never_holds_and_is_capped_in_a_mean() -> None:
    missed = year(lag_s=None)
    assert measure("lag").of(missed) == 900 * HOUR
    assert measure("lag").strict(missed) == inf
    assert expectation("lag < 900y").holds(missed) is False
    assert measure("missed").of(missed) == 1.0


def test_a_year_without_an_incident_says_nothing_of_lags() -> None:
    calm = year(incidents=0)
    assert isnan(measure("lag").of(calm))
    assert expectation("lag < 6h").holds(calm) is None
    assert tally(expectation("lag < 6h"), [calm]).verdict == UNKNOWN


def test_a_year_in_which_the_strategy_broke_down_does_not_hold() -> None:
    years = [year(seed=n, broken="gave up") for n in range(30)]
    assert tally(expectation("lag(input) < 6h"), years).verdict == FAIL


@pytest.mark.parametrize(
    ("text", "who", "what"),
    [
        ("lag", "", ""),
        ("lag(input)", "input", ""),
        ("lag(contract)", "contract", ""),
        ("lag(i0)", "", "i0"),
        ("lag(i0, input)", "input", "i0"),
        ("lag(layer=input, incident='i0')", "input", "i0"),
    ],
)
def test_layers_monitors_and_incidents_are_told_apart(text: str, who: str, what: str) -> None:
    settled = settle(measure(text), [year()])
    assert (settled.who, settled.what) == (who, what)
    assert settled.of(year()) == HOUR


def test_a_layer_that_nobody_watches_has_missed() -> None:
    assert measure("lag(output)").strict(year()) == inf


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("lag(input)", "sign"),
        ("lagg < 6h", "lag"),
        ("lag < soon", "duration"),
        ("loss < much", "number"),
        ("loss(input) < 1", "brackets"),
        ("lag(a, b, c) < 1h", "incident"),
        ("lag(who=input) < 1h", "layer"),
    ],
)
def test_a_mistake_names_its_remedy(text: str, named: str) -> None:
    with pytest.raises(Mistake, match=named):
        expectation(text)


def test_a_monitor_that_no_year_knows_is_a_mistake() -> None:
    with pytest.raises(Mistake, match="contract"):
        expectation("lag(contact) < 6h").settled([year()], ["world"])
    with pytest.raises(Mistake, match="world"):
        expectation("loss < 1 in word").settled([year()], ["world"])
