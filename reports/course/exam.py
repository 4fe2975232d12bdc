"""Kinds of exam: what the learner's file holds, who plays what with it, and what is claimed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from reports.course.claims import MINE, Claim, Judged

if TYPE_CHECKING:
    from pathlib import Path

LOOKS = (20, 40, 80)
"""Seeds of an exam; after the first and the second look more are played if it is unknown."""
MOST_RECORDS = 200_000


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is played: *worlds* and *operators*, by the names that claims use, as texts.

    *theory* was judged already, without playing anything.
    """

    worlds: dict[str, str]
    operators: dict[str, str]
    claims: tuple[Claim, ...]
    theory: tuple[Judged, ...] = ()

    @property
    def pairs(self) -> set[tuple[str, str]]:
        """The worlds and operators that some claim is about; nobody else has to play."""
        return set().union(*(claim.reads(list(self.worlds)) for claim in self.claims))


class Exam(Protocol):
    """A kind of exam."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """What the names of its files may end in, the usual one first."""

    @property
    def wants(self) -> str:
        """What must be in the file, as a teacher says it."""

    def plan(self, file: str, place: Path) -> Plan:
        """Return what is played of a learner's *file*; the chapter's own files lie in *place*."""


@dataclass(frozen=True, kw_only=True)
class Played:
    """Worlds, operators and claims that need nothing of a learner: what a chapter says itself."""

    worlds: tuple[str, ...]
    operators: tuple[str, ...]
    claims: tuple[Claim, ...]

    def plan(self, place: Path) -> Plan:
        """Return what is played."""
        return Plan(
            worlds=_found(self.worlds, place),
            operators=_found(self.operators, place),
            claims=self.claims,
        )


@dataclass(frozen=True, kw_only=True)
class PolicyTask:
    """The learner's strategy plays *worlds*, beside *rivals*, and *claims* are judged.

    Worlds and rivals are texts as for `driftyard run`; a file's name is one in the chapter's
    folder.
    """

    worlds: tuple[str, ...]
    claims: tuple[Claim, ...]
    rivals: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = (".py", ".yaml", ".yml")
    wants: str = "a class with `def decide(self, view)` that yields actions"

    def plan(self, file: str, place: Path) -> Plan:
        """Let the strategy in *file* play beside its rivals."""
        from reports import names

        names.strategy(file)
        operators = {MINE: file, **_found(self.rivals, place)}
        return Plan(worlds=_found(self.worlds, place), operators=operators, claims=self.claims)


@dataclass(frozen=True, kw_only=True)
class ScenarioTask:
    """*operators* play the learner's scenario, and *claims* are judged: `of` names an operator."""

    operators: tuple[str, ...]
    claims: tuple[Claim, ...]
    worlds: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = (".yaml", ".yml", ".py")
    wants: str = "a scenario: a few lines such as `extends: calm-year` and `faults:`"

    def plan(self, file: str, place: Path) -> Plan:
        """Let the operators play the scenario in *file*."""
        from reports import names
        from reports.expressions import parse
        from sim.clock import DAY_US, rate, us
        from sim.errors import Mistake, refuse

        if names.is_policies(parse(file, "scenario")):
            raise Mistake(f"{file} holds a policy: this chapter wants {self.wants}")
        scenario = names.scenario(file).value
        days = us(scenario.horizon) / DAY_US
        records = float(rate(scenario.stream.traffic.rate)) * DAY_US * days
        if records > MOST_RECORDS:
            remedy = f"an exam's year has {MOST_RECORDS:,} at most: lower rate or horizon"
            refuse("requests of your year", round(records), remedy)
        worlds = {MINE: file, **_found(self.worlds, place)}
        return Plan(worlds=worlds, operators=_found(self.operators, place), claims=self.claims)


@dataclass(frozen=True, kw_only=True)
class AnswerTask:
    """The learner's file says `answer = …`: *reads* takes it, theory and simulation judge it.

    *theory* judges the answer at once. *plays* makes of it the text of a policy, which then plays
    *worlds* beside *rivals*, and *claims* are judged; without it the rivals play alone.
    """

    reads: Callable[[Any], Any]
    theory: Callable[[Any], Judged]
    worlds: tuple[str, ...]
    claims: tuple[Claim, ...]
    rivals: tuple[str, ...] = ()
    plays: Callable[[Any], str] | None = None
    suffixes: tuple[str, ...] = (".py",)
    wants: str = 'a line such as `answer = "3d"`'

    def plan(self, file: str, place: Path) -> Plan:
        """Hold the answer against theory, and let it play."""
        answer = self.reads(_answer(file))
        mine = {MINE: self.plays(answer)} if self.plays else {}
        return Plan(
            worlds=_found(self.worlds, place),
            operators={**mine, **_found(self.rivals, place)},
            claims=self.claims,
            theory=(self.theory(answer),),
        )


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Reads an answer that is one of some *words*."""

    words: tuple[str, ...] = field(default=())

    def __call__(self, answer: Any) -> str:
        """Return it, or say what there is to choose from."""
        from sim.errors import one_of

        return one_of("answer", str(answer).strip().lower(), self.words)


def days(answer: Any) -> float:
    """Read an answer that is a time: "3d", or a number of days.

    >>> days("36h"), days(3)
    (1.5, 3.0)
    """
    from sim.clock import DAY_US, us
    from sim.errors import refuse

    if isinstance(answer, bool) or not isinstance(answer, str | int | float):
        refuse("answer", answer, 'give a time such as "3d"')
    found = us(answer, "answer") / DAY_US if isinstance(answer, str) else float(answer)
    if not 0 < found < 3_650:
        refuse("answer", answer, 'give a time such as "3d", longer than nothing')
    return found


def number(answer: Any) -> float:
    """Read an answer that is a number."""
    from sim.errors import within

    return float(within("answer", answer, float("-inf"), float("inf")))


def near(answer: float, exact: float, *, within: float, words: str, unit: str = "") -> Judged:
    """Judge an *answer* against what theory says, which may be missed by a share *within*."""
    verdict = "pass" if abs(answer - exact) <= within * abs(exact) else "fail"
    plain = f"{answer:.3g}" if abs(answer) < 1000 else f"{answer:,.0f}"
    told = f"your answer is {plain}{unit}"
    if verdict == "pass":
        told += f", theory says {exact:.3g}{unit}"
    else:
        told += f": too {'small' if answer < exact else 'large'}"
    return Judged(words=words, verdict=verdict, told=told)


def _answer(file: str) -> Any:
    from reports.plugins import load
    from sim.errors import Mistake

    module, _ = load(file)
    if not hasattr(module, "answer"):
        raise Mistake(f"{file} says no answer")
    return module.answer


def _found(texts: tuple[str, ...], place: Path) -> dict[str, str]:
    """Return texts by themselves; a file of the chapter with its place."""
    return {text: str(place / text) if _is_file(text) else text for text in texts}


def _is_file(text: str) -> bool:
    return text.partition(":")[0].endswith((".py", ".yaml", ".yml"))
