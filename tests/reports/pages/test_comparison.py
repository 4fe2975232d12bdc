"""The page of a comparison, opened in a browser and read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reports.comparison import Comparison, Year, compare
from reports.comparison.margin import margin
from reports.pages.comparison import pictures, render
from reports.plot import LOST

Browser = Any
HOSTILE = "</script><img src=x onerror=alert(1)>\"'&"


def year(strategy: str, seed: int, *, loss: float, trainings: int, lag_s: float | None) -> Year:
    """Return a year of known answers."""
    run: dict[str, Any] = dict.fromkeys(LOST.values(), 100.0 * loss)
    run |= {
        "stopped": None, "finding": f"as told by {strategy}", "horizon_s": 1e7, "requests": 1000,
        "loss": 1000 * loss, "excess": 10.0, "excess_mean": 0.01, "cost": 0.0, "currency": "",
        "cost_of_loss": 0.0, "cost_of_trainings": 0.0, "trainings": trainings, "false_alarms": 0,
        "needless": 0,
        "releases": 0, "rollbacks": 0, "pages": 0, "fallbacks": 0, "errors": 0,
        "judged_by": "ZeroOne()",
    }  # fmt: skip
    incident = {"incident": "break", "onset_s": 1e6, "harmless": False, "recovered_s": None}
    seen = {"incident": "break", "monitor": "m", "layer": "input", "lag_s": lag_s,
            "missed": lag_s is None}  # fmt: skip
    version = {"version": "v0", "claim": 0.9 * loss, "lived": loss, "requests": 1000}
    return Year("story", strategy, seed, run, (incident,), (seen,), (version,))


def found(names: tuple[str, ...], seeds: int, *, apart: float = 0.1) -> Comparison:
    """Return a comparison in which each strategy loses *apart* more than the one before."""
    years = [
        year(name, seed, loss=0.1 + apart * place + 0.001 * (seed * 7 % 5 + (seed + place) % 3),
             trainings=3 - place, lag_s=None if place else 3600.0 * (seed + 1))
        for place, name in enumerate(names)
        for seed in range(seeds)
    ]  # fmt: skip
    return compare(years, scenarios=["story"], strategies=names, seeds=seeds, margin=margin("5%"))


def written(told: Comparison) -> str:
    """Return the page."""
    return render(told, pictures(told), command="driftyard compare story")


@pytest.mark.parametrize("width", [375, 1440])
def test_nothing_overflows_and_hostile_names_are_words(
    browser: Browser, tmp_path: Path, width: int
) -> None:
    names = (HOSTILE, "a-very-long-name-without-any-space-at-all-in-it" * 3)
    for theme in ("light", "dark"):
        browser.open(written(found(names, 4)), tmp_path, width=width, theme=theme)
        assert browser.overflowing() == []
        assert browser.complaints() == []
    assert browser.ask("document.querySelectorAll('img').length") == 0
    assert HOSTILE in browser.ask("document.querySelector('main').textContent")


def test_the_years_can_be_searched(browser: Browser, tmp_path: Path) -> None:
    browser.open(written(found(("one", "two"), 4)), tmp_path, width=1440)
    browser.driver.find_element("css selector", ".find input").send_keys("two")
    shown = "[...document.querySelectorAll('#log tbody tr')].filter(r => r.offsetParent).length"
    assert browser.ask(shown) == 4


def test_the_answer_is_the_heading() -> None:
    page = written(found(("one", "two"), 6))
    assert "<h1>one has the least loss a request, surely less than two.</h1>" in page


def test_the_offline_claim_stands_first_beside_what_was_lived_to() -> None:
    page = written(found(("one", "two"), 1))
    assert page.index("Claimed offline, and lived to") < page.index("What it took")
    assert '<td>one</td><td class="number">91.0 % right</td>' in page
    assert "v0 of seed 0: 91.0 % right, lived to 90.0 % right" in page


def test_what_is_not_settled_is_said_not_to_be() -> None:
    page = written(found(("one", "two", "three"), 4, apart=0.003))
    assert "surely less than three; against two that is not settled" in page
    page = written(found(("one", "two", "three"), 4, apart=0.0))
    assert "two, three are as good as equal" in page


def test_regret_stands_on_the_page_where_it_was_asked_for() -> None:
    told = found(("one", "two"), 4)
    assert "hindsight" not in written(told)
    asked = replace(told, regrets=tuple(told.contrasts[:1]))
    page = written(asked)
    assert "Beside the best that hindsight could do" in page
    assert f"regret of {told.contrasts[0].one}" in page


def test_one_seed_is_no_evidence() -> None:
    page = written(found(("one", "two"), 1))
    assert "unknown, from 1 seed" in page
    assert ">nan" not in page


def test_where_nobody_watches_no_lags_are_drawn() -> None:
    watched = found(("one", "two"), 2)
    years = [replace(year, detections=()) for year in watched.years]
    told = replace(watched, years=tuple(years))
    assert list(pictures(told)["story"]) == ["pareto", "stacked"]
    assert "<h1>" in written(told)


def test_equal_comparisons_make_equal_pages() -> None:
    assert written(found(("one", "two"), 3)) == written(found(("one", "two"), 3))
