"""`driftyard list` and `show`."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.cli import main
from tests.reports.commands.little import BASE, STORY


def test_a_scenario_shows_who_answers_and_what_things_cost_where_that_is_unusual(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["show", "hand-off-to-nobody", "eroding-trust", "gradual-drift"]) == 0
    nobody, trust, drift = capsys.readouterr().out.split(": a scenario")[1:]
    assert "nobody=('data',), handoff='8w'" in nobody
    assert "worth=2.0" in trust
    assert not any(line.startswith(("people", "users", "queue")) for line in drift.splitlines())


def test_estimators_of_other_packages_can_be_looked_up(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["list", "words"]) == 0
    told = capsys.readouterr().out
    assert "RandomForestClassifier," in told
    assert "river.datasets.synth.LED," in told
    names = ["river.datasets.synth.LED", "RandomForestClassifier", "LinearRegression"]
    assert main(["show", *names]) == 0
    led, forest, ours = capsys.readouterr().out.split(": a word of scenario files")[1:]
    assert "noise_percentage" in led
    assert "n_estimators" in forest
    assert "slope" in ours  # our own words come first


def test_scenarios_can_be_chosen_by_what_breaks_and_where(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["list", "scenarios", "--seam", "data"]) == 0
    told = capsys.readouterr().out
    assert "silent-schema-change" in told
    assert "gradual-drift" not in told
    assert main(["list", "--domain", "code"]) == 0
    told = capsys.readouterr().out
    assert "technical-debt" in told
    assert "calm-year" not in told
    assert main(["list", "--seam", "feedback", "--domain", "recommendation"]) == 0
    assert "gradual-drift" in capsys.readouterr().out


def test_list_and_show_say_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    told = capsys.readouterr().out
    for name in ("silent-schema-change", "nobody-watching", "ADWIN"):
        assert name in told
    assert main(["list", "detectors"]) == 0
    assert "nobody-watching" not in capsys.readouterr().out
    assert main(["show", "silent_schema_change", "contract(limit=0.05)", "ADWIN"]) == 0
    told = capsys.readouterr().out
    for words in ("What goes wrong", "rename", "closed:", "limit=0.05", "input", "delta=0.002"):
        assert words in told
    assert max(map(len, told.splitlines())) <= 100


def test_show_draws_what_will_happen(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "base.yaml").write_text(BASE + "calendar: {opens: 'uniform(7h, 10h)'}\n")
    (here / "story.yaml").write_text(STORY)
    assert main(["show", "story.yaml"]) == 0
    told = capsys.readouterr().out
    (lane,) = (line.split()[1] for line in told.splitlines() if line.startswith("drop "))
    assert set(lane[:13]) == {"·"}  # nobody's world breaks before day 3 of 9
    assert lane[28:] == "█" * 12  # everybody's is broken after day 6
    assert "0 " in told
    for words in ("calendar.opens", "uniform(7h, 10h)", "faults[Drop].at", "means over the years"):
        assert words in told
    assert max(map(len, told.splitlines())) <= 80
    for suffix in ("png", "svg"):
        assert main(["show", "story.yaml", "--figure", f"a.{suffix}"]) == 0
    assert (here / "a.png").read_bytes().startswith(b"\x89PNG")
    first = (here / "a.svg").read_bytes()
    assert main(["show", "story.yaml", "--figure", "a.svg"]) == 0
    assert (here / "a.svg").read_bytes() == first


def test_list_words_names_all_that_may_stand_in_a_scenario(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from reports.commands.listing import words
    from sim import faults

    assert main(["list", "words"]) == 0
    out = capsys.readouterr().out
    told = {name for group in words().values() for name in group}
    for name in told:
        assert f"\n{name} " in out
    open_ended = {"Fault", "FeedFault", "LabelFault", "ArchiveFault", "BuildFault"}
    ours = {name for name in faults.__all__ if isinstance(getattr(faults, name), type)}
    kinds = {n for n in ours if issubclass(getattr(faults, n), faults.Fault)} - open_ended
    assert kinds <= told


@pytest.mark.parametrize("name", ["UnitChange", "Adversary", "Users", "GaussianMixture", "Review"])
def test_show_explains_a_word_with_its_fields(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", name]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{name}: a word of scenario files")
    assert f"kind: {name}" in out
    assert max(map(len, out.split("\n"))) <= 100
    assert "<factory>" not in out
    if name == "UnitChange":
        assert "factor" in out
        assert "As with every FeedFault:" in out
