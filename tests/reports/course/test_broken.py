"""A file that cannot be marked gets a sentence: what should be there, what to change."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.cli import main
from reports.course.chapter import chapter
from reports.course.claims import FAIL
from reports.course.marking import BROKEN, mark

HEAD = "from sim.actions import Promote, Retrain\n\n\nclass Mine:\n    heartbeat = '1d'\n\n"
DECIDE = HEAD + "    def decide(self, view):\n        "


def said(path: Path | str) -> str:
    found = mark(chapter("first-drift"), str(path), seeds=(0,), workers=1)
    assert found.verdict == BROKEN
    assert "\n" not in found.sentence
    assert "Traceback" not in found.sentence
    return found.sentence


@pytest.mark.parametrize(
    ("source", "sentences"),
    [
        (DECIDE + "yield Retrian(window='14d')\n", ("line 8 of my.py", "did you mean Retrain?")),
        (DECIDE + "yield days('7d')\n", ("line 8 of my.py", "from sim.clock import days")),
        (DECIDE + "yield Retrain(windows='14d')\n", ("line 8", "did you mean window=?")),
        (DECIDE + "yield Retrain(window='14')\n", ("write a duration",)),
        (DECIDE + "yield Promote('v99')\n", ("'v99': known are v0",)),
        (DECIDE + "yield Promote()\n", ("line 8", "write Promote(view.candidate, why=")),
        (DECIDE + "yield Retrain(window=sqrt(4))\n", ("from math import sqrt",)),
        (DECIDE + "if 1:\n\t\tyield 1\n", ("line 9", "four spaces a step, no tabs")),
        ("name = input('?')\n", ("line 1", "take the input() out")),
        ("extends: weekly\ncandidates: 3\n", ("holds YAML: call it my.yaml",)),
        (DECIDE + "yield 'retrain'\n", ("'retrain', which is no action",)),
        (DECIDE + "return 3\n", ("decide yields actions, or returns a list",)),
        (DECIDE + "if view.since_build > '7d': yield 1\n", ("line 8", 'days("7d") makes a number')),
        (DECIDE + "if view.sinse_build > 7: yield 1\n", ("did you mean view.since_build?",)),
        (DECIDE + "if self.every: yield 1\n", ("write every into the class",)),
        (DECIDE + "while True: yield Retrain(window='14d')\n", ("an endless loop of yields?",)),
        (DECIDE + "raise SystemExit\n", ("line 8", "take the exit out")),
        (HEAD + "    def decide(self):\n        return []\n", ("def decide(self, view)",)),
        ("import sys\nsys.exit(3)\n", ("line 2", "take the exit out")),
        ("class Mine\n    pass\n", ("my.py, line 1", "a bracket, a colon, a quote?")),
        ("import nosuchthing\n", ("line 1", "is nosuchthing spelt right?")),
        ("def decide(view):\n    return []\n", ("should hold a class with `def decide",)),
        ("# only a remark\n", ("should hold a class with `def decide",)),
        ("", ("is empty", "driftyard new chapter 2")),
        (
            DECIDE.replace("Mine", "A") + "return []\n\n\nclass B(A):\n    pass\n",
            ("A, B: say which",),
        ),
    ],
)
def test_a_broken_file_gets_a_teachers_sentence(
    source: str, sentences: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "my.py"
    path.write_text(source, encoding="utf-8")
    told = said(path)
    for sentence in sentences:
        assert sentence in told
    assert str(tmp_path) not in told


FROZEN = """
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Mine:
    heartbeat: str = "1d"

    def decide(self, view):
        self.seen = 1
        yield from ()
"""


def test_a_policy_that_wants_to_remember_is_told_where_to_look(tmp_path: Path) -> None:
    (tmp_path / "my.py").write_text(FROZEN, encoding="utf-8")
    assert "what happened is in the view" in said(tmp_path / "my.py")


@pytest.mark.parametrize(
    ("number", "text", "sentence"),
    [
        ("2", "trigger:\n\tkind: Quiet\n", "my.yaml, line 2: this is no YAML"),
        ("2", DECIDE + "return []\n", "my.yaml holds Python: call it my.py"),
        ("3", DECIDE + "return []\n", "my.yaml holds Python: call it my.py"),
        ("3", "extends: weekly\n", "my.yaml holds a policy: this chapter wants a scenario"),
        ("3", "extends: gradual-drift\ndelay: 3w\n", "line 2: delay: it is a parameter of"),
    ],
)
def test_a_file_of_another_kind_and_a_line_in_the_wrong_place_are_known(
    number: str, text: str, sentence: str, tmp_path: Path
) -> None:
    path = tmp_path / "my.yaml"
    path.write_text(text, encoding="utf-8")
    found = mark(chapter(number), str(path), seeds=(0,), workers=1)
    assert found.verdict == BROKEN
    assert sentence in found.sentence


def test_a_policy_that_asks_for_nothing_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "my.py").write_text(DECIDE + "Retrain(window='14d')\n        return []\n", "utf-8")
    found = mark(chapter("first-drift"), str(tmp_path / "my.py"), seeds=range(6), workers=1)
    assert found.verdict == FAIL
    assert found.sentence.endswith("asked for nothing in any year: yield its actions")


def test_what_is_no_file_of_the_chapters_kind_is_named(tmp_path: Path) -> None:
    assert "is a folder" in said(tmp_path)
    assert "there is no file" in said(tmp_path / "my.py")
    (tmp_path / "my.txt").write_text("words", encoding="utf-8")
    assert "is no .py or .yaml or .yml file" in said(tmp_path / "my.txt")
    (tmp_path / "my.py").write_bytes(b"\xff\xfe\x00")
    assert "save it as UTF-8" in said(tmp_path / "my.py")


def test_the_starter_as_it_was_is_known_whatever_the_comments(tmp_path: Path) -> None:
    starter = chapter("first-drift").file("starter").read_text(encoding="utf-8")
    (tmp_path / "my.py").write_text(starter.replace("# TODO", "# done") + "\n\n", encoding="utf-8")
    assert "is the starter as it was" in said(tmp_path / "my.py")


def test_a_loop_without_an_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.course.sentences.LOADS_WITHIN_S", 0.5)
    path = tmp_path / "my.py"
    path.write_text("while True:\n    pass\n", encoding="utf-8")
    assert "endless loop" in said(path)


def test_what_a_file_prints_is_not_heard_and_the_exit_code_is_that_of_a_mistake(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "my.py"
    path.write_text("print('from the file')\n" + DECIDE + "print('x')\n        yield 1\n", "utf-8")
    code = main(["learn", "2", "--solution", str(path), "--seeds", "1", "--progress", "kept.json"])
    heard = capfd.readouterr()
    assert code == 2
    assert heard.out == ""
    assert heard.err.startswith("driftyard: my.py: decide gave 1, which is no action")
    assert heard.err.count("\n") == 1
    assert not Path("kept.json").exists(), "what was not marked is no result"
