"""The timeline: same ledger, same bytes, and something sensible for every kind of run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reports.figures import timeline
from reports.figures.style import styled
from reports.result import Result

Books = Callable[..., Any]


@pytest.fixture
def busy(book: Books) -> Result:
    run = book().built("v0", "0d", 0.1).built("v1", "9d", 0.1).routed("0d", "v0")
    run.routed("9d", "v0", challenger="v1", share=0.1).routed("10d", "v1")
    run.onset("a $strange$ <name>", "5d").onset("b", "6d").onset("c", "19d 20h").hurt("5d", "8d")
    run.alarm("errors", "6d").alarm("contract", "6d 3h").alarm("errors", "15d")
    return Result(run.ledger(), book().ledger())


def words(result: Result) -> str:
    from matplotlib.text import Text

    with styled():
        figure = timeline.draw(result)
        return "\n".join(text.get_text() for text in figure.findobj(Text))


def test_the_same_ledger_gives_the_same_bytes(busy: Result, tmp_path: Path) -> None:
    for name in ("one", "two"):
        timeline.save(busy, tmp_path / name)
    for kind in ("png", "svg"):
        one, two = (tmp_path / name / f"timeline.{kind}" for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()
        assert b"Matplotlib" not in one.read_bytes()[:2000]


def test_it_names_what_happened_on_the_figure_itself(busy: Result) -> None:
    said = words(busy)
    for told in (
        "by hand under ByHand, seed 7",
        "a $strange$ <name> (drop), seen after 1d, over after 3d",
        "live service",
        "calm world",
        "best possible",
        "right answers",
        "performance alarms",
        "1 false (hollow)",
        "weeks since the launch",
        "v1",
    ):
        assert told in said


@pytest.mark.parametrize(
    "make",
    [
        lambda b: b,
        lambda b: b.stopped("0d", "X() raised ValueError"),
        lambda b: b.onset("a", "5d").stopped("6d", "X() raised ValueError"),
        lambda b: b.onset("数据 変化 🤖" * 20, "19d 23h"),
    ],
    ids=["calm", "stopped at once", "stopped", "a long strange name at the end"],
)
def test_it_draws_every_kind_of_run(
    book: Books, make: Callable[[Any], Any], tmp_path: Path
) -> None:
    result = Result(make(book()).ledger(), book().ledger())
    timeline.save(result, tmp_path)
    assert (tmp_path / "timeline.png").stat().st_size > 10_000


def test_a_thousand_alarms_are_thinned_out_and_still_counted(book: Books) -> None:
    run = book(hours=1200)
    for hour in range(1, 1100):
        run.alarm("errors", f"{hour}h")
    said = words(Result(run.ledger(), book(hours=1200).ledger()))
    assert "1,099 false" in said


def test_other_losses_are_shown_as_losses(book: Books) -> None:
    run, calm = book(), book()
    for one in (run, calm):
        one.scenario["loss"] = "Squared()"
    assert "mean loss" in words(Result(run.ledger(), calm.ledger()))
