"""Every block of every page is carried out, and what a page shows is what comes of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reports.cli import parser
from sim.errors import Mistake
from tests.docs.block import ROOT, Block, Command, agrees, blocks, commands, name_of, pages
from tests.docs.playing import Reader, is_one_that_could_be_typed

PAGES = [page for page in pages() if blocks(page.read_text(encoding="utf-8"))]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Carry a page out in an empty folder, with the examples of docs/ where pages name them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "100")
    Path("docs").symlink_to(ROOT / "docs", target_is_directory=True)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_block_of_a_page_does_what_the_page_says(page: Path) -> None:
    reader = Reader(name_of(page))
    for block in blocks(page.read_text(encoding="utf-8")):
        if block.brief is None:
            reader.play(block)
            continue
        at = f"{reader.where}, line {block.line}"
        for command in commands(block.body):
            is_one_that_could_be_typed(command.line, at)
        if block.brief:
            reader.type(Command(line=block.brief, told=[]), at)


LONG = [
    page
    for page in PAGES
    if any(block.brief is not None for block in blocks(page.read_text(encoding="utf-8")))
]
"""Pages with blocks that take too long for every day."""


@pytest.mark.deep
@pytest.mark.parametrize("page", LONG, ids=name_of)
def test_the_long_blocks_of_a_page_do_what_the_page_says(page: Path) -> None:
    reader = Reader(name_of(page))
    for block in blocks(page.read_text(encoding="utf-8")):
        reader.play(block)


def test_every_option_that_a_page_names_is_there() -> None:
    known = options()
    for page in pages():
        text = page.read_text(encoding="utf-8")
        for option in set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)):
            assert option in known, f"{name_of(page)}: {option}"


def options() -> set[str]:
    """Return the options of every command, and those of other programs that pages name."""
    found = {"--help", "--editable", "--user", "--base-url"}
    waiting = [parser()]
    while waiting:
        for action in waiting.pop()._actions:
            found.update(action.option_strings)
            if isinstance(action.choices, dict):
                waiting += action.choices.values()
    return found


@pytest.mark.parametrize(
    ("told", "said", "same"),
    [
        (["a", "…", "d"], ["a", "b", "c", "d"], True),
        (["a", "…"], ["a"], True),
        (["out/run-… holds it"], ["out/run-12ab holds it"], True),
        (["a", "d"], ["a", "b", "d"], False),
        (["a"], ["b"], False),
        (["1 … 3"], ["1 2", "3"], False),
    ],
)
def test_an_output_agrees_where_only_what_is_left_out_differs(
    told: list[str], said: list[str], same: bool
) -> None:
    assert agrees(told, said) is same


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("console", "$ driftyard list scenes\nsomething else\n"),
        ("console", "$ driftyard show no-such-thing\n"),
        ("sh", "driftyard run --no-such-option\n"),
        ("python", ">>> 1 + 1\n3\n"),
        ("rust", "fn main() {}\n"),
        ("yaml", "extends: weekly\nrollout: {kind: Stagged}\n"),
        ("yaml", "extends: calm-year\nwith: {no_such_field: 1}\n"),
        ("yaml", "run: driftyard run --no-such-option\n"),
        ("yaml", "a: 1\n"),
    ],
)
def test_a_page_that_tells_something_untrue_is_found_out(kind: str, body: str) -> None:
    untrue = Block(kind=kind, file="", body=body, line=1)
    with pytest.raises((AssertionError, SystemExit, Mistake)):
        Reader("a page").play(untrue)
