"""What was claimed beside what was lived to: each version as often as it answered."""

from __future__ import annotations

from math import isclose, isnan
from typing import Any

from reports.comparison import Year
from reports.comparison.claim import claim


def year(seed: int, *versions: tuple[str, float | None, float | None, int]) -> Year:
    rows = tuple(
        {"version": name, "claim": said, "lived": lived, "requests": requests}
        for name, said, lived, requests in versions
    )
    run: dict[str, Any] = {"judged_by": "ZeroOne()"}
    return Year("story", "one", seed, run, (), (), rows)


def test_each_version_counts_as_often_as_it_answered() -> None:
    found = claim("story", "one", [year(0, ("v0", 0.1, 0.2, 300), ("v1", 0.3, 0.2, 100))])
    assert found is not None
    assert isclose(found.claimed.value, 0.15)
    assert isclose(found.lived.value, 0.2)
    assert isclose(found.short.value, 0.05)
    assert not found.short.known, "one year has no interval"


def test_years_are_paired_and_the_furthest_version_is_named() -> None:
    years = [
        year(0, ("v0", 0.1, 0.15, 10)),
        year(1, ("v0", 0.2, 0.25, 10), ("v7", 0.1, 0.4, 1)),
        year(2, ("v0", 0.3, 0.35, 10)),
    ]
    found = claim("story", "one", years)
    assert found is not None
    assert found.furthest is not None
    assert (found.furthest.seed, found.furthest.version) == (1, "v7")
    assert isclose(found.versions, 4 / 3)
    short = (0.05 + (10 * 0.05 + 0.3) / 11 + 0.05) / 3
    assert isclose(found.short.value, short)
    assert found.short.low < short < found.short.high


def test_who_answered_nobody_or_claimed_nothing_is_left_out() -> None:
    found = claim("story", "one", [year(0, ("v0", 0.1, 0.1, 5), ("v1", 0.9, None, 0))])
    assert found is not None
    assert found.claimed.value == 0.1
    assert found.furthest is None, "it kept its claim"
    assert claim("story", "one", [year(0, ("v0", None, 0.2, 5)), year(1)]) is None
    assert not isnan(found.versions)
