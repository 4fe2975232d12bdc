"""The pages of tune, ablate, probe and gate, opened in a browser and read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reports.pages.trial import leave, render, told
from reports.trials.gating import Check, Gated
from tests.reports.figures.test_trials import ABLATION, CURVE, MAP, PROBE
from tests.reports.pages.test_comparison import HOSTILE, found

Browser = Any
LONG = "a-very-long-name-without-any-space-at-all-in-it" * 3
SPOTS = tuple(replace(s, objective=dict.fromkeys(("line", "loop"), s.lead)) for s in MAP.spots)
GATED = Gated(
    policy=HOSTILE,
    against="two",
    checks=(
        Check("lag(input) < 6h", "story", "pass", "in 28 of 30 years"),
        Check(f"no worse by {LONG}", "story", "fail", "loss a request +0.1"),
    ),
    comparison=found((HOSTILE, "two"), 3),
)
FOUND: dict[str, Any] = {
    "curve": [replace(CURVE, strategy=HOSTILE, parameter=LONG)],
    "curves": [CURVE, replace(CURVE, strategy=HOSTILE)],
    "map": [replace(MAP, scenario=HOSTILE, spots=SPOTS)],
    "ablation": replace(ABLATION, strategy=HOSTILE, failures=(f"{HOSTILE}, seed 3: fell over",)),
    "probe": replace(PROBE, policy=HOSTILE),
    "gate": GATED,
}


def page(name: str) -> str:
    return render(told(FOUND[name]), failures=getattr(FOUND[name], "failures", ()), command="again")


@pytest.mark.parametrize("name", FOUND)
def test_nothing_overflows_and_hostile_names_are_words(
    browser: Browser, tmp_path: Path, name: str
) -> None:
    for width, theme in ((375, "light"), (1440, "dark")):
        browser.open(page(name), tmp_path, width=width, theme=theme)
        assert browser.overflowing() == []
        assert browser.complaints() == []
    assert browser.ask("document.querySelectorAll('img').length") == 0
    assert HOSTILE in browser.ask("document.querySelector('main').textContent")


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("map", "line has the least loss in 2 of 4 fields, surely in 1; loop has the least loss"),
        ("ablation", "contract earns its keep; gate does harm; owner is not settled."),
        ("probe", "Seen first: feed by the input layer. Seen by nobody in most years: rule."),
        ("gate", "fail (1 failed, 1 passed)"),
    ],
)
def test_the_answer_is_the_heading(name: str, answer: str) -> None:
    head = page(name).partition("<h1>")[2].partition("</h1>")[0]
    assert answer in head


def test_a_failed_check_stands_first_and_the_comparison_below() -> None:
    text = page("gate")
    assert text.index("no worse by") < text.index("lag(input) &lt; 6h")
    assert text.index("What it was held to") < text.index("Claimed offline, and lived to")


def test_what_would_have_come_by_chance_is_told() -> None:
    assert "feed, performance layer: 50 % of years" in page("probe")


def test_runs_that_failed_are_said_to_have() -> None:
    assert "1 run failed: " in page("ablation")


def test_each_picture_is_a_file_of_its_own(tmp_path: Path) -> None:
    leave(FOUND["curves"], tmp_path, "again")
    assert (tmp_path / "report.html").is_file()
    names = {file.name for file in (tmp_path / "figures").iterdir()}
    assert names == {"curve-1.png", "curve-1.svg", "curve-2.png", "curve-2.svg"}
