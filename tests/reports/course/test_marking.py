"""Verdicts: when more seeds are played, what is remembered, which year is shown."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reports.cli import main
from reports.comparison.year import Year
from reports.course.chapter import chapter
from reports.course.claims import FAIL, MINE, PASS, UNKNOWN, Claim, Holds, Less, OnAverage, Shows
from reports.course.exam import Plan, days, near
from reports.course.marking import examined, looks
from reports.course.memory import Memory, usual
from reports.course.places import short
from reports.course.sentences import path_of
from sim.errors import Mistake

RIVAL = "never"


def years(
    mine: list[float], theirs: list[float] | None = None
) -> dict[tuple[str, str], list[Year]]:
    """Make years of which only the loss is told."""

    def some(operator: str, losses: list[float]) -> list[Year]:
        return [
            Year("w", operator, seed, {"loss": loss, "requests": 1, "stopped": None})
            for seed, loss in enumerate(losses)
        ]

    held = {("w", MINE): some(MINE, mine)}
    if theirs is not None:
        held["w", RIVAL] = some(RIVAL, theirs)
    return held


@pytest.mark.parametrize(
    ("held", "of", "verdict"),
    [(14, 14, PASS), (13, 13, UNKNOWN), (28, 30, PASS), (27, 30, UNKNOWN), (3, 14, FAIL)],
)
def test_a_share_of_years_passes_by_the_bounds_of_clopper_and_pearson(
    held: int, of: int, verdict: str
) -> None:
    told = years([0.1] * held + [0.9] * (of - held))
    (judged,) = Holds(expect="loss < 0.5").judge(told, alpha=0.05)
    assert judged.verdict == verdict
    assert bool(judged.more) == (verdict == UNKNOWN)
    if held < of:
        assert judged.worst is not None
        assert judged.worst.seed >= held


def test_all_of_n_years_pass_from_the_number_on_that_the_formula_gives() -> None:
    needed = int(np.ceil(log(0.05) / log(0.8)))
    for seeds, verdict in ((needed, PASS), (needed - 1, UNKNOWN)):
        (judged,) = Shows(words="always", holds=lambda _: True).judge(
            years([0.1] * seeds), alpha=0.05
        )
        assert judged.verdict == verdict


def test_a_paired_difference_has_to_lie_beyond_the_least_that_is_asked_for() -> None:
    theirs = [1.0 + 0.01 * (i % 5) for i in range(20)]
    mine = [0.9 * loss + 0.001 * (-1) ** i for i, loss in enumerate(theirs)]
    told = years(mine, theirs)
    for least, verdict in (("5%", PASS), ("15%", FAIL), ("10%", UNKNOWN), ("-5%", PASS)):
        (judged,) = Less(than=RIVAL, least=least).judge(told, alpha=0.05)
        assert judged.verdict == verdict, least


@pytest.mark.parametrize(
    "claim",
    [
        Holds(expect="loss < 0.5", words="it is so"),
        Shows(words="it is so", holds=lambda _: True),
        OnAverage(words="it is so", value=lambda year: float(year.run["loss"]), most=0.5),
        Less(of=MINE, than=MINE, words="it is so"),
    ],
)
def test_every_claim_names_its_world_where_there_are_several(claim: Claim) -> None:
    some = years([0.1, 0.2, 0.1])["w", MINE]
    loans = ("chapter15/loans.py:loans", "chapter15/loans.py:loans(angle=0.0)")
    for worlds, told in (
        (("w",), ("",)),
        ((MINE, "technical-debt(cost=50.0)"), (" in your year", " in technical-debt")),
        (("feed.yaml", "two_at_once.yaml"), (" in feed", " in two at once")),
        (loans, (" in loans", " in loans(angle=0.0)")),
    ):
        judged = claim.judge({(world, MINE): some for world in worlds}, alpha=0.05)
        assert [one.words for one in judged] == [f"it is so{where}" for where in told]


def test_words_that_say_where_need_no_name_of_a_world() -> None:
    some = years([0.1, 0.2, 0.1])["w", MINE]
    claim = Holds(expect="loss < 0.5", words="where it rains: it is so", world="a.yaml")
    (judged,) = claim.judge({("a.yaml", MINE): some, ("b.yaml", MINE): some}, alpha=0.05)
    assert judged.words == "where it rains: it is so"


def test_who_does_the_same_as_its_rival_does_not_do_better() -> None:
    told = years([0.5] * 20, [0.5] * 20)
    assert Less(than=RIVAL).judge(told, alpha=0.05)[0].verdict == FAIL
    assert Less(than=RIVAL, least="-1%").judge(told, alpha=0.05)[0].verdict == PASS


def test_a_chapters_files_have_a_short_name_on_the_command_line() -> None:
    from reports import names

    named = names.strategy("chapter2/solution.py:Mine")
    assert named.again == "plugins/solution.py:Mine"
    assert named.value.every == "7d"
    assert short(named.text) == "chapter2/solution.py:Mine"
    assert path_of("chapter2/solution.py:Mine").is_file()
    assert names.scenario("chapter04/ten_days.yaml").kept.keys() == {"plugins/ten_days.yaml"}


def test_the_worst_year_is_that_in_which_one_loses_most_beside_the_rival() -> None:
    told = years([0.5, 0.9, 0.7], [0.5, 0.85, 0.5])
    (judged,) = Less(than=RIVAL).judge(told, alpha=0.05)
    assert judged.worst is not None
    assert judged.worst.seed == 2


def test_an_exam_without_a_difference_passes_no_more_often_than_it_may() -> None:
    """Three looks share what one look may err: a claim that is untrue on the line passes rarely."""
    luck = np.random.Generator(np.random.SFC64(7))
    passed, worlds = 0, 400
    for _ in range(worlds):
        apart = luck.normal(0.0, 1.0, 80)
        for seeds in looks():
            some = years((10.0 + apart[: len(seeds)]).tolist(), [10.0] * len(seeds))
            (judged,) = Less(than=RIVAL).judge(some, alpha=0.05 / len(looks()))
            if judged.verdict != UNKNOWN:
                passed += judged.verdict == PASS
                break
    at_most = 0.025 + 3 * (0.025 * 0.975 / worlds) ** 0.5
    assert passed / worlds <= at_most


class Scripted:
    """A stage whose years are known beforehand."""

    def __init__(self, losses: list[float], claims: tuple[Claim, ...]) -> None:
        self.plan = Plan(worlds={"w": "w"}, operators={MINE: MINE}, claims=claims)
        self.failed: list[str] = []
        self.played: list[int] = []
        self._losses = losses

    def play(self, seeds: Sequence[int], *, among: int = 0) -> None:
        self.played.append(len(seeds))

    @property
    def years(self) -> dict[tuple[str, str], list[Year]]:
        return years(self._losses[: self.played[-1]])


@pytest.mark.parametrize(
    ("bad_in", "also", "played", "verdict"),
    [(0, "loss < 1", 20, PASS), (1, "loss < 1", 40, PASS), (1, "loss > 1", 20, FAIL)],
)
def test_more_years_are_played_only_while_they_may_change_the_verdict(
    bad_in: int, also: str, played: int, verdict: str
) -> None:
    stage: Any = Scripted(
        [0.9] * bad_in + [0.1] * (80 - bad_in), (Holds(expect="loss < 0.5"), Holds(expect=also))
    )
    judged, seeds = examined(stage, looks(), "my.py", 0.05)
    assert len(seeds) == max(stage.played) == played
    assert (FAIL if FAIL in {one.verdict for one in judged} else judged[0].verdict) == verdict


def test_answers_are_read_as_people_write_them() -> None:
    assert (days("36h"), days(45), days(90 / 2)) == (1.5, 45.0, 45.0)
    for wrong in (None, "soon", -3, True, [7]):
        with pytest.raises(Mistake):
            days(wrong)
    assert near(46.0, 45.6, within=0.15, words="w").verdict == PASS
    assert "too small" in near(30.0, 45.6, within=0.15, words="w").told


def test_a_verdict_names_the_year_its_figure_and_how_to_play_it_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    naive = str(chapter("first-drift").file("naive"))
    told = ["learn", "first_drift", "--solution", naive, "--seeds", "5..6", "--progress", "p.json"]
    assert main([*told, "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "fail"
    assert found["seeds"] == 2
    assert found["worst"]["seed"] in (5, 6)
    assert found["worst"]["again"].endswith(f"--seed {found['worst']['seed']}")
    assert Path(found["figure"]).read_text("utf-8").lstrip().startswith("<?xml")


def test_a_verdict_is_told_even_where_progress_cannot_be_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("taken").write_text("", encoding="utf-8")
    naive = str(chapter("first-drift").file("naive"))
    told = ["learn", "2", "--solution", naive, "--seeds", "5..6", "--progress", "taken/learn.json"]
    assert main(told) == 2
    heard = capsys.readouterr()
    assert "FAIL: this does not hold" in heard.out
    assert "set DRIFTYARD_LEARN" in heard.err


def test_what_was_passed_stays_passed_and_can_be_forgotten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    memory = Memory(tmp_path / "deep" / "learn.json")
    memory.keep("cadences", PASS)
    memory.keep("cadences", FAIL)
    memory.keep("loop", FAIL)
    assert memory.passed == {"cadences"}
    assert main(["learn", "--progress", str(memory.path)]) == 0
    listed = capsys.readouterr().out
    assert str(memory.path) in listed
    assert "✓ cadences" in listed
    assert main(["learn", "--reset", "--progress", str(memory.path)]) == 0
    assert memory.passed == set()


def test_progress_lies_where_each_system_keeps_such_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DRIFTYARD_LEARN", raising=False)
    monkeypatch.setenv("APPDATA", "/roaming")
    monkeypatch.setenv("XDG_STATE_HOME", "/state")
    assert usual("win32") == Path("/roaming/driftyard/learn.json")
    assert usual("linux") == Path("/state/driftyard/learn.json")
    assert "Library" in str(usual("darwin"))
    monkeypatch.setenv("DRIFTYARD_LEARN", "/mine.json")
    assert usual("linux") == Path("/mine.json")


def test_new_writes_the_starter_and_never_over_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "chapter", "4"]) == 0
    assert "chapter04.py" in capsys.readouterr().out
    assert Path("chapter04.py").read_bytes() == chapter("4").file("starter").read_bytes()
    assert main(["new", "chapter", "4"]) == 2
    assert main(["new", "chapter", "cadences", "other.py"]) == 0
    for number in ("4", "2"):  # whose task takes YAML too, but the starter is Python
        assert main(["new", "chapter", number, "other.yaml"]) == 2
    assert not Path("other.yaml").exists()
    assert "ends in .py" in capsys.readouterr().err


def test_a_chapter_fits_a_terminal_of_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    from reports.course.chapter import chapters

    for one in chapters():
        for more in ([], ["--hint"], ["--answer"]):
            assert main(["learn", str(one.number), *more]) == 0
            for line in capsys.readouterr().out.splitlines():
                if line.startswith("    "):  # what is typed or printed stays as it is
                    assert len(line) <= 4 + 100, line
                else:
                    assert len(line) <= 80 or line.startswith("`"), line


def test_a_terminal_that_lacks_our_signs_shows_others_in_their_place() -> None:
    command = [sys.executable, "-m", "reports.cli", "learn"]
    for encoding, star in (("cp1252", "*"), ("utf-8", "★")):
        environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
        told = subprocess.run(command, capture_output=True, check=True, env=environment)
        assert f" 4 {star} " in told.stdout.decode(encoding)
