"""The course on a terminal of 80 columns."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from reports.course.text import WIDTH, plain

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from reports.course.chapter import Chapter
    from reports.course.marking import Mark

STAR, DONE = "★", "✓"
GAP = " " * 8


def listed(chapters: Sequence[Chapter], passed: Collection[str], kept: str) -> str:
    """Write the list: what there is, what is done, and what comes next."""
    lines = ["driftyard learn: the course that runs", ""]
    for one in chapters:
        star = STAR if one.core else " "
        done = DONE if one.name in passed else " "
        lines.append(f"{one.number:3d} {star} {done} {one.name:21} {one.title} {one.minutes}m")
    core = [one for one in chapters if one.core]
    done_core = sum(one.name in passed for one in core)
    lines += ["", f"{STAR} the core: {done_core} of {len(core)} done; all: "
              f"{sum(one.name in passed for one in chapters)} of {len(chapters)}"]  # fmt: skip
    following = next_one(chapters, passed)
    if following:
        lines += [f"Next: driftyard learn {following.number}"]
    lines += ["Progress is kept in the file below; driftyard learn --reset forgets it", kept]
    return "\n".join(lines)


def next_one(chapters: Sequence[Chapter], passed: Collection[str]) -> Chapter | None:
    """Return the first chapter that is not done, those of the core first."""
    left = [one for one in chapters if one.name not in passed]
    return next((one for one in left if one.core), next(iter(left), None))


def told(chapter: Chapter) -> str:
    """Write a chapter: story, idea, task, and what to type."""
    text = chapter.text
    star = f"   {STAR} core" if chapter.core else ""
    lines = [f"{chapter.number}. {text.title}   ({chapter.minutes} min){star}", ""]
    for name, words in (("Story", text.story), ("Idea", text.idea), ("Task", text.task)):
        lines += [f"-- {name} " + "-" * (WIDTH - len(name) - 4), "", *plain(words), ""]
    file = starter_name(chapter)
    number = chapter.number
    typed = (
        (f"driftyard new chapter {number}", f"writes {file}"),
        (f"driftyard learn {number} --solution {file}", "says pass, fail or unknown"),
        (f"driftyard learn {number} --hint", "if you are stuck"),
        (f"driftyard learn {number} --answer", "a solution, discussed"),
    )
    lines += ["-- What to type " + "-" * (WIDTH - 16), ""]
    lines += [f"    {command:44} {does}" for command, does in typed]
    return "\n".join(lines)


def hinted(chapter: Chapter) -> str:
    """Write the hint."""
    return "\n".join(plain(chapter.text.hint))


def answered(chapter: Chapter) -> str:
    """Write the model solution and its discussion."""
    source = chapter.file("solution").read_text(encoding="utf-8").rstrip()
    code = [f"    {line}".rstrip() for line in source.splitlines()]
    return "\n".join([*code, "", *plain(chapter.text.solution)])


def starter_name(chapter: Chapter) -> str:
    """Return what the learner's file is called if nobody says otherwise."""
    return f"chapter{chapter.number:02d}{chapter.suffix}"


def _wrapped(words: str, first: str = "") -> list[str]:
    return wrap(
        words,
        WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_on_hyphens=False,
    )


def marked(mark: Mark, *, figure: str = "") -> str:
    """Write a verdict, claim by claim, and the year to look at."""
    lines: list[str] = []
    for one in mark.judged:
        for first, words in ((f"{one.verdict:8}", one.words), (GAP, one.told), (GAP, one.more)):
            lines += _wrapped(words, first)
    lines += ["", *_wrapped(f"{mark.verdict.upper()}: {mark.sentence}")]
    if mark.worst is not None:
        kind = "hardest" if mark.verdict == "pass" else "worst"
        lines += ["", f"The {kind} of these years is that of seed {mark.worst.seed}:"]
        lines += [f"    {mark.again}"]
        if mark.prints:
            lines += ["(what your file prints is shown there, not while it is marked)"]
    if figure:
        lines += [f"Its figure: {figure}"]
    return "\n".join(lines)
