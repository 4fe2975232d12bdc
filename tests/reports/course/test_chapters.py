"""Every chapter keeps its word: its solution passes, what is naive fails, what it says is so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from reports.course.chapter import Chapter, chapters
from reports.course.claims import FAIL, PASS, Judged
from reports.course.marking import Mark, judge, mark
from reports.course.playing import Stage
from reports.course.sentences import same
from reports.intervals import ALPHA
from tests.docs.block import blocks
from tests.docs.playing import Reader

FEW, OFTEN = range(6), 0.27
"""Six years in which something holds tell a share of 80 % if one may err so often; the many
years of the deep test err in one of twenty."""
FRESH = range(10_000, 10_200)
COURSE = [pytest.param(one, id=one.name) for one in chapters()]


def marked(chapter: Chapter, kind: str, seeds: Sequence[int], alpha: float) -> Mark:
    return mark(chapter, str(chapter.file(kind)), seeds=seeds, workers=1, alpha=alpha)


def claimed(chapter: Chapter, seeds: Sequence[int], alpha: float) -> list[Judged]:
    stage = Stage(chapter.claimed.shown.plan(chapter.place), workers=1)
    stage.play(seeds)
    assert not stage.failed
    return judge(stage.plan, stage, alpha=alpha)


@pytest.mark.parametrize("chapter", COURSE)
def test_the_model_solution_passes_the_naive_one_fails_and_what_the_chapter_says_is_so(
    chapter: Chapter,
) -> None:
    """All in one test, so that rivals play once."""
    found = marked(chapter, "solution", FEW, OFTEN)
    assert found.verdict == PASS, found.sentence
    found = marked(chapter, "naive", FEW, OFTEN)
    assert found.verdict == FAIL, found.sentence
    for one in claimed(chapter, FEW, OFTEN):
        assert one.verdict == PASS, f"{chapter.claimed.words}: {one.words}: {one.told}"


@pytest.mark.deep
@pytest.mark.parametrize("chapter", COURSE)
def test_verdicts_hold_up_on_200_fresh_seeds(chapter: Chapter) -> None:
    assert marked(chapter, "solution", FRESH, ALPHA).verdict == PASS
    assert marked(chapter, "naive", FRESH, ALPHA).verdict == FAIL
    assert {one.verdict for one in claimed(chapter, FRESH, ALPHA)} == {PASS}


@pytest.mark.parametrize("chapter", COURSE)
def test_every_example_prints_what_the_text_says_and_every_command_works(
    chapter: Chapter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    reader = Reader(chapter.name)
    found = blocks((chapter.place / "text.md").read_text(encoding="utf-8"))
    for block in found:
        reader.play(block)
    assert any(">>>" in block.body for block in found), "an idea has an example"


@pytest.mark.parametrize("chapter", COURSE)
def test_a_starter_is_no_solution(chapter: Chapter) -> None:
    starter, solution = (chapter.file(kind).read_text("utf-8") for kind in ("starter", "solution"))
    assert "TODO" in starter
    assert not same(starter, solution, chapter.suffix)


@pytest.mark.parametrize("chapter", COURSE)
def test_a_live_figure_answers_at_both_ends_of_every_slider(chapter: Chapter) -> None:
    if chapter.live is None:
        pytest.skip("this chapter has no sliders")
    for end in ("low", "high"):
        values = {name: getattr(one, end) for name, one in chapter.live.sliders.items()}
        drawn = chapter.live.at(values)
        assert drawn.sentence
        assert all(len(line.x) == len(line.y) > 1 for line in drawn.lines)


def test_the_course_is_numbered_without_a_gap_in_its_names() -> None:
    numbers = [one.number for one in chapters()]
    assert numbers == sorted(set(numbers))
    assert len({one.name for one in chapters()}) == len(numbers)
