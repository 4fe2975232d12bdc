"""Marks one file: a verdict over many years, and the year that speaks most against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reports.course.claims import FAIL, MINE, PASS, UNKNOWN, Judged, Worst
from reports.course.exam import LOOKS
from reports.course.places import short
from reports.course.playing import MOST_WORKERS, Stage
from reports.course.sentences import Broken, nobody_answers, of_years, path_of, quietly, understood
from reports.intervals import ALPHA

if TYPE_CHECKING:
    from reports.course.chapter import Chapter
    from reports.course.exam import Plan
    from reports.course.playing import Tell

BROKEN = "broken"
_ORDER = (FAIL, UNKNOWN, PASS)


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What came of a *file*: *verdict* is pass, fail, unknown or broken, *sentence* why.

    *worst* is the year to look at, played again by the command *again*.
    """

    chapter: str
    file: str
    verdict: str
    sentence: str
    judged: tuple[Judged, ...] = ()
    seeds: tuple[int, ...] = ()
    worst: Worst | None = None
    worlds: dict[str, str] = field(default_factory=dict)
    operators: dict[str, str] = field(default_factory=dict)

    @property
    def again(self) -> str:
        """The command that plays the worst year again."""
        if self.worst is None:
            return ""
        world = short(self.worlds[self.worst.world])
        operator = short(self.operators[self.worst.operator])
        return f"driftyard run {_quoted(world)} -s {_quoted(operator)} --seed {self.worst.seed}"

    @property
    def prints(self) -> bool:
        """Whether the file prints anything: what it prints is not shown while it is marked."""
        path = path_of(self.file)
        return path.suffix == ".py" and "print(" in path.read_text(encoding="utf-8")

    @property
    def document(self) -> dict[str, Any]:
        """The same as plain data."""
        worst = self.worst and {
            "world": self.worlds[self.worst.world],
            "strategy": self.operators[self.worst.operator],
            "seed": self.worst.seed,
            "again": self.again,
        }
        return {
            "chapter": self.chapter,
            "file": self.file,
            "verdict": self.verdict,
            "sentence": self.sentence,
            "claims": [
                {"claim": one.words, "verdict": one.verdict, "told": one.told, "more": one.more}
                for one in self.judged
            ],
            "seeds": len(self.seeds),
            "worst": worst,
        }


def mark(
    chapter: Chapter,
    file: str,
    *,
    seeds: Sequence[int] = (),
    workers: int = MOST_WORKERS,
    alpha: float = ALPHA,
    tell: Tell | None = None,
) -> Mark:
    """Mark *file*: over *seeds*, or over as many as it takes within the looks that are allowed.

    At most so many *workers* play; a verdict errs with *alpha* at most.
    """
    try:
        with understood(chapter, file), nobody_answers():
            with quietly():
                plan = chapter.exam.plan(file, chapter.place)
            stage = Stage(plan, workers, tell)
            judged, played = examined(stage, [seeds] if seeds else looks(), file, alpha)
    except Broken as broken:
        return Mark(chapter=chapter.name, file=file, verdict=BROKEN, sentence=str(broken))
    verdict = next(v for v in _ORDER if v in {one.verdict for one in judged})
    return Mark(
        chapter=chapter.name,
        file=file,
        verdict=verdict,
        sentence=_sentence(verdict, judged, len(played)) + _idle(verdict, file, stage),
        judged=tuple(judged),
        seeds=tuple(played),
        worst=_worst(verdict, judged),
        worlds=plan.worlds,
        operators=plan.operators,
    )


def looks() -> list[range]:
    """Return the seeds of each look: what is unknown after one is looked at again with more."""
    return [range(seeds) for seeds in LOOKS]


def examined(
    stage: Stage, over: Sequence[Sequence[int]], file: str, alpha: float
) -> tuple[list[Judged], Sequence[int]]:
    """Play look after look until the verdict is settled; the looks share what they may err."""
    plan, judged = stage.plan, list[Judged]()
    for seeds in over:
        stage.play(seeds[:1], among=len(seeds))  # what breaks, breaks in the first year
        of_years(stage, file)
        stage.play(seeds)
        of_years(stage, file)
        judged = judge(plan, stage, alpha=alpha / len(over))
        verdicts = {one.verdict for one in judged}
        if FAIL in verdicts or UNKNOWN not in verdicts:
            return judged, seeds
    return judged, over[-1]


def judge(plan: Plan, stage: Stage, *, alpha: float) -> list[Judged]:
    """Judge theory's claims and those about the years that were played."""
    years = stage.years
    told = [one for claim in plan.claims for one in claim.judge(years, alpha=alpha)]
    return [*plan.theory, *told]


def _sentence(verdict: str, judged: Sequence[Judged], seeds: int) -> str:
    if verdict == PASS:
        return f"all {len(judged)} claims hold, over {seeds} years"
    first = next(one for one in judged if one.verdict == verdict)
    if verdict == UNKNOWN:
        return f"{seeds} years do not settle this: {first.words}; {first.more or first.told}"
    return f"this does not hold: {first.words}; {first.told}"


def _idle(verdict: str, file: str, stage: Stage) -> str:
    """Say so if a policy that decides in Python never asked for anything."""
    decides = path_of(file).suffix == ".py" and stage.plan.operators.get(MINE) == file
    if verdict != FAIL or not decides:
        return ""
    years = [year for (_, who), some in stage.years.items() if who == MINE for year in some]
    counted = ("trainings", "releases", "rollbacks", "pages", "fallbacks", "fallback_s")
    if any(year.run[name] for year in years for name in counted):
        return ""
    return "; your policy asked for nothing in any year: yield its actions"


def _worst(verdict: str, judged: Sequence[Judged]) -> Worst | None:
    """Return the worst year of what failed, or is unknown, or else of the first claim."""
    some = [one for one in judged if one.verdict == verdict and one.worst]
    mine = [one for one in some if one.worst and MINE in (one.worst.operator, one.worst.world)]
    return next((one.worst for one in (*mine, *some)), None)


def _quoted(text: str) -> str:
    """Quote a text so that every shell takes it as one word, that of Windows too."""
    if all(sign.isalnum() or sign in "-_./:\\" for sign in text):
        return text
    return '"' + text.replace('"', "'") + '"'
