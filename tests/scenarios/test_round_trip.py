"""What is written is read again, to the last bit."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from river import compose, linear_model, optim, preprocessing
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from scenarios import catalogue
from scenarios.calm_year import calm_year
from scenarios.distribution import reads, write
from sim.artifacts import Learned, Online, Parametric
from sim.errors import Mistake
from sim.scenario import Scenario
from tests.sim.laws.worlds import quick, scenarios


def again(scenario: Scenario) -> str:
    """Return the digest of what the written scenario is read as."""
    return reads(write(scenario)).draw(0).digest


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_every_story_can_be_written_down(name: str) -> None:
    scenario = catalogue()[name]()
    text = write(scenario)
    assert again(scenario) == scenario.digest
    assert max(map(len, text.splitlines())) <= 110
    assert len(text.splitlines()) < 80


@quick(60)
@given(scenarios())
def test_every_small_world_can_be_written_down(scenario: Scenario) -> None:
    assert again(scenario) == scenario.digest


AWKWARD = (
    "no", "null", "~", "12:30", "1e3", "2024-01-01", "- a", "a: b", "a #b", "'", '"', " x ", "\n",
    "a\nb", "a\n", "\n\na", "uniform(1, 2)", "choice(a", "NullBurst", "é ☃", "\t", "%", "&a", "*a",
    "!!str x", "---", "|", ">", "a" * 300, "a\\nb", "\x85", "\ufeff", "x\u2028y", "{a", "[b", "?",
)  # fmt: skip


@quick(200)
@given(st.sampled_from(AWKWARD) | st.text(min_size=1, max_size=40))
def test_every_text_can_be_written_down(text: str) -> None:
    scenario = replace(calm_year(), name=text, story=text + " " + text)
    if any(not sign.isprintable() for sign in text):
        with suppress(Mistake):  # there are signs that no file can hold
            assert again(scenario) == scenario.digest
    else:
        found = reads(write(scenario)).draw(0)
        assert (found.name, found.story) == (scenario.name, scenario.story)


@quick(100)
@given(st.floats(0, 1) | st.sampled_from((0, 1, np.float64(0.3))))
@example(5e-324)
def test_every_number_can_be_written_down_and_stays_whole_or_not(share: Any) -> None:
    scenario = replace(calm_year(), labels=replace(calm_year().labels, coverage=share))
    assert again(scenario) == scenario.digest


@pytest.mark.parametrize(
    "artifact",
    [
        Learned(),
        Learned(estimator=RandomForestClassifier(n_estimators=5, max_depth=3)),
        Learned(
            estimator=Pipeline(
                [("scale", StandardScaler()), ("fit", LogisticRegression(C=0.25, tol=1e-3))]
            )
        ),
        Online(model=linear_model.LogisticRegression(optimizer=optim.SGD(0.1), l2=0.5)),
        Online(model=preprocessing.StandardScaler() | linear_model.LogisticRegression()),
        Online(model=compose.Pipeline(("fit", linear_model.PAClassifier(C=2.0)))),
    ],
)
def test_every_model_of_the_list_can_be_written_down(artifact: Learned | Online) -> None:
    scenario = replace(calm_year(), artifact=artifact)
    assert again(scenario) == scenario.digest


def test_infinity_is_a_number() -> None:
    assert ".inf" not in write(catalogue()["technical-debt"]())
    scenario = replace(catalogue()["technical-debt"](), artifact=Parametric(worst=1e999))
    assert again(scenario) == scenario.digest


def test_what_is_as_it_would_be_is_left_away() -> None:
    text = write(calm_year())
    for name in ("tick", "faults", "artifact", "calendar", "arrivals", "width"):
        assert f"{name}:" not in text


class OfMine(LogisticRegression):  # type: ignore[misc]  # it ships no types
    """No class that a file may name."""


@pytest.mark.parametrize("estimator", [OfMine(), FunctionTransformer(func=abs), LogisticRegression])
def test_what_a_file_must_not_hold_is_not_written(estimator: Any) -> None:
    with pytest.raises(Mistake, match="cannot be written"):
        write(replace(calm_year(), artifact=Learned(estimator=estimator)))
