"""Which intervention mends what: the table of docs/policies.md."""

from __future__ import annotations

import re
from pathlib import Path
from statistics import mean, stdev

import pytest

from tests.sim.mending import DOES, WRONG, loss_after

PAGE = Path(__file__).parents[2] / "docs" / "policies.md"


def told(wrong: str) -> list[tuple[float, float]]:
    """Return what the page tells of one situation: mean and half interval of each intervention."""
    (row,) = re.findall(rf"^\| {wrong}.*$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [(float(m), float(h)) for m, h in re.findall(r"(-?[\d.]+) ± ([\d.]+)", row)]


ROWS = {
    "another price": "another price",
    "another mix": "another mix",
    "another rule": "another rule",
    "a broken feed": "a feed that broke",
}


@pytest.mark.parametrize("wrong", WRONG)
def test_one_seed_lies_within_what_the_page_tells(wrong: str) -> None:
    """The spread of single seeds is √10/2.262 times the half interval of ten."""
    for does, (centre, half) in zip(DOES, told(ROWS[wrong]), strict=True):
        spread = (half + 0.0005) * 10**0.5 / 2.262
        assert loss_after(wrong, does, 11) == pytest.approx(centre, abs=4.5 * spread), does


@pytest.mark.deep
@pytest.mark.parametrize("wrong", WRONG)
def test_ten_seeds_give_what_the_page_tells(wrong: str) -> None:
    for does, (centre, half) in zip(DOES, told(ROWS[wrong]), strict=True):
        found = [loss_after(wrong, does, seed) for seed in range(10)]
        assert mean(found) == pytest.approx(centre, abs=0.001), does
        assert 2.262 * stdev(found) / 10**0.5 == pytest.approx(half, abs=0.001), does
